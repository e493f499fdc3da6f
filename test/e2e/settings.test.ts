import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'

/*
 * Settings that apply to windows and to the desktop. How the page behaves is tested in
 * `test/browser/settings-page.test.ts`.
 */

let scene: Scene
/** The main window on its settings page; the last test restarts the app. */
let window: Page
beforeAll(async () => {
  scene = await openScene()
  await scene.page.evaluate("window.app.openWindow('settings')")
  window = await scene.running.mainWindow()
  await window.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
})
afterAll(() => scene?.close())

const settingsInFile = () =>
  (
    JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')) as {
      settings: Record<string, unknown>
    }
  ).settings

const backgroundOf = (page: Page): Promise<unknown> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor')

test('the zoom applies to both windows at once', async () => {
  const zoom = window.getByLabel('Zoom')
  await zoom.fill('150')
  await zoom.press('Enter')
  const ratio = (page: Page) => page.evaluate<number>('devicePixelRatio')
  for (const page of [window, scene.page]) await expect.poll(() => ratio(page)).toBeCloseTo(1.5, 1)
  await window.getByRole('button', { name: 'Reset Zoom to default' }).click()
  for (const page of [window, scene.page]) await expect.poll(() => ratio(page)).toBe(1)
})

test('the desktop starts the app at login only if that is enabled', async () => {
  const entry = join(process.env['XDG_CONFIG_HOME'] ?? '', 'autostart', 'podkeeper.desktop')
  const toggle = window.getByRole('switch', { name: 'Start at login' })
  await toggle.click({ force: true })
  await expect.poll(() => readFileSync(entry, 'utf8')).toMatch(/^Exec=".*electron" .*"--hidden"$/m)
  // Until then a click asks for the same again.
  await expect.poll(() => toggle.isChecked()).toBe(true)
  await toggle.click({ force: true })
  await expect.poll(() => existsSync(entry)).toBe(false)
})

test('the global shortcut opens the popover from anywhere, and a shortcut in use is rejected', async () => {
  const field = window.getByLabel('Global shortcut')
  await field.fill('P')
  await expect.poll(() => window.textContent('body')).toContain('must include Ctrl')
  await field.fill('ctrl+alt+k')
  await field.press('Enter')
  await expect.poll(settingsInFile).toHaveProperty('globalShortcut', 'ctrl+alt+k')
  const popover = await scene.running.app.browserWindow(scene.page)
  await popover.evaluate((one) => (one as Electron.BrowserWindow).hide())
  const isVisible = () => popover.evaluate((one) => (one as Electron.BrowserWindow).isVisible())
  await expect.poll(isVisible).toBe(false)
  execFileSync('xdotool', ['key', 'ctrl+alt+k'])
  await expect.poll(isVisible).toBe(true)

  // Another program, here a second Podkeeper with its own data, now uses this shortcut.
  const other = await openScene({ settings: { globalShortcut: 'Ctrl+Alt+K' } })
  try {
    await other.page.evaluate("window.app.openWindow('settings')")
    const otherWindow = await other.running.mainWindow()
    await expect.poll(() => otherWindow.textContent('body')).toContain('another program uses this shortcut')
    await screenshot(otherWindow, 'settings-keys-taken')
  } finally {
    await other.close()
  }
})

test('the appearance changes in both windows at once and is saved', async () => {
  // Playwright emulates the light scheme by default.
  for (const page of [window, scene.page]) await page.emulateMedia({ colorScheme: null })
  const before = await backgroundOf(window)
  const other = before === 'rgb(13, 15, 18)' ? 'Light' : 'Dark'
  // Not `check`, which expects the state immediately: it changes once the app has saved it.
  await window.getByRole('radio', { name: other, exact: true }).click({ force: true })
  await expect.poll(() => backgroundOf(window)).not.toBe(before)
  await expect.poll(() => backgroundOf(scene.page)).not.toBe(before)
  await screenshot(window, `settings-${other.toLowerCase()}`)
  await scene.crashAndRestart()
  await scene.page.emulateMedia({ colorScheme: null })
  await expect.poll(() => backgroundOf(scene.page)).not.toBe(before)
})
