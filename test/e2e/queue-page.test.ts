import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { parsePodKey, type PodKey } from '../../src/core/pods/pod'
import type { QueueView } from '../../src/core/queue/queue-view'
import type { PodView, Snapshot } from '../../src/core/view/snapshot'
import { dragRow, type Point, pointOn } from '../harness/app/act/drag-row'
import {
  confirmByKeyboard,
  confirmWindows,
  declineByKeyboard,
  questionTitled,
} from '../harness/app/act/questions'
import {
  addQueueJob,
  chooseWhileADialogIsOpen,
  draftOf,
  look,
  type TypedJob,
} from '../harness/app/act/queue-form'
import { openQueueScene } from '../harness/app/start/queue-scene'
import { queueStates } from '../harness/app/states/queue-states'
import { actionsSent, card, type Scene, screenshot } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { createSkippableTime } from '../harness/app/act/skip-time'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Five jobs over two idle pods, by keyboard: by suggestion and by auto-schedule. The pods are simulated, and run the
 * jobs. These tests share an app, in this order.
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
const names = async () => (await queue()).jobs.map(({ spec }) => spec.name)
const row = (name: string) =>
  page.locator('tr[data-job]').filter({ has: page.getByText(name, { exact: true }) })

/** In main, and in the window, which draws it a moment later: keys and the mouse move rows as they are drawn. */
async function expectOrder(...order: readonly string[]): Promise<void> {
  await expect.poll(names).toEqual(order)
  await expect.poll(() => page.locator('tr[data-job] th bdi').allTextContents()).toEqual(order)
}

/**
 * Lets time pass, poll by poll, until something is so. Time limits of SSH are skipped with it, so none is skipped while
 * a job is being started or a pod is asked.
 */
async function pass(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitUntil(what, async () => {
    if (await isSo()) return true
    const { jobs } = await queue()
    if (jobs.some(({ isStarting }) => isStarting) || scene.runpod.sshConnectionCount() > 0) return false
    await time.skip(scene.running.app, POLL_MS)
    return isSo()
  })
}

const starts = () => page.getByRole('list', { name: 'Job starts' }).getByRole('listitem')

const isFocusInPage = () =>
  page.evaluate<boolean>("document.querySelector('main').contains(document.activeElement)")

const addJob = (job: TypedJob, isFirst = false) => addQueueJob(scene.running, page, job, isFirst)

/** Longer than until a pod is first asked about a job; it is asked again 20 s later, and until then the job runs. */
const SEEN_RUNNING = 'sleep 12'

test('a job is added by keyboard once the app’s own window showed its whole command', async () => {
  await addJob(
    {
      name: 'planck-1',
      command: `echo done > out.txt; ${SEEN_RUNNING}`,
      results: 'out.txt',
    },
    true,
  )
  await addJob({
    name: 'planck-2',
    command: `echo CUDA out of memory; ${SEEN_RUNNING}; exit 3`,
  })
  await addJob({ name: 'planck-3', command: 'sleep 1', stops: true })
  await addJob({ name: 'planck-4', command: 'sleep 1' })
  await addJob({ name: 'planck-5', command: 'sleep 1' })
  expect(await names()).toEqual(['planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5'])
  await screenshot(page, 'queue/flow-waiting')
})

test('the order is changed by keyboard, and a screen reader hears it', async () => {
  await row('planck-5').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await page.getByRole('status').filter({ hasText: 'planck-5 is now 4 of 5.' }).waitFor({ state: 'attached' })
  await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-5', 'planck-4')
  expect(await page.evaluate('document.activeElement?.textContent')).toContain('planck-5')
  await page.keyboard.press('Alt+ArrowDown')
  await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5')
})

const drag = (name: string, to: Point, meanwhile?: () => Promise<void>) => dragRow(row(name), to, meanwhile)
const dragMarks = () => page.locator('.dragged, .drop-before, .drop-after').count()
const request = (call: string) => page.evaluate(`window.app.${call}`)
const idOf = async (name: string) => (await jobNamed(name))?.id ?? ''

async function setPriority(name: string, priority: string): Promise<void> {
  const draft = draftOf({ ...(await jobNamed(name))!.spec, priority })
  expect(await request(`editJob('${await idOf(name)}', ${JSON.stringify(draft)})`)).toMatchObject({
    ok: true,
  })
}

test('the order is changed by mouse, and a drop elsewhere changes nothing', async () => {
  await drag('planck-1', await pointOn(row('planck-3'), 'lower'), async () => {
    await expect.poll(dragMarks).toBe(2)
    await screenshot(page, 'queue/flow-dragging')
  })
  await expectOrder('planck-2', 'planck-3', 'planck-1', 'planck-4', 'planck-5')
  await drag('planck-1', await pointOn(row('planck-2'), 'upper'))
  await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5')
  await expect.poll(dragMarks).toBe(0)
  const tools = await page.locator('.queue-page .tools').boundingBox()
  await drag('planck-4', { x: tools!.x + 40, y: tools!.y + 10 }, async () => {
    await expect.poll(() => page.locator('.drop-before, .drop-after').count()).toBe(0)
  })
  await drag('planck-4', await pointOn(row('planck-4'), 'lower'))
  await expect
    .poll(async () => [await names(), await dragMarks()])
    .toEqual([['planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5'], 0])
})

