import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { parsePodKey, type PodKey } from '../../src/core/pods/pod'
import type { JobSpec } from '../../src/core/queue/jobs/job-spec'
import type { QueueView } from '../../src/core/queue/queue-view'
import type { PodView, Snapshot } from '../../src/core/view/snapshot'
import {
  confirmByKeyboard,
  confirmWindows,
  declineByKeyboard,
  questionTitled,
} from '../harness/app/act/questions'
import { addQueueJob, look, requestQueueJob, type TypedJob } from '../harness/app/act/queue-form'
import { openQueueScene } from '../harness/app/start/queue-scene'
import { queueStates } from '../harness/app/states/queue-states'
import { actionsSent, arePicturesDrawn, card, type Scene, screenshot } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { createSkippableTime } from '../harness/app/act/skip-time'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Five jobs over two idle pods, by keyboard: by suggestion and by auto-schedule. The pods are simulated, and run the
 * jobs. These tests share an app, in this order. How the page itself behaves is tested in
 * `test/browser/queue-page.test.ts`.
 */

const POLL_MS = 20 * SECOND_MS
const time = createSkippableTime(0)
let scene: Scene
let page: Page
let results: string
let skippedKey: PodKey | undefined

beforeAll(async () => {
  ;({ scene, page, results } = await openQueueScene(time))
})
afterAll(() => scene?.close())

const queue = () => page.evaluate<QueueView>('window.app.snapshot().then(({ value }) => value.queue)')
const jobNamed = async (name: string) => (await queue()).jobs.find(({ spec }) => spec.name === name)
const stateOf = async (name: string) => (await jobNamed(name))?.state
const IS_STARTING =
  'window.app.snapshot().then(({ value }) => value.queue.jobs.some(({ isStarting }) => isStarting))'
const names = async () => (await queue()).jobs.map(({ spec }) => spec.name)
const row = (name: string) =>
  page.locator('tr[data-job]').filter({ has: page.getByText(name, { exact: true }) })

/**
 * Lets time pass, poll by poll, until something is so. Time limits of SSH are skipped with it, so none is skipped while
 * a job is being started or a pod is asked.
 */
async function pass(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitUntil(what, async () => {
    if (await isSo()) return true
    const isAsking = scene.runpod.sshConnectionCount() > 0
    if (!isAsking && !(await page.evaluate<boolean>(IS_STARTING))) await time.skip(scene.running.app, POLL_MS)
    return false
  })
}

const starts = () => page.getByRole('list', { name: 'Job starts' }).getByRole('listitem')

const isFocusInPage = () =>
  page.evaluate<boolean>("document.querySelector('main').contains(document.activeElement)")

const typeJob = (job: TypedJob) => addQueueJob(scene.running, page, job)
const addJob = (job: Partial<JobSpec>) => requestQueueJob(scene.running, page, job)

/** Longer than a test looks at the job while it runs, and over once time was skipped a few times. */
const LONG = 'sleep 120'

test('a job is added by keyboard once the app’s own window showed its whole command', async () => {
  await typeJob({ name: 'planck-1', command: `echo done > out.txt; ${LONG}`, results: 'out.txt' })
  await addJob({
    name: 'planck-2',
    command: `echo CUDA out of memory; ${LONG}; exit 3`,
  })
  await addJob({ name: 'planck-3', command: 'sleep 1', afterSuccess: 'stop' })
  await addJob({ name: 'planck-4', command: 'sleep 1' })
  await addJob({ name: 'planck-5', command: 'sleep 1' })
  expect(await names()).toEqual(['planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5'])
  await screenshot(page, 'queue/flow-waiting')
})

