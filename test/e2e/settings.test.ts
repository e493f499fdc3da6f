import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { card, openScene, type Scene, type SceneOptions, screenshot } from '../harness/app/scene'

let scene: Scene
afterEach(() => scene?.close())

async function openSettings(options: SceneOptions = {}): Promise<Page> {
  scene = await openScene(options)
  await scene.page.evaluate("window.app.openWindow('settings')")
  const window = await scene.running.mainWindow()
  await expect.poll(() => window.getByRole('heading', { name: 'Settings' }).count()).toBe(1)
  await expect.poll(() => window.getByLabel('Undo a stop for').count()).toBe(1)
  return window
}

const settingsInFile = () =>
  (
    JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')) as {
      settings: Record<string, unknown>
    }
  ).settings

const backgroundOf = (page: Page): Promise<unknown> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor')

test('a number is refused where it is typed, with the reason, and holds at once when it makes sense', async () => {
  const window = await openSettings({ pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'llama').count()).toBe(1)
  const undo = window.getByLabel('Undo a stop for')
  await undo.fill('0')
  await expect.poll(() => window.textContent('body')).toContain('This must be between 1 and 60 seconds.')
  await screenshot(window, 'settings-refused')
  await undo.press('Enter')
  expect(settingsInFile()).not.toHaveProperty('undoS')

  await undo.fill('31')
  await undo.press('Enter')
  await expect.poll(settingsInFile).toHaveProperty('undoS', 31)
  // The monitor asks for its settings at each turn and each action: no restart.
  await card(scene.page, 'llama').getByRole('button', { name: 'Stop llama' }).click()
  await expect.poll(() => card(scene.page, 'llama').textContent()).toMatch(/\b(31|30|29|28) s\b/)
  await screenshot(window, 'settings')

  await window.getByRole('button', { name: 'Reset “Undo a stop for” to its default' }).click()
  await expect.poll(() => undo.inputValue()).toBe('5')
  expect(settingsInFile()).not.toHaveProperty('undoS')
})

test('values that do not go together are refused with the reason', async () => {
  const window = await openSettings()
  const after = window.getByLabel('Tell me after')
  await after.fill('180')
  await expect.poll(() => window.textContent('body')).toContain('more than once in 120 minutes')
  await after.press('Escape')
  await expect.poll(() => after.inputValue()).toBe('15')
})

test('the appearance changes in both windows at once, and is kept', async () => {
  const window = await openSettings()
  // Playwright says light by itself.
  for (const page of [window, scene.page]) await page.emulateMedia({ colorScheme: null })
  const before = await backgroundOf(window)
  const other = before === 'rgb(13, 15, 18)' ? 'Light' : 'Dark'
  // Not `check`, which wants the state at once: it changes when the app has written it down.
  await window.getByRole('radio', { name: other, exact: true }).click({ force: true })
  await expect.poll(() => backgroundOf(window)).not.toBe(before)
  await expect.poll(() => backgroundOf(scene.page)).not.toBe(before)
  await screenshot(window, `settings-${other.toLowerCase()}`)
  await scene.crashAndRestart()
  await scene.page.emulateMedia({ colorScheme: null })
  await expect.poll(() => backgroundOf(scene.page)).not.toBe(before)
})

test('switched on, the desktop starts the app at login; switched off, it does not', async () => {
  const window = await openSettings()
  const entry = join(process.env['XDG_CONFIG_HOME'] ?? '', 'autostart', 'podkeeper.desktop')
  const toggle = window.getByRole('switch', { name: 'Start when I log in' })
  await toggle.click({ force: true })
  await expect.poll(() => existsSync(entry)).toBe(true)
  expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=".*electron" .*"--hidden"$/m)
  await toggle.click({ force: true })
  await expect.poll(() => existsSync(entry)).toBe(false)
})

test('the keys of the global shortcut open the popover from anywhere; keys that are taken are refused', async () => {
  const window = await openSettings()
  const field = window.getByLabel('Keys that open Podkeeper')
  await field.fill('P')
  await expect.poll(() => window.textContent('body')).toContain('must hold Ctrl')
  await field.fill('ctrl+alt+k')
  await field.press('Enter')
  await expect.poll(settingsInFile).toHaveProperty('globalShortcut', 'ctrl+alt+k')
  const popover = await scene.running.app.browserWindow(scene.page)
  await popover.evaluate((one) => (one as Electron.BrowserWindow).hide())
  const isVisible = () => popover.evaluate((one) => (one as Electron.BrowserWindow).isVisible())
  await expect.poll(isVisible).toBe(false)
  execFileSync('xdotool', ['key', 'ctrl+alt+k'])
  await expect.poll(isVisible).toBe(true)

  // Another program, here a second Podkeeper with data of its own, has these keys now.
  const other = await openScene({ settings: { globalShortcut: 'Ctrl+Alt+K' } })
  try {
    await other.page.evaluate("window.app.openWindow('settings')")
    const otherWindow = await other.running.mainWindow()
    await expect.poll(() => otherWindow.textContent('body')).toContain('another program has these keys')
    await screenshot(otherWindow, 'settings-keys-taken')
  } finally {
    await other.close()
  }
})