test('a job is dropped where it is seen, although others come and go under the pointer', async () => {
  const removed = await idOf('planck-2')
  await drag('planck-5', await pointOn(row('planck-3'), 'upper'), async () => {
    await request(`changeJob('${removed}', 'remove')`)
    await row('planck-2').waitFor({ state: 'detached' })
  })
  // The pointer is on the row that moved up.
  await expectOrder('planck-1', 'planck-3', 'planck-5', 'planck-4')
  const dragged = await idOf('planck-4')
  await drag('planck-4', await pointOn(row('planck-1'), 'upper'), async () => {
    await request(`changeJob('${dragged}', 'remove')`)
    await row('planck-4').waitFor({ state: 'detached' })
  })
  expect([await names(), await dragMarks()]).toEqual([['planck-1', 'planck-3', 'planck-5'], 0])
  await request(`changeJob('${dragged}', 'restore')`)
  await request(`changeJob('${removed}', 'restore')`)
  await row('planck-2').waitFor()
  expect(await dragMarks()).toBe(0)
})

test('a dragged job takes the priority of the one that it is put before, and none is put behind a lower one', async () => {
  await setPriority('planck-4', 'high')
  await expect.poll(async () => (await names())[0]).toBe('planck-4')
  const before = await names()
  await expectOrder(...before)
  await drag('planck-4', await pointOn(row(before.at(-1)!), 'lower'))
  await page.getByText('planck-4 stays where it is: jobs of a lower priority come after it.').waitFor()
  expect(await names()).toEqual(before)
  await drag('planck-5', await pointOn(row('planck-4'), 'upper'))
  await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['planck-5', 'planck-4'])
  expect((await jobNamed('planck-5'))?.spec.priority).toBe('high')
  for (const name of ['planck-4', 'planck-5']) await setPriority(name, 'normal')
  for (const name of ['planck-4', 'planck-3', 'planck-2', 'planck-1'])
    await request(`moveJob('${await idOf(name)}', 'first')`)
  await request(`moveJob('${await idOf('planck-5')}', 'last')`)
  await expectOrder('planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5')
})

test('a removed job is brought back by its undo', async () => {
  await row('planck-4')
    .getByRole('button', { name: /^More for/ })
    .press('Enter')
  await page.getByRole('menuitem', { name: 'Remove' }).press('Enter')
  await expect.poll(names).toEqual(['planck-1', 'planck-2', 'planck-3', 'planck-5'])
  await page.getByRole('button', { name: 'Undo: planck-4 removed' }).press('Enter')
  await expect.poll(names).toEqual(['planck-1', 'planck-2', 'planck-3', 'planck-4', 'planck-5'])
})

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
  await addJob({
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

test('the form says what is wrong where it was typed, and keeps what was typed when declined', async () => {
  await page.locator('main').focus()
  await page.keyboard.press('n')
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Enter a command.').waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.getAttribute("aria-invalid")')).toBe('true')
  await page.keyboard.type('declined')
  await page.getByLabel('GPUs', { exact: true }).fill('many')
  await page.getByText('Enter a whole number from 0 to 64.').waitFor()
  await screenshot(page, 'queue/form-problems')
  await page.getByLabel('GPUs', { exact: true }).fill('0')
  await chooseWhileADialogIsOpen(scene.running, page, results)
  await page.getByLabel('Command or script').fill(`true${'\n'.repeat(40)}rm -rf x`)
  await page.getByLabel('Command or script').press('Control+Enter')
  const question = await questionTitled(scene.running, 'Add the job declined?')
  expect(await question.locator('pre').textContent()).toBe('true\n⟨39 empty lines⟩\nrm -rf x')
  await declineByKeyboard(scene.running, question)
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('declined')
  await page.keyboard.press('Escape')
  expect(await jobNamed('declined')).toBeUndefined()
})

test('auto-schedule of a pod is one of its rules, and on where it is on for the account', async () => {
  await page.evaluate(`window.app.openWindowAt('pods', '${skippedKey}')`)
  const name = (await jobNamed('planck-5'))?.run?.podName ?? ''
  await card(page, name)
    .getByRole('button', { name: `More for ${name}` })
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
  await addJob({ name: 'night', command: `echo by night; ${SEEN_RUNNING}` })
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

test('states that take long to reach fit every width, in both themes, with hostile and long names', async () => {
  await page.evaluate("window.app.openWindow('queue')")
  await prepareForStates(scene.running.app, page)
  for (const [name, state] of Object.entries(queueStates)) {
    await showState(scene.running.app, page, { ...state, window: 'popover' })
    await page.locator('.queue-page :is(h2, .blank)').first().waitFor()
    expect(await page.locator('[data-job]').count(), name).toBe(state.snapshot.queue?.jobs.length)
    for (const width of [400, 900, 1_180, 2_000]) {
      await page.setViewportSize({ width, height: 820 })
      const overflow = await page.evaluate(
        `[...document.querySelectorAll('.queue-page :is(.tools, h2, table, article)')]
          .filter((one) => one.getBoundingClientRect().right > document.querySelector('main').clientWidth + \
            document.querySelector('main').getBoundingClientRect().left + 8).map((one) => one.outerHTML)`,
      )
      expect(overflow, `${name} at ${width}`).toEqual([])
      const filters = page
        .locator('.queue-page .tools')
        .getByRole(width < 640 ? 'button' : 'radiogroup', { name: /\bShow\b/ })
      expect(await filters.isVisible(), `${name} at ${width}`).toBe(name !== 'empty')
      await screenshot(page, `queue/${name}-${width}`)
    }
    await page.setViewportSize({ width: 1_180, height: 820 })
    await look(page, name)
  }
})

async function podOf(podKey: PodKey | undefined): Promise<PodView | undefined> {
  const { pods } = await page.evaluate<Snapshot>('window.app.snapshot().then(({ value }) => value)')
  return pods.find(({ key }) => key === podKey)
}

/** Of the pod where a start was skipped. */
async function idleMinutes(): Promise<number> {
  const activity = (await podOf(skippedKey))?.activity
  return activity?.kind === 'idle' ? activity.idleForMs / MINUTE_MS : 0
}