const request = (call: string) => page.evaluate(`window.app.${call}`)
test('an idle pod is suggested, and R runs another job on the other one', async () => {
  await pass('a suggestion', async () => (await page.getByText(/has been idle for/).count()) > 0)
  await screenshot(page, 'queue/flow-suggestion')
  await page.getByRole('button', { name: 'Run job' }).press('Enter')
  await expect.poll(() => stateOf('planck-1')).toBe('running')
  await expect.poll(isFocusInPage, { message: 'the button is gone' }).toBe(true)
  await row('planck-2').focus()
  await page.keyboard.press('r')
  await expect.poll(() => stateOf('planck-2')).toBe('running')
  await page.getByText('CUDA out of memory').waitFor()
  await screenshot(page, 'queue/flow-running')
  await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).press('Enter')
  await card(page, 'alpha')
    .getByText(/^Running planck-/)
    .waitFor()
  await card(page, 'beta')
    .getByText(/^Running planck-/)
    .waitFor()
  await page.getByRole('navigation').getByRole('button', { name: 'Queue' }).press('Enter')
  await pass('planck-1 to end', async () => (await stateOf('planck-1')) === 'passed')
  await pass('planck-2 to end', async () => (await stateOf('planck-2')) === 'failed')
})

test('a job that failed shows why, and waits again once it is retried', async () => {
  await row('planck-2').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Log of planck-2' }).getByText('CUDA out of memory').waitFor()
  await screenshot(page, 'queue/flow-failed')
  // A larger GPU: nothing is added before the form is sent.
  const larger = page.getByRole('button', { name: 'Retry on a larger GPU…: planck-2' })
  const jobs = async () => await page.locator('[data-job]').count()
  const before = await jobs()
  await larger.press('Enter')
  await page.getByRole('heading', { name: 'Retry planck-2 on a larger GPU' }).waitFor()
  await screenshot(page, 'queue/flow-larger')
  await page.getByRole('button', { name: 'Cancel', exact: true }).press('Enter')
  expect(await jobs()).toBe(before)
  await page.getByRole('button', { name: 'Retry planck-2' }).press('Enter')
  await expect.poll(() => stateOf('planck-2')).toBe('queued')
})

test('results are fetched into the folder that the system’s dialog names', async () => {
  await scene.running.app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = async () => ({
      canceled: false,
      filePaths: [folder],
    })
  }, results)
  await row('planck-1').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Fetch results…' }).press('Enter')
  await page.getByText(/^1 file fetched into/).waitFor()
  const [folder = ''] = await readdir(results)
  expect(await readFile(join(results, folder, 'out.txt'), 'utf8')).toBe('done\n')
})

test('auto-schedule is confirmed by the app’s own window, and a start can be skipped with Z', async () => {
  await page.getByRole('button', { name: 'Auto-schedule: Off' }).press('Enter')
  await screenshot(page, 'queue/flow-schedule')
  await page.getByRole('menuitemcheckbox', { name: 'Runpod' }).press('Enter')
  const question = await questionTitled(scene.running, 'Turn on auto-schedule?')
  await screenshot(question, 'queue/flow-schedule-question')
  await confirmByKeyboard(question, 'Turn on')
  const menu = page.getByRole('button', { name: 'Auto-schedule: On' })
  await menu.press('Enter')
  await page.getByRole('menuitemcheckbox', { name: 'Pause the queue' }).press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Resume' }).press('Enter')
  await menu.waitFor()
  await expect.poll(isFocusInPage, { message: 'the button is gone' }).toBe(true)
  await pass('a countdown', async () => (await starts().count()) > 0)
  await screenshot(page, 'queue/flow-countdown')
  const [skipped] = (await queue()).countdowns
  await page.locator('main').focus()
  await page.keyboard.press('z')
  await page.getByText(/^Start skipped\. No job starts on/).waitFor()
  await expect
    .poll(async () => (await queue()).countdowns.some(({ podKey }) => podKey === skipped?.podKey))
    .toBe(false)
  skippedKey = skipped?.podKey
})

test('the other pod takes the jobs in order, and is stopped after the one that asked for it', async () => {
  await pass('another countdown', async () => (await starts().count()) > 0)
  await starts().first().getByRole('button').focus()
  await pass('its start', async () => (await starts().count()) === 0)
  await expect.poll(isFocusInPage, { message: 'the button is gone' }).toBe(true)
  await pass('the stop', async () => actionsSent(scene).length > 0)
  const stopping = await jobNamed('planck-3')
  expect(stopping).toMatchObject({ state: 'passed' })
  expect(stopping?.run?.podKey).not.toBe(skippedKey)
  expect(actionsSent(scene)).toEqual([`stop ${stopping?.run?.podKey.split('/')[1]}`])
})

