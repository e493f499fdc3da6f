import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { snapshotOf } from '../harness/app/start/account-scene'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { startKeyring } from '../harness/app/desktop/keyring'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { confirmWindows, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { accountIdOf, card, openPalette, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* New pods where GPUs are taken: the next choice, waiting until one is free, and rebuilding elsewhere. */

const [H100, A100, L40S] = ['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-80GB', 'NVIDIA L40S']

let endKeyring: () => Promise<void>
let scene: Scene
let window: Page

beforeAll(async () => {
  endKeyring = await startKeyring()
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    ssh: 'any-key',
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
    timeFactor: 20,
    settings: { gpuRetryS: 1, gpuRetrySlowestS: 2, sshKeyFile: join(home, '.ssh/id_ed25519') },
    networkVolumes: [{ id: 'vol', name: 'ckpt-store', sizeGb: 100, dataCenterId: 'EU-RO-1' }],
    pods: [
      {
        id: 'anomaly',
        name: 'anomaly',
        mode: 'stopped',
        gpu: { id: H100, count: 1 },
        dataCenterId: 'EU-RO-1',
        network: { volumeId: 'vol', path: '/workspace' },
        ports: ['22/tcp'],
        env: { HF_TOKEN: 'hf_very_secret_value_1234' },
      },
    ],
  })
  scene.runpod.conditions({ stock: { '*': 'HIGH', [H100]: 'NONE' } })
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
  await card(window, 'anomaly').waitFor()
}

async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `new-pod/${name}-${colorScheme}`)
    await loadAxe(window)
    expect(await axeFaults(window, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
}

/** The same at 400 px, where nothing may need scrolling sideways. */
async function lookNarrow(name: string): Promise<void> {
  await window.setViewportSize({ width: 400, height: 820 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `new-pod/${name}-400-${colorScheme}`)
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
  await window.setViewportSize({ width: 1180, height: 820 })
}

const button = (name: string | RegExp) =>
  window.getByRole('button', { name, exact: typeof name === 'string' })
const toasts = () => window.getByRole('list', { name: 'New pods' })
const creates = (): number =>
  scene.runpod.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/pods').length

async function fill(name: string, gpus: readonly RegExp[]): Promise<void> {
  await window.evaluate("window.app.openWindow('new-pod')")
  for (const gpu of gpus) await window.getByRole('row', { name: gpu }).click()
  await window.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await window.getByRole('textbox', { name: 'Image' }).fill('example/pytorch:2.8')
}

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

test('a GPU that is taken is followed by the next choice, which one row of the activity tells', async () => {
  await fill('second-choice', [/H100 SXM/, /A100 SXM/])
  await create('second-choice')
  // Its card is there before the pod is.
  await expect.poll(() => card(window, 'second-choice').textContent()).toContain('A100-SXM')
  expect(creates()).toBe(2)
  await window
    .getByRole('navigation')
    .getByRole('button', { name: /Activity/ })
    .click()
  const row = window.getByRole('button', { name: /^second-choice was created/ })
  await row.click()
  const steps = await window.locator('.entry-steps').textContent()
  expect(steps).toContain('You requested the pod second-choice')
  expect(steps).toContain('H100 SXM')
  // That it is ready may be told by then.
  expect(
    await window.locator('.entry-head', { hasText: 'second-choice', hasNotText: 'is ready' }).count(),
  ).toBe(1)
})

test('nothing is free: waiting is offered, continues after a crash, and ends in one pod or is canceled', async () => {
  scene.runpod.scenario('no-stock')
  await fill('patient', [/L40S/])
  await create('patient')
  await toasts().getByText('patient was not created').waitFor()
  await scene.page.getByText('patient was not created').waitFor()
  const before = creates()
  await toasts().getByRole('button', { name: 'Wait until one is free…' }).click()
  await window.getByText('L40S').first().waitFor()
  await expect.poll(() => scene.page.getByText('patient was not created').count()).toBe(0)
  await window.getByRole('textbox', { name: 'Up to' }).fill('1.20')
  await button(/^Create when free/).click()
  await window.getByRole('alert').getByText('Set maximum hours').waitFor()
  await window.getByRole('textbox', { name: 'Maximum hours' }).fill('6')
  await lookNarrow('waiting-form')
  const asked = await create('patient')
  expect(asked).toContain('It costs up to $1.20/hr.')
  expect(asked).toContain('keeps trying for 8 h')
  await card(window, 'patient').getByText('Nothing is free.').waitFor()
  await look('waiting')
  await lookNarrow('waiting')
  await expect.poll(creates).toBeGreaterThan(before + 1)
  // After a crash during a request nothing more is tried, which crash-matrix.test.ts tests.
  await waitUntil('a pause between tries', async () => {
    const { creates: all = [] } = await snapshotOf(scene.page)
    return all.some(({ nextTryAtMs }) => (nextTryAtMs ?? 0) > Date.now() + 500)
  })
  await scene.crashAndRestart()
  await openWindow()
  await card(window, 'patient').getByText('Nothing is free.').waitFor()

  // The crash was too early for the removal of the last draft to be on the disk.
  await fill('impatient', [/A100 SXM/])
  const wait = window.locator('.new-switch', { hasText: 'Then wait until one is free' })
  expect(await wait.getByRole('switch').isChecked()).toBe(false)
  await wait.locator('.knob').click()
  await window.getByRole('textbox', { name: 'Maximum hours' }).fill('6')
  await create('impatient')
  const row = scene.page.getByRole('article', { name: 'impatient' })
  await row.waitFor()
  expect((await row.boundingBox())?.height).toBe(44)
  expect(await scene.page.getByRole('article', { name: 'patient', exact: true }).textContent()).toContain(
    'L40S',
  )
  for (const colorScheme of ['light', 'dark'] as const) {
    await scene.page.emulateMedia({ colorScheme })
    await screenshot(scene.page, `new-pod/popover-creating-${colorScheme}`)
    await loadAxe(scene.page)
    expect(await axeFaults(scene.page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  // It is told for a few seconds only.
  await Promise.all([
    toasts().getByText('Creation canceled: impatient').waitFor(),
    scene.page.getByRole('button', { name: 'Cancel creating impatient' }).click(),
  ])
  expect(await card(window, 'impatient').count()).toBe(0)

  scene.runpod.scenario('stock-back')
  await toasts().getByText('patient was created').waitFor()
  expect(
    await scene.page.evaluate(
      "window.app.snapshot().then(({ value }) => value.pods.filter(({ name }) => name === 'patient').length)",
    ),
  ).toBe(1)
})

test('a pod whose GPU is taken is rebuilt elsewhere with its volume, and the old one is terminated only when asked', async () => {
  scene.runpod.conditions({ stock: { '*': 'HIGH' } })
  scene.runpod.scenario('no-gpus')
  await window.evaluate("window.app.openWindow('pods')")
  const old = card(window, 'anomaly')
  await old.getByRole('button', { name: 'Start anomaly', exact: true }).click()
  await old.getByRole('button', { name: 'Rebuild elsewhere: anomaly' }).click()
  await window.getByText('/workspace is kept: it is on a network volume.').waitFor()
  await window.getByText('Its variables are copied: HF_TOKEN.').waitFor()
  await window.getByText('ckpt-store is in EU-RO-1').waitFor()

  // The next window reads the other pod anew, and says where it cannot.
  scene.runpod.fault({ kind: 'server-error', method: 'GET', path: '/v2/pods/anomaly' })
  await window.reload()
  await window.evaluate("window.app.openWindow('new-pod')")
  await window.getByText('none of its variables are copied.').waitFor()
  scene.runpod.clearFaults()
  await window.locator('.new-source').getByRole('button', { name: 'Read again' }).click()
  await window.getByText('Its variables are copied: HF_TOKEN.').waitFor()
  await window.getByRole('row', { name: /L40S/ }).click()
  await look('rebuild')
  await create('anomaly-2')
  await card(window, 'anomaly-2').waitFor()
  const made = await waitUntil('the pod', () =>
    scene.page.evaluate<{ dataCenterId: string } | undefined>(
      "window.app.snapshot().then(({ value }) => value.pods.find(({ name }) => name === 'anomaly-2'))",
    ),
  )
  expect(made.dataCenterId).toBe('EU-RO-1')
  await toasts().getByText('anomaly-2 is running').waitFor()
  expect(scene.runpod.requests.filter(({ action }) => action === 'terminate')).toEqual([])
  await toasts().getByRole('button', { name: 'Terminate anomaly…' }).click()
  const question = await questionTitled(scene.running, 'Terminate anomaly?')
  await question.keyboard.press('Escape').catch(() => undefined)
  expect(scene.runpod.requests.filter(({ action }) => action === 'terminate')).toEqual([])
  expect(scene.running.output()).not.toContain('hf_very_secret')
})

test('terminals follow to a rebuilt pod once, although the app was killed in between', async () => {
  const tabs = () => window.getByRole('tab')
  const moves = async (): Promise<number> =>
    (await readFile(join(scene.running.dataDir, 'creates.jsonl'), 'utf8')).split('"areTabsMoved":true')
      .length - 1
  // The pod that was rebuilt before had no tabs, which is written down once it can be reached.
  const before = 1
  await expect.poll(moves).toBe(before)
  scene.runpod.scenario('stock-back')
  await window.evaluate("window.app.openWindow('pods')")
  await button('Terminal on anomaly-2').click()
  await trustHostKey(scene.running)
  await expect.poll(() => tabs().count()).toBe(1)
  // Long enough for the app to be killed and started again meanwhile, in real time.
  scene.runpod.conditions({ pullS: 300 })
  scene.runpod.timeFactor(1)
  await window.keyboard.press('Control+`')
  await window.locator('main').focus()
  await openPalette(window)
  await window.keyboard.type('rebuild anomaly-2')
  await window.getByRole('option', { name: 'Rebuild anomaly-2 elsewhere…' }).click()
  await window.getByText('Its terminal tabs move to the new pod').waitFor()
  await create('anomaly-2-2')
  await card(window, 'anomaly-2-2').waitFor()
  expect(await moves()).toBe(before)
  await scene.crashAndRestart()
  await openWindow()
  expect(await moves()).toBe(before)
  scene.runpod.timeFactor(20)
  await trustHostKey(scene.running)
  await expect.poll(() => tabs().allTextContents()).toEqual([expect.stringContaining('anomaly-2-2')])
  expect(await moves()).toBeGreaterThan(before)
  // Until then it isn't known whether the pod keeps a session, whose tab would come back.
  const states = (): Promise<readonly string[]> =>
    window.evaluate(
      'window.app.terminals().then(({ value }) => value.terminals.map(({ state }) => state.kind))',
    )
  await expect.poll(states).toEqual(['open'])
  // It is written down up to 100 ms later.
  await expect
    .poll(() => readFile(join(scene.running.dataDir, 'terminal-tabs.json'), 'utf8'))
    .toContain('"tabs":[]')

  await scene.crashAndRestart()
  await openWindow()
  await card(window, 'anomaly-2-2').waitFor()
  await button('Terminal on anomaly-2-2').waitFor()
  expect([await tabs().count(), await moves()]).toEqual([0, before + 1])
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
