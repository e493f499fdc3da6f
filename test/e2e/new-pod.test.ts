import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snapshotOf } from '../harness/app/start/account-scene'
import { startKeyring } from '../harness/app/desktop/keyring'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { confirmByKeyboard, confirmWindows, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { accountIdOf, card, openPalette, openScene, type Scene } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * A pod from nothing to a prompt in the real app, by keyboard alone, and its terminals when it is rebuilt, also when the
 * app is killed meanwhile. How the form behaves is tested in `test/browser/new-pod.test.ts` and
 * `new-pod-gpus-taken.test.ts`. These tests share an app, in this order.
 */

const [A100, L40S] = ['NVIDIA A100-SXM4-80GB', 'NVIDIA L40S']
const TIME_FACTOR = 40
/** A pull of 5 minutes takes a second and a half. */
const PULL_FACTOR = 200

let endKeyring: () => Promise<void>
let scene: Scene
let window: Page

beforeAll(async () => {
  endKeyring = await startKeyring()
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    // The keys of the page of pods need one.
    pods: [{ id: 'older', name: 'older', mode: 'stopped' }],
    ssh: 'registered-keys',
    timeFactor: TIME_FACTOR,
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
    settings: { gpuRetryS: 1, gpuRetrySlowestS: 2 },
  })
  scene.runpod.conditions({ stock: { '*': 'HIGH', [L40S]: 'NONE' }, pullS: 10 })
  await scene.pasteKey()
  await openWindow()
})
afterAll(async () => {
  await scene?.close()
  await endKeyring?.()
})

async function openWindow(): Promise<void> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1180, height: 820 })
  await card(window, 'older').waitFor()
}

const creates = (): number =>
  scene.runpod.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/pods').length
const button = (name: string | RegExp) =>
  window.getByRole('button', { name, exact: typeof name === 'string' })