test('nothing starts where a start was skipped, until a person runs a job there', async () => {
  // A start would be due after 5 min and a countdown of 1 min.
  await pass('seven minutes', async () => (await idleMinutes()) >= 7)
  expect([await stateOf('planck-4'), await stateOf('planck-5')]).toEqual(['queued', 'queued'])
  await row('planck-4').focus()
  await page.keyboard.press('r')
  await pass('planck-4 to end', async () => (await stateOf('planck-4')) === 'passed')
  // It has been idle anew since, so the others start there.
  await pass('planck-5 to end', async () => (await stateOf('planck-5')) === 'passed')
  expect(await stateOf('planck-2')).toBe('failed')
  expect((await jobNamed('planck-5'))?.run?.podKey).toBe(skippedKey)
  await screenshot(page, 'queue/flow-done')
})

const HOSTILE_FILE = `$(touch pwned); "a" & -rf ünïcode.txt`

test('the tray runs the next job, whose files come along before, whatever they are called', async () => {
  const folder = await mkdtemp(join(results, 'bring-'))
  const paths = [HOSTILE_FILE, 'train.txt'].map((name) => join(folder, name))
  for (const path of paths) await writeFile(path, `content of ${basename(path)}\n`)
  await scene.running.app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths })
  }, paths)
  await typeJob({
    name: 'bring',
    command: `ls; cat train.txt; cat '${HOSTILE_FILE}'`,
    files: paths,
  })
  await pass('a suggestion', async () => (await queue()).suggestions.length > 0)
  const tray = await TrayItem.of(scene.running)
  const entry = 'Run next job: bring'
  await waitUntil(entry, async () => JSON.stringify(await tray.menu()).includes(entry))
  await tray.choose((await jobNamed('planck-5'))?.run?.podName ?? '', entry)
  tray.disconnect()
  await pass('bring to end', async () => (await stateOf('bring')) === 'passed')
  await row('bring').focus()
  await page.keyboard.press('Enter')
  const log = page.getByRole('region', { name: 'Log of bring' })
  await log.getByText(`content of ${HOSTILE_FILE}`).waitFor()
  expect(await log.innerText()).toMatch(/train\.txt[^]*content of train\.txt/)
  expect(await log.innerText()).not.toContain('No such file')
  await screenshot(page, 'queue/flow-files')
})

test('auto-schedule of a pod is one of its rules, and on where it is on for the account', async () => {
  await page.evaluate(`window.app.openWindowAt('pods', '${skippedKey}')`)
  const name = (await jobNamed('planck-5'))?.run?.podName ?? ''
  await card(page, name)
    .getByRole('button', { name: `Actions of ${name}` })
    .press('Enter')
  await page.getByRole('menuitem', { name: 'Guard rules…' }).press('Enter')
  const rule = page.getByRole('switch', { name: 'Auto-schedule' })
  expect([await rule.isChecked(), await rule.isDisabled()]).toEqual([true, true])
  await page.getByText('On for all pods of this account.').waitFor()
  const price = page.getByRole('textbox', {
    name: 'Start it for a job, up to',
  })
  await price.fill('3')
  await price.press('Enter')
  const rules = async () => (await queue()).rules.starts
  await confirmByKeyboard(await questionTitled(scene.running, startQuestion), 'Allow')
  await expect.poll(rules).toEqual([{ podKey: skippedKey, maxPerHourUsd: 3 }])
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  // A new host key is a choice of its own, off at first, in the app's own window.
  const newKey = page.getByRole('switch', { name: 'Accept its new host key' })
  for (const isChosen of [false, true]) {
    await newKey.focus()
    await page.keyboard.press(' ')
    const question = await questionTitled(scene.running, startQuestion)
    const choice = question.getByRole('checkbox', {
      name: /^Accept the host key that the pod shows first/,
    })
    expect(await choice.isChecked()).toBe(false)
    if (isChosen) {
      await question.locator('button:focus').waitFor()
      await question.keyboard.press('Shift+Tab')
      await question.keyboard.press(' ')
      expect(await choice.isChecked()).toBe(true)
      await look(question, 'question-new-key')
      await question.keyboard.press('Tab')
    }
    await confirmByKeyboard(question, 'Allow')
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    await expect.poll(() => newKey.isChecked()).toBe(isChosen)
  }
  expect(await rules()).toEqual([{ podKey: skippedKey, maxPerHourUsd: 3, acceptsNewKey: true }])
  await screenshot(page, 'queue/rule')
  await page.keyboard.press('Escape')
})

