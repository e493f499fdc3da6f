import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import type { Scene, SceneOptions } from './harness/scene'
import { card, openScene, screenshot } from './harness/scene'

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
  await window.getByRole('radio', { name: other }).check({ force: true })
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
  await toggle.check({ force: true })
  await expect.poll(() => existsSync(entry)).toBe(true)
  expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=".*electron" .*"--hidden"$/m)
  await toggle.uncheck({ force: true })
  await expect.poll(() => existsSync(entry)).toBe(false)
})