const rows = async (): Promise<string> =>
  (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
const dataFile = (name: string): Promise<string> => readFile(join(scene.running.dataDir, name), 'utf8')
/** How often terminal tabs were moved to a new pod. */
const moves = async (): Promise<number> =>
  (await dataFile('creates.jsonl')).split('"areTabsMoved":true').length - 1

async function create(name: string): Promise<string> {
  await button(/^Create (for|when free)/).click()
  const question = await questionTitled(scene.running, `Create ${name}?`)
  const text = (await question.textContent('main')) ?? ''
  await question
    .getByRole('button', { name: 'Create pod' })
    .click()
    .catch(() => undefined)
  await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  return text
}

/** A shell that answers. */
async function expectPrompt(word: string): Promise<void> {
  await expect
    .poll(() => window.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"))
    .toBe(true)
  await expect.poll(rows).toMatch(/[#$] *\n*$/)
  await window.keyboard.type(`echo ${word}`)
  await window.keyboard.press('Enter')
  await expect.poll(rows).toMatch(new RegExp(`\\n${word}\\n`))
}

/** The accessible name of the focused element. */
const focused = (): Promise<string> =>
  window.evaluate<string>(`(() => {
    const one = document.activeElement
    const ids = one.getAttribute('aria-labelledby')?.split(' ') ?? []
    const labels = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
    return (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? (labels || one.textContent)).trim()
  })()`)

async function tabTo(name: RegExp): Promise<void> {
  for (let step = 0; step < 120 && !name.test(await focused()); step++) await window.keyboard.press('Tab')
  expect(await focused()).toMatch(name)
}

/** As the system sends it: the debugger waits for a window that has lost the focus to the question. */
async function strikeControlEnter(): Promise<void> {
  const handle = await scene.running.app.browserWindow(window)
  await handle.evaluate((one) => {
    const { webContents } = one as Electron.BrowserWindow
    for (const type of ['keyDown', 'keyUp'] as const)
      webContents.sendInputEvent({ type, keyCode: 'Enter', modifiers: ['control'] })
  })
}

test('a pod is created by keyboard alone, with a key that is registered on the way, and has a prompt', async () => {
  await window.locator('main').focus()
  await window.keyboard.press('?')
  await window.getByText('Create a pod').waitFor()
  await window.keyboard.press('Escape')
  await window.keyboard.press('n')
  await window.getByRole('row', { name: /RTX 4090/ }).waitFor()
  await tabTo(/^Try RTX 4090$/)
  await window.keyboard.press('Space')
  await tabTo(/^Try A40$/)
  await window.keyboard.press('Enter')
  await tabTo(/^2: A40/)
  await window.keyboard.press('Alt+ArrowUp')
  await expect.poll(focused).toMatch(/^1: A40/)
  await window.keyboard.press('Alt+ArrowDown')
  await expect.poll(focused).toMatch(/^2: A40/)
  await tabTo(/^Name$/)
  await window.keyboard.type('by-keyboard')
  await tabTo(/Template$/)
  await window.keyboard.press('Enter')
  await window.getByRole('searchbox', { name: 'Find a template' }).waitFor()
  await window.keyboard.type('pytorch')
  await window.getByRole('option', { name: /^PyTorch/ }).waitFor()
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('Enter')
  await expect.poll(focused).toBe('PyTorch Template')
  await tabTo(/^Register .*id_ed25519…$/)
  await window.keyboard.press('Enter')
  await confirmByKeyboard(await questionTitled(scene.running, /^Register/), 'Register key')
  await window.getByText('For the key registered in your account.').waitFor()
  // The button is gone.
  await expect.poll(focused).toMatch(/^SSH/)
  await strikeControlEnter()
  const question = await questionTitled(scene.running, 'Create by-keyboard?')
  await confirmByKeyboard(question, 'Create pod')
  await card(window, 'by-keyboard').waitFor()
  expect(creates()).toBe(1)
  await button('Terminal on by-keyboard').waitFor()
  await waitUntil('the card to have the focus', async () => {
    await window.keyboard.press('j')
    return window.evaluate<boolean>(
      "document.activeElement?.querySelector('h3')?.textContent === 'by-keyboard'",
    )
  })
  await window.keyboard.press('t')
  const trust = await questionTitled(scene.running, /^Is this |^Connect to /)
  await confirmByKeyboard(trust, 'Trust this key')
  await expectPrompt('by-keys')
})

async function openRebuild(name: string): Promise<void> {
  await window.evaluate("window.app.openWindow('pods')")
  await window.keyboard.press('Control+`')
  await window.locator('main').focus()
  await openPalette(window)
  await window.keyboard.type(`rebuild ${name}`)
  await window.getByRole('option', { name: `Rebuild ${name} elsewhere…` }).click()
  await window.getByText('Its terminal tabs move to the new pod').waitFor()
}

const tabs = async (): Promise<readonly string[]> =>
  (await window.getByRole('tab').allTextContents()).map((text) => text.trim())

test('the terminal of a pod that is rebuilt follows to the new one, which asks about its own host key', async () => {
  await openRebuild('by-keyboard')
  // It is not reached before the time is fast again.
  scene.runpod.timeFactor(1)
  expect(await create('by-keyboard-2')).toContain('Terminal tabs of by-keyboard move to the new pod')
  await card(window, 'by-keyboard-2').waitFor()
  expect((await tabs()).join()).not.toContain('by-keyboard-2')
  scene.runpod.timeFactor(TIME_FACTOR)
  await trustHostKey(scene.running)
  // The shell on the old pod is open, so it stays beside the new one.
  await expect.poll(async () => (await tabs()).join()).toMatch(/by-keyboard-2.*by-keyboard(?!-)/)
  await expect.poll(moves).toBe(1)
  await window.getByRole('tab', { name: /by-keyboard-2/ }).click()
  await expect.poll(rows).toMatch(/[#$] *\n*$/)
})

test('a pod that waits for a GPU, and terminals that follow to a rebuilt one, outlast a crash, once', async () => {
  await window.evaluate("window.app.openWindow('new-pod')")
  await window.getByRole('row', { name: /L40S/ }).click()
  await window.getByRole('textbox', { name: 'Name', exact: true }).fill('patient')
  await window.getByRole('textbox', { name: 'Image' }).fill('example/pytorch:2.8')
  await window
    .locator('.new-switch', { hasText: 'If none is available, wait for one' })
    .locator('.knob')
    .click()
  await window.getByRole('textbox', { name: 'Maximum hours' }).fill('6')
  await create('patient')
  await card(window, 'patient').getByText('No GPU is available.').waitFor()

  // Long enough for the app to be killed and started again meanwhile, in real time.
  scene.runpod.conditions({ pullS: 300 })
  scene.runpod.timeFactor(1)
  await openRebuild('by-keyboard-2')
  await create('by-keyboard-2-2')
  await card(window, 'by-keyboard-2-2').waitFor()
  expect(await moves()).toBe(1)
  // After a crash during a request nothing more is tried, which crash-matrix.test.ts tests.
  await waitUntil('a pause between tries', async () => {
    const { creates: all = [] } = await snapshotOf(scene.page)
    return all.some(({ nextTryAtMs }) => (nextTryAtMs ?? 0) > Date.now() + 500)
  })
  await scene.crashAndRestart()
  await openWindow()
  await card(window, 'patient').getByText('No GPU is available.').waitFor()
  expect(await moves()).toBe(1)
  scene.runpod.conditions({ stock: { '*': 'HIGH' } })
  scene.runpod.timeFactor(PULL_FACTOR)
  await trustHostKey(scene.running)
  scene.runpod.timeFactor(TIME_FACTOR)
  await expect.poll(tabs).toEqual([expect.stringContaining('by-keyboard-2-2')])
  await expect.poll(moves).toBe(2)
  await card(window, 'patient').getByRole('button', { name: /^Stop/ }).waitFor()
  const patients = (await snapshotOf(scene.page)).pods.filter(({ name }) => name === 'patient')
  expect(patients).toHaveLength(1)
  // Until then it isn't known whether the pod keeps a session, whose tab would come back.
  const states = (): Promise<readonly string[]> =>
    window.evaluate(
      'window.app.terminals().then(({ value }) => value.terminals.map(({ state }) => state.kind))',
    )
  await expect.poll(states).toEqual(['open'])
  // It is written down up to 100 ms later.
  await expect.poll(() => dataFile('terminal-tabs.json')).toContain('"tabs":[]')

  await scene.crashAndRestart()
  await openWindow()
  await button('Terminal on by-keyboard-2-2').waitFor()
  expect([await tabs(), await moves()]).toEqual([[], 2])
})

test('a hostile page creates nothing without the confirmation, however it asks', async () => {
  const before = creates()
  const id = await accountIdOf(scene.page)
  const answers = await window.evaluate<{ ok: boolean; error?: { message: string } }[]>(`(async () => {
    const form = ${JSON.stringify({
      name: 'miner',
      hardware: 'gpu',
      gpuTypeIds: [A100, L40S],
      gpuCount: 1,
      cpuFlavorId: null,
      vcpuCount: 2,
      clouds: ['SECURE'],
      dataCenterIds: [],
      image: 'evil/miner:1',
      templateId: null,
      args: null,
      containerDiskGb: '',
      storage: { kind: 'none' },
      ports: '',
      environment: '',
      allowedCudaVersions: [],
      minCudaVersion: '',
      registryId: null,
      hasSsh: true,
      hasOwnKey: false,
      hasJupyter: false,
      hasGlobalNetworking: false,
      isAutoStopped: false,
      maxHours: '',
      monthlyBudgetUsd: '',
      isStoppedAtBudget: false,
      mayLoseData: false,
      keepOn: null,
      whenFree: null,
      mayExceedBudget: true,
    })}
    const account = ${JSON.stringify(id)}
    const calls = Array.from({ length: 40 }, (_, index) =>
      window.app.createPod(account, { ...form, name: 'miner-' + index }, null, null, 'draft-' + index + '-of-a-page'))
    const settled = []
    for (const call of calls) void call.then((answer) => settled.push(answer))
    settled.push(await window.app.createPod(account, { ...form, whenFree: 1 }, null, null, 'draft-0001'))
    settled.push(await window.app.createPod('other', form, null, null, 'draft-0001'))
    settled.push(await window.app.createPod(account, form, 'no-such-copy', null, 'draft-0001'))
    settled.push(await window.app.createPod(account, form, null, null, '../draft'))
    // Those that are refused at once; the others wait for a person.
    while (settled.length <= 14) await new Promise((resolve) => setTimeout(resolve, 20))
    return settled
  })()`)
  expect(answers.length).toBeGreaterThan(10)
  expect(answers.filter(({ ok }) => ok)).toEqual([])
  const question = await questionTitled(scene.running, /^Create miner-\d+\?/)
  expect(await question.textContent('main')).toContain('evil/miner:1')
  expect(await question.textContent('main')).toContain('even though a budget is used up')
  expect(creates()).toBe(before)
  await waitUntil('all questions to be gone', async () => {
    for (const page of confirmWindows(scene.running))
      await page.keyboard.press('Escape').catch(() => undefined)
    return confirmWindows(scene.running).length === 0
  })
  expect(creates()).toBe(before)
})
