import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli, startCli } from '../harness/cli/cli'
import {
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import { answerQuestion, questionTitled } from '../harness/app/act/questions'
import { startServed } from '../harness/cli/served'

/*
 * Commands beside the real app, on the same data folder. The tests run in order: four over one app, which is killed in the
 * last of them, and two over the one that is started then. Each test has pods of its own.
 */

let scene: Scene
beforeAll(async () => {
  const volume = { sizeGb: 100, path: '/workspace' }
  scene = await openScene({
    pods: ['a', 'b', 'llama', 'named', 'asked', 'unsent'].map((id) => ({
      id,
      name: id,
      mode: id === 'a' ? ('idle' as const) : ('training' as const),
      persistent: volume,
      stoppingS: 0.2,
    })),
    // Polls are so rare that none could show in time what commands set.
    settings: { pollActiveS: 3_600, gapMin: 60, pollIdleS: 3_600 },
  })
  await scene.pasteKey()
  await card(scene.page, 'a').waitFor()
})
afterAll(() => scene?.close())

const change = (setting: string, value: unknown): Promise<unknown> =>
  scene.page.evaluate(`window.app.changeSetting('${setting}', ${JSON.stringify(value)})`)

const command = (...args: string[]) => ({
  args,
  runpod: scene.runpod,
  dataFolder: scene.running.dataDir,
})
const cardText = async (name: string) => (await openCard(scene.page, name)).textContent()
const configInFile = (): any => JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8'))

test('what commands set shows in the windows at once, and what the app sets stays', async () => {
  await scene.page.evaluate("window.app.openWindowAt('settings', 'undoS')")
  const window = await scene.running.mainWindow()
  await waitUntil(
    'the settings',
    async () => (await window.getByRole('textbox', { name: 'Undo time' }).count()) === 1,
  )
  expect(await runCli(command('settings', 'set', 'undoS', '21'))).toMatchObject({ code: 0 })
  await expect.poll(() => window.getByRole('textbox', { name: 'Undo time' }).inputValue()).toBe('21')
  await scene.page.evaluate("window.app.openWindowAt('settings', 'gpuRetryS')")
  const retry = window.getByRole('textbox', { name: 'First GPU retry' })
  await retry.fill('77 s')
  await retry.press('Enter')
  await expect.poll(() => configInFile().settings.gpuRetryS).toBe(77)
  expect((await runCli(command('settings', 'get', 'gpuRetryS'))).stdout).toBe('77\n')
  expect(configInFile().settings).toMatchObject({ undoS: 21, gpuRetryS: 77 })

  expect(await runCli(command('keep', 'a', '4h'))).toMatchObject({ code: 0 })
  await expect.poll(() => cardText('a')).toContain('Kept running')
  expect(await runCli(command('keep', 'a', 'off'))).toMatchObject({ code: 0 })
  await expect.poll(() => cardText('a')).not.toContain('Kept running')
  expect(await runCli(command('rules', 'b', 'set', 'maxHours=12'))).toMatchObject({ code: 0 })
  expect((await runCli(command('next'))).stdout).toMatch(/b {2}stops at its maximum hours\n/)

  // It is installed once the pod's host key was accepted.
  expect((await runCli(command('guard', 'install', 'a', '--report-only', '--yes'))).code).not.toBe(0)
  expect(await runCli(command('guard', 'new-pods', 'a'))).toMatchObject({ code: 2 })
  const shared = await runCli(command('guard', 'new-pods', 'a', '--yes'))
  expect(shared).toMatchObject({ code: 0, stdout: expect.stringContaining('New pods get one, too.') })
  const newPodGuard = () => configInFile().guards[configInFile().accounts[0].id].newPodGuard
  expect(newPodGuard()).toMatchObject({ wish: 'report' })
  expect(await runCli(command('guard', 'no-new-pods', 'a'))).toMatchObject({ code: 0 })
  expect(newPodGuard()).toBeUndefined()
})

test('a stop by a command is carried out by the app, which shows it and lets either one take it back', async () => {
  await change('undoS', 30)
  const stopping = startCli(command('stop', 'llama'))
  await stopping.waitForOutput(/Stopping llama in/)
  await expect.poll(() => scene.page.getByRole('button', { name: 'Undo: stop llama' }).count()).toBe(1)
  await screenshot(scene.page, 'cli-stop')
  stopping.child.kill('SIGINT')
  expect(await stopping.exited).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('Canceled: nothing was sent. llama is still running.'),
  })
  await expect.poll(() => scene.page.getByRole('button', { name: 'Undo: stop llama' }).count()).toBe(0)

  const again = startCli(command('stop', 'llama'))
  await again.waitForOutput(/Stopping llama in/)
  await scene.page.getByRole('button', { name: 'Undo: stop llama' }).click()
  expect((await again.exited).code).toBe(130)
  expect(actionsSent(scene)).toEqual([])

  expect(await runCli(command('stop', 'llama', '--yes'))).toMatchObject({
    code: 0,
    stdout: 'llama stopped.\n',
  })
  expect(actionsSent(scene)).toEqual(['stop llama'])
  await expect.poll(() => cardText('llama')).toContain('Stopped at')
})

