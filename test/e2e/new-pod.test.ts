import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { confirmByKeyboard, confirmWindows, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { card, openPalette, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/* A pod from nothing to a prompt in the real app, by mouse and by keyboard alone; what is typed wrongly; presets. */

const VALUE = 'wandb_very_secret_value_1234'
const TIME_FACTOR = 40

let scene: Scene
let window: Page

beforeAll(async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    ssh: 'registered-keys',
    timeFactor: TIME_FACTOR,
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  scene.runpod.conditions({ stock: { '*': 'HIGH' } })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1180, height: 820 })
})
afterAll(() => scene?.close())

async function look(name: string, page = window): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `new-pod/${name}-${colorScheme}`)
    await loadAxe(page)
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
}

/** The same, and at 400 px, where nothing may need scrolling sideways. */
async function lookAtBoth(name: string): Promise<void> {
  await look(name)
  await window.setViewportSize({ width: 400, height: 820 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme })
    await screenshot(window, `new-pod/${name}-400-${colorScheme}`)
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
  await window.setViewportSize({ width: 1180, height: 820 })
}

const creates = (): number =>
  scene.runpod.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/pods').length
const button = (name: string | RegExp) =>
  window.getByRole('button', { name, exact: typeof name === 'string' })
const rows = async (): Promise<string> =>
  (await window.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
const files = async (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8').catch(() => '')

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

test('a pod is created by mouse, with a key that is registered on the way, and has a prompt', async () => {
  await button('New pod').click()
  await window.getByRole('row', { name: /H100 SXM/ }).waitFor()
  await lookAtBoth('empty')
  await window.getByRole('row', { name: /A100 SXM/ }).click()
  await window.getByRole('row', { name: /H100 SXM/ }).click()
  await button('More GPUs').click()

  await button(/^Register .*id_ed25519…$/).click()
  const register = await questionTitled(scene.running, /^Register/)
  await register
    .getByRole('button', { name: /^Register/ })
    .click()
    .catch(() => undefined)
  await window.getByText('For the key registered in your account.').waitFor()

  await window.getByRole('button', { name: /Template/ }).click()
  await window
    .getByRole('option', { name: /PyTorch/ })
    .first()
    .click()
  await window.getByRole('textbox', { name: 'Environment' }).fill(`WANDB_API_KEY=${VALUE}`)
  await window.getByRole('textbox', { name: 'Maximum hours' }).fill('8')
  await window.getByText('2 × A100 SXM').first().waitFor()
  await lookAtBoth('filled')
  await button(/^Create for/).click()
  const question = await questionTitled(scene.running, 'Create a100-sxm?')
  const asked = await question.textContent('main')
  expect(asked).toContain('2 × A100 SXM')
  expect(asked).toContain('Otherwise 2 × H100 SXM')
  expect(asked).toContain('Variables: WANDB_API_KEY')
  expect(asked).not.toContain(VALUE)
  expect(creates()).toBe(0)
  await look('question', question)
  // It is shown for some seconds only.
  const said = window.getByText('a100-sxm was created').waitFor()
  const pressed = question.getByRole('button', { name: 'Create pod' }).click()
  await Promise.all([said, pressed.catch(() => undefined)])

  await card(window, 'a100-sxm').waitFor()
  await expect.poll(creates).toBe(1)
  await button('Terminal on a100-sxm').click({ timeout: 60_000 })
  await trustHostKey(scene.running)
  await expectPrompt('by-mouse')
  expect(await files(scene.running.dataDir, 'creates.jsonl')).toContain('WANDB_API_KEY')
  for (const name of ['creates.jsonl', 'activity/001.jsonl', 'config.json'])
    expect(await files(scene.running.dataDir, name)).not.toContain(VALUE)
  expect(scene.running.output()).not.toContain(VALUE)
})

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

test('a pod is created by keyboard alone, and has a prompt', async () => {
  await window.keyboard.press('Control+`')
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
  await strikeControlEnter()
  const question = await questionTitled(scene.running, 'Create by-keyboard?')
  await confirmByKeyboard(question, 'Create pod')
  await card(window, 'by-keyboard').waitFor()
  await button('Terminal on by-keyboard').waitFor({ timeout: 60_000 })
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

test('the terminal of a pod that is rebuilt follows to the new one, which asks about its own host key', async () => {
  const tabs = async (): Promise<string> =>
    (await window.getByRole('tab').allTextContents()).map((text) => text.trim()).join(' | ')
  await window.evaluate("window.app.openWindow('pods')")
  await window.keyboard.press('Control+`')
  await window.locator('main').focus()
  await openPalette(window)
  await window.keyboard.type('rebuild a100-sxm')
  await window.getByRole('option', { name: 'Rebuild a100-sxm elsewhere…' }).click()
  const takeOver = window.getByRole('switch', { name: 'Take over rules and terminals' })
  await expect.poll(() => takeOver.isChecked()).toBe(true)
  // The rules of the old pod are filled in, and leave the form with the switch.
  const maxHours = window.getByRole('textbox', { name: 'Maximum hours' })
  await expect.poll(() => maxHours.inputValue()).toBe('8')
  const knob = window.locator('.new-switch', { hasText: 'Take over rules' }).locator('.knob')
  await knob.click()
  await expect.poll(() => maxHours.inputValue()).toBe('')
  await knob.click()
  await expect.poll(() => maxHours.inputValue()).toBe('8')
  await window.getByText('Its terminal tabs move to the new pod').waitFor()
  await lookAtBoth('rebuild-terminals')
  await button(/^Create for/).click()
  const question = await questionTitled(scene.running, 'Create a100-sxm-2?')
  expect(await question.textContent('main')).toContain('Terminal tabs of a100-sxm move to the new pod')
  // It is not reached before the time is fast again.
  scene.runpod.timeFactor(1)
  await question
    .getByRole('button', { name: 'Create pod' })
    .click()
    .catch(() => undefined)
  await card(window, 'a100-sxm-2').waitFor()
  expect(await tabs()).not.toContain('a100-sxm-2')
  scene.runpod.timeFactor(TIME_FACTOR)
  await trustHostKey(scene.running)
  // The shell on the old pod is open, so it stays beside the new one.
  await expect.poll(tabs).toMatch(/a100-sxm-2.*a100-sxm.*by-keyboard/)
  await expect.poll(() => files(scene.running.dataDir, 'creates.jsonl')).toContain('"areTabsMoved":true')
  await window.getByRole('tab', { name: /a100-sxm-2/ }).click()
  await expect.poll(rows).toMatch(/[#$] *\n*$/)
})

test('what is typed wrongly is shown with its line, and nothing is sent or asked', async () => {
  const before = creates()
  await window.evaluate("window.app.openWindow('new-pod')")
  await window.getByRole('row', { name: /H200 SXM/ }).click()
  await window.getByRole('button', { name: /H200 SXM, choice 1/ }).waitFor()
  await window.getByRole('textbox', { name: 'Name', exact: true }).fill('by-keyboard')
  await window.getByRole('textbox', { name: 'Image' }).fill('no image')
  await window.getByRole('textbox', { name: 'Ports' }).fill('8888/http\n70000/tcp')
  await window.getByRole('textbox', { name: 'Environment' }).fill(`A=${VALUE}\n\nA=c`)
  await window.getByRole('textbox', { name: 'Maximum hours' }).fill('0')
  const says = (text: string) => window.locator('.react-aria-FieldError', { hasText: text }).waitFor()
  await says('Another pod already has this name.')
  await says('Enter an image such as runpod/pytorch:2.8.')
  await says('Line 2: Enter ports as a number from 1 to 65535')
  await says('Line 3: A is set twice.')
  await says('Enter a number of hours from 0.25 to 8,760.')
  await button(/^Create/).click()
  const list = window.getByRole('alert')
  await list.getByText('Correct these first').waitFor()
  expect(await list.textContent()).not.toContain(VALUE)
  await expect.poll(focused).toBe('Name')
  await lookAtBoth('wrong')
  await list.getByRole('button', { name: 'Ports' }).click()
  await expect.poll(focused).toBe('Ports')
  expect(creates()).toBe(before)
  expect(confirmWindows(scene.running)).toEqual([])
})

test('a draft survives its page and its window without values, and a preset brings it back', async () => {
  await window.getByRole('textbox', { name: 'Name', exact: true }).fill('night-train')
  await window.getByRole('textbox', { name: 'Environment' }).fill(`A=${VALUE}\nB={{ RUNPOD_SECRET_hf }}`)
  await window.getByRole('navigation').getByRole('button', { name: 'Costs' }).click()
  await window.evaluate("window.app.openWindow('new-pod')")
  const environment = window.getByRole('textbox', { name: 'Environment' })
  expect(await environment.inputValue()).toContain(VALUE)
  await button('Presets').click()
  await window.getByRole('menuitem', { name: 'Save as preset…' }).click()
  await window.getByRole('textbox', { name: 'Name' }).last().fill('night')
  await button('Save preset').click()
  await window.getByText('Preset saved: night.').waitFor()
  expect(await files(scene.running.dataDir, 'presets.json')).not.toContain(VALUE)

  await window.reload()
  await window.evaluate("window.app.openWindow('new-pod')")
  await expect.poll(() => environment.inputValue()).toBe('B={{ RUNPOD_SECRET_hf }}\nA=')
  expect(await window.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('night-train')
  expect(await window.evaluate('JSON.stringify(localStorage)')).not.toContain(VALUE)
  await environment.fill('')
  await button('Presets').click()
  await window.getByRole('menuitem', { name: 'night' }).click()
  await expect.poll(() => environment.inputValue()).toContain('B={{ RUNPOD_SECRET_hf }}')

  const list = window.getByRole('dialog', { name: 'Presets' })
  const manage = async (): Promise<void> => {
    await button('Presets').click()
    await window.getByRole('menuitem', { name: 'Manage presets…' }).click()
  }
  await manage()
  await look('presets')
  await list.getByRole('button', { name: 'Delete night' }).click()
  await list.getByText('No presets.').waitFor()
  await list.getByRole('button', { name: 'Close' }).click()
  await button(/^Undo: Preset deleted/).click()
  const file = join(scene.running.dataDir, 'shared.json')
  await scene.running.app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath: path })) as never
    dialog.showOpenDialog = (() => Promise.resolve({ canceled: false, filePaths: [path] })) as never
  }, file)
  await manage()
  await list.getByRole('button', { name: 'Export night' }).click()
  await window.getByText(`Exported to ${file}.`).waitFor()
  await list.getByRole('button', { name: 'Close' }).click()
  await button('Presets').click()
  await window.getByRole('menuitem', { name: 'Import…' }).click()
  await window.getByText('Preset saved: shared.').waitFor()
  expect(JSON.parse(await files(scene.running.dataDir, 'presets.json')).presets).toHaveLength(2)
  await button('Presets').click()
  await window.getByRole('menuitem', { name: 'Start over' }).click()
  await expect.poll(() => environment.inputValue()).toBe('')
  await button(/^Undo: The form is empty/).click()
  await expect.poll(() => environment.inputValue()).not.toBe('')
  await button('Copy as CLI').click()
  const copied = () => scene.running.app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toMatch(/^podkeeper create --gpu .*--name night-train/)
  expect(await copied()).not.toContain(VALUE)
})

test('prices that could not be read are read again once, and what was read then is used', async () => {
  const reads = (what: string): number =>
    scene.runpod.requests.filter(({ path }) => path === `/v2/catalog/${what}`).length
  const more = async (): Promise<void> => {
    const before = reads('gpus')
    await button('More GPUs').click()
    await expect.poll(() => reads('gpus')).toBeGreaterThan(before)
  }
  // Prices for fewer GPUs may have been read a moment ago.
  while (Number(await window.locator('.new-count output').textContent()) < 4)
    await button('More GPUs').click()
  scene.runpod.fault({ kind: 'server-error', path: '/v2/catalog/*' })
  await more()
  await window.getByText('The GPUs could not be read').waitFor()
  // They are read at their own time, too, which takes the button away.
  await button('Read again').focus()
  scene.runpod.clearFaults()
  await window.keyboard.press('Enter')
  await expect.poll(() => window.getByText('The GPUs could not be read').count()).toBe(0)
  const before = reads('datacenters')
  await more()
  await more()
  expect(reads('datacenters')).toBe(before)
})