const startQuestion = 'Let jobs start stopped pods?'

test('a stopped pod is started for a job, which runs over the host key that it shows first, for jobs alone', async () => {
  const name = (await jobNamed('planck-5'))?.run?.podName ?? ''
  const podId = parsePodKey(skippedKey!).podId
  scene.runpod.setPod(podId, { provisioningS: 1, startingS: 1 })
  await request(`act('${skippedKey}', 'stop')`)
  await pass('the pod to be stopped', async () => (await podOf(skippedKey))?.phase === 'stopped')
  await page.evaluate("window.app.openWindow('queue')")
  await addJob({ name: 'night', command: `echo by night; ${LONG}` })
  await pass('the announcement', async () => (await starts().count()) > 0)
  await starts().getByText('The host key that it shows first is accepted for its jobs.').waitFor()
  await screenshot(page, 'queue/flow-new-key-announced')
  await pass('the pod to run', async () => (await podOf(skippedKey))?.phase === 'running')
  // Its server starts in real time.
  await expect.poll(() => scene.runpod.pod(podId)['ssh']).toMatchObject({ direct: expect.anything() })
  await pass('night to run', async () => (await stateOf('night')) === 'running')
  const run = page.locator('.running-job[data-job]').filter({ hasText: 'night' })
  await run.getByText(/not verified: SHA256:/).waitFor()
  await screenshot(page, 'queue/flow-new-key')
  const fingerprint = (await jobNamed('night'))?.run?.acceptedKey?.fingerprint ?? ''
  expect(fingerprint).toMatch(/^SHA256:/)
  await page.evaluate(`window.app.openWindowAt('pods', '${skippedKey}')`)
  await card(page, name)
    .getByRole('button', { name: `Terminal on ${name}` })
    .press('Enter')
  const question = await questionTitled(scene.running, /has a new key since its restart$/)
  const asked = await question.textContent('body')
  expect(asked).toContain('The queue accepted this key for its jobs at')
  expect(asked).toContain(fingerprint)
  await look(question, 'question-accepted-key')
  await declineByKeyboard(scene.running, question)
  await pass('night to end', async () => (await stateOf('night')) === 'passed')
})

// For people; test/browser/queue-page.test.ts says what holds of them.
if (arePicturesDrawn())
  test('states that take long to reach are drawn', async () => {
    await page.evaluate("window.app.openWindow('queue')")
    await prepareForStates(scene.running.app, page)
    for (const [name, state] of Object.entries(queueStates)) {
      await showState(scene.running.app, page, { ...state, window: 'popover' })
      await page.locator('.queue-page :is(h2, .blank)').first().waitFor()
      await drawState(name)
    }
  })

async function drawState(name: string): Promise<void> {
  for (const width of [400, 1_180]) {
    await page.setViewportSize({ width, height: 820 })
    await screenshot(page, `queue/${name}-${width}`)
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, `queue/${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

async function podOf(podKey: PodKey | undefined): Promise<PodView | undefined> {
  const { pods } = await page.evaluate<Snapshot>('window.app.snapshot().then(({ value }) => value)')
  return pods.find(({ key }) => key === podKey)
}

/** Of the pod where a start was skipped. */
async function idleMinutes(): Promise<number> {
  const activity = (await podOf(skippedKey))?.activity
  return activity?.kind === 'idle' ? activity.idleForMs / MINUTE_MS : 0
}