test('a terminate by a command opens no window, and is sent once after the name', async () => {
  const before = actionsSent(scene)
  const windows = scene.running.app.windows().length
  expect(await runCli(command('terminate', 'named', '--confirm-name', 'nope'))).toMatchObject({ code: 1 })
  expect(await runCli(command('terminate', 'named', '--confirm-name', 'named'))).toMatchObject({ code: 0 })
  expect(actionsSent(scene)).toEqual([...before, 'terminate named'])
  expect(scene.running.app.windows().length).toBe(windows)

  // A token of the Pods API terminates nothing: the app's own window asks, and says who wants it.
  const served = await startServed({
    runpod: scene.runpod,
    folder: scene.running.dataDir,
  })
  const asked = await served.send('/pods/pod_asked/terminate', { method: 'POST' })
  expect([asked.status, asked.body.data?.confirmation.status]).toEqual([202, 'pending'])
  const question = await questionTitled(scene.running, 'Terminate asked?')
  expect(await question.textContent('body')).toContain('The API token “all” asks for this.')
  await screenshot(question, 'api-terminate')
  expect(actionsSent(scene)).toEqual([...before, 'terminate named'])
  await question.getByRole('textbox').fill('asked')
  // The click closes its window.
  await question
    .locator('footer button:not([data-disabled])', { hasText: 'Terminate asked' })
    .click()
    .catch(() => undefined)
  await expect.poll(() => actionsSent(scene)).toEqual([...before, 'terminate named', 'terminate asked'])
  const { id } = asked.body.data.confirmation
  await expect
    .poll(async () => (await served.send(`/confirmations/${id}`)).body.data?.status)
    .toBe('confirmed')
})

test('an app that quits in the middle lets the command say what was sent', async () => {
  const before = actionsSent(scene)
  const stopping = startCli(command('stop', 'unsent'))
  await stopping.waitForOutput(/Stopping unsent in/)
  await scene.running.kill9()
  const { code, stderr } = await stopping.exited
  expect(code).toBe(4)
  expect(stderr).toContain('quit or stopped responding before the stop of unsent was sent.')
  expect(actionsSent(scene)).toEqual(before)
})

test('what a watch writes shows at once in an app that only shows, and neither undoes what the other wrote', async () => {
  const watching = startCli(command('watch', '--log', 'json'))
  await watching.waitForOutput(/"event":"account"/)
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await scene.pasteKey()
  await expect.poll(() => scene.page.textContent('body')).toContain('This one only shows them')
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)

  expect(await runCli(command('keep', 'a', 'always'))).toMatchObject({ code: 0 })
  await expect.poll(() => cardText('a')).toContain('Kept running')
  await change('gpuRetryS', 78)
  expect(await runCli(command('settings', 'set', 'undoS', '22'))).toMatchObject({ code: 0 })
  await scene.page.evaluate(
    `window.app.changePodRules('${await podKeyIn(scene.page, 'b')}', { maxHours: 11 })`,
  )
  expect(await runCli(command('keep', 'b', '4h'))).toMatchObject({ code: 0 })
  const { settings, guards, accounts } = configInFile()
  const [account] = accounts
  expect(settings).toMatchObject({ undoS: 22, gpuRetryS: 78 })
  expect(guards[account.id].pods).toMatchObject({ a: { keepOn: { untilMs: null } }, b: { maxHours: 11 } })
  expect(guards[account.id].pods.b.keepOn).toBeDefined()
  expect((await runCli(command('rules', 'b', '--json'))).stdout).toContain('"maxHours": 11')

  watching.child.kill('SIGTERM')
  await expect.poll(() => scene.page.textContent('body')).not.toContain('This one only shows them')
})

test('the demo of the app does nothing for a command', async () => {
  const before = actionsSent(scene)
  const started = scene.page.evaluate('window.app.startDemo()')
  await answerQuestion(scene.running, 'Leave your account for the demo?', 'Start demo')
  await started
  await expect.poll(() => card(scene.page, 'a').count()).toBe(0)
  const refused = await runCli(command('stop', 'a', '--yes'))
  expect([refused.code, refused.stdout]).toEqual([6, ''])
  expect(refused.stderr).toContain('is showing the demo, so nothing was done.')
  expect(actionsSent(scene)).toEqual(before)
})
