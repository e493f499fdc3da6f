import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { QueueView } from '../../src/core/queue/queue-view'
import { generateKeyPair } from '../harness/openssh-server'
import { confirmByKeyboard, confirmWindows, questionTitled, trustHostKey } from '../harness/app/questions'
import { accountIdOf, actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/scene'
import { createSkippableTime } from '../harness/app/skip-time'
import { waitUntil } from '../harness/app/wait-until'

/*
 * Five jobs over two idle pods, by keyboard: by suggestion and by auto-schedule. The pods are simulated, and run the jobs.
 * These tests share an app, in this order.
 */

const POLL_MS = 20 * SECOND_MS
const time = createSkippableTime(0)
let scene: Scene
let page: Page
let results: string

beforeAll(async () => {
  const session = process.env['PODKEEPER_SESSION'] ?? tmpdir()
  const home = await mkdtemp(join(session, 'home-'))
  results = await mkdtemp(join(session, 'results-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  const quiet = {
    mode: 'idle',
    persistent: { sizeGb: 20, path: '/workspace' },
    stoppingS: 1,
    stalePortsS: 0,
  } as const
  scene = await openScene({
    now: time.nowMs,
    pods: [
      { id: 'a', name: 'alpha', ...quiet },
      { id: 'b', name: 'beta', ...quiet },
    ],
    ssh: 'any-key',
    settings: { idleAlertAfterMin: 5, pollActiveS: 20, pollIdleS: 20 },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  await time.install(scene.running.app)
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  page.setDefaultTimeout(10_000)
  await page.setViewportSize({ width: 1_180, height: 820 })
  for (const name of ['alpha', 'beta']) {
    await page.getByRole('navigation').getByRole('button', { name: 'Pods' }).press('Enter')
    await card(page, name)
      .getByRole('button', { name: `Terminal on ${name}` })
      .press('Enter')
    await trustHostKey(scene.running)
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    await waitUntil('a shell', async () =>
      (await page.locator('.xterm-rows').allTextContents()).some((text) => text.includes(name)),
    )
  }
  await page.getByRole('navigation').getByRole('button', { name: 'Queue' }).press('Enter')
})
afterAll(() => scene?.close())

const queue = () => page.evaluate<QueueView>('window.app.snapshot().then(({ value }) => value.queue)')
const jobNamed = async (name: string) => (await queue()).jobs.find(({ spec }) => spec.name === name)
const stateOf = async (name: string) => (await jobNamed(name))?.state
const row = (name: string) =>
  page.locator('tr[data-job]').filter({ has: page.getByText(name, { exact: true }) })

/** Lets time pass, poll by poll, until something is so. */
async function pass(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitUntil(what, async () => {
    if (await isSo()) return true
    await time.skip(scene.running.app, POLL_MS)
    return isSo()
  })
}

interface NewJob {
  readonly name: string
  readonly command: string
  readonly results?: string
  readonly stops?: true
}

/** Adds a job with the form, which the app's own window confirms. */
async function addJob({ name, command, results: globs, stops }: NewJob): Promise<void> {
  await page.locator('main').focus()
  await page.keyboard.press('n')
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).waitFor()
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.type(command)
  if (stops === true) {
    const after = page.getByRole('button', { name: /After it passed/ })
    await after.press('Enter')
    await page.getByRole('option', { name: 'Stop the pod' }).press('Enter')
  }
  if (globs !== undefined) {
    await page.getByLabel('Results to fetch').focus()
    await page.keyboard.type(globs)
  }
  await page.keyboard.press('Control+Enter')
  const question = await questionTitled(scene.running, `Add the job ${name}?`)
  expect(await question.locator('pre').textContent()).toBe(command)
  await confirmByKeyboard(question, 'Add job')
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  await row(name).waitFor()
}

test('a job is added by keyboard once the app’s own window showed its whole command', async () => {
  await addJob({ name: 'planck-1', command: 'echo done > out.txt; sleep 1', results: 'out.txt' })
  await addJob({ name: 'planck-2', command: 'echo CUDA out of memory; sleep 1; exit 3' })
  await addJob({ name: 'planck-3', command: 'sleep 1', stops: true })
  await addJob({ name: 'planck-4', command: 'sleep 1' })
  await addJob({ name: 'planck-5', command: 'sleep 1' })
  expect((await queue()).jobs.map(({ spec }) => spec.name)).toEqual([
    'planck-1',
    'planck-2',
    'planck-3',
    'planck-4',
    'planck-5',
  ])
  await screenshot(page, 'queue/flow-waiting')
})

test('an idle pod is suggested, and R runs another job on the other one', async () => {
  await pass('a suggestion', async () => (await page.getByText(/has been idle for/).count()) > 0)
  await screenshot(page, 'queue/flow-suggestion')
  await page.getByRole('button', { name: 'Run it there' }).press('Enter')
  await pass('planck-1 to run', async () => (await stateOf('planck-1')) !== 'queued')
  await row('planck-2').focus()
  await page.keyboard.press('r')
  await pass('planck-2 to end', async () => (await stateOf('planck-2')) === 'failed')
  await pass('planck-1 to end', async () => (await stateOf('planck-1')) === 'passed')
  await screenshot(page, 'queue/flow-ended')
})
void actionsSent
void readFile
void readdir
void accountIdOf
void MINUTE_MS
