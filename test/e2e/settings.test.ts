import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { card, openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

let scene: Scene
/** The main window on its settings page; the last test restarts the app. */
let window: Page
beforeAll(async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'llama', mode: 'training', ...VOLUME }] })
  await scene.page.evaluate("window.app.openWindow('settings')")
  window = await scene.running.mainWindow()
  await waitUntil('the settings', async () => (await window.getByLabel('Undo time').count()) === 1)
  await scene.pasteKey()
  await waitUntil('the pod', async () => (await card(scene.page, 'llama').count()) === 1)
})
afterAll(() => scene?.close())

const show = (section: string) =>
  window
    .getByRole('navigation', { name: 'Settings sections' })
    .getByRole('button', { name: section, exact: true })
    .click()

const settingsInFile = () =>
  (
    JSON.parse(readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')) as {
      settings: Record<string, unknown>
    }
  ).settings

const backgroundOf = (page: Page): Promise<unknown> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor')

test('a number is rejected in its field with the reason, and a valid one applies at once', async () => {
  expect(await window.getByRole('heading', { name: 'Settings', level: 1 }).count()).toBe(1)
  const undo = window.getByLabel('Undo time')
  await undo.fill('0')
  await expect.poll(() => window.textContent('body')).toContain('This must be between 1 second and 1 minute.')
  await screenshot(window, 'settings-refused')
  await undo.press('Enter')
  expect(settingsInFile()).not.toHaveProperty('undoS')

  await undo.fill('31')
  await undo.press('Enter')
  // What was saved is shown for some seconds, perhaps over the button below.
  await window.locator('.toasts').getByRole('button', { name: 'Dismiss' }).click()
  await expect.poll(settingsInFile).toHaveProperty('undoS', 31)
  // The monitor reads its settings at each poll and each action, so no restart is needed.
  await card(scene.page, 'llama').getByRole('button', { name: 'Stop llama' }).click()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/Stopping llama in (3[01]|[12]\d) s/)
  await screenshot(window, 'settings')

  await window.getByRole('button', { name: 'Reset Undo time to default' }).click()
  await expect.poll(() => undo.inputValue()).toBe('5')
  expect(settingsInFile()).not.toHaveProperty('undoS')
})

test('a value that conflicts with another one is rejected with the reason', async () => {
  await show('Alerts')
  const after = window.getByLabel('Idle alert after')
  await after.fill('180')
  await expect
    .poll(() => window.textContent('body'))
    .toContain(
      'The pause between idle alerts (2 hours) can’t be shorter than the time until the first (3 hours).',
    )
  await after.press('Escape')
  await expect.poll(() => after.inputValue()).toBe('15')
})

test('an amount is typed as a person writes it, and what was saved can be undone', async () => {
  await show('Money')
  const field = window.getByLabel('Monthly budget', { exact: true })
  await field.fill('1.000')
  await expect
    .poll(() => window.textContent('body'))
    .toContain('an amount in USD, such as 600, $1,000 or 49.50')
  await field.fill('$1,000')
  await window.getByText('= $1,000.00', { exact: true }).waitFor()
  await field.press('Enter')
  await expect.poll(settingsInFile).toHaveProperty('monthlyBudgetUsd', '1000')
  const toast = window.locator('.toasts').getByText('Saved: Monthly budget · $1,000.00')
  await toast.waitFor()
  await screenshot(window, 'settings-saved')
  await window
    .locator('.toasts')
    .getByRole('button', { name: /^Undo: Saved/ })
    .click()
  await expect.poll(settingsInFile).not.toHaveProperty('monthlyBudgetUsd')
  await expect.poll(() => field.inputValue()).toBe('')
})

test('the budget of the month is one click and typing, from the strip', async () => {
  const strip = window.getByRole('region', { name: 'Money and counts' })
  await strip.getByRole('button', { name: 'Set budget' }).click()
  const dialog = window.getByRole('dialog', { name: 'Monthly budget' })
  const focused = 'document.activeElement?.closest("[role=dialog]") && document.activeElement.tagName'
  await expect.poll(() => window.evaluate(focused)).toBe('INPUT')
  await window.keyboard.type('600 dollars')
  await dialog.getByText('Enter an amount in USD').waitFor()
  await window.keyboard.press('Control+a')
  await window.keyboard.type('$600')
  await screenshot(window, 'strip-set-budget')
  await window.keyboard.press('Enter')
  await expect.poll(settingsInFile).toHaveProperty('monthlyBudgetUsd', '600')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => strip.textContent()).toContain('of $600')
  // Another one, from its details.
  await strip.getByRole('button', { name: /^Spent in/ }).click()
  await window.getByRole('button', { name: 'Change budget' }).click()
  await expect.poll(() => dialog.getByLabel('Monthly budget').inputValue()).toBe('600')
  await dialog.getByLabel('Monthly budget').fill('')
  await window.keyboard.press('Enter')
  await expect.poll(settingsInFile).not.toHaveProperty('monthlyBudgetUsd')
  await strip.getByRole('button', { name: 'Set budget' }).waitFor()
})

test('quiet hours with one time only say so, and do nothing', async () => {
  await show('Alerts')
  const from = window.getByLabel('Quiet hours start')
  await from.fill('22:00')
  await from.press('Enter')
  await expect
    .poll(() => window.textContent('body'))
    .toContain('Set an end, too. Quiet hours are off until then.')
  await window.getByLabel('Quiet hours end').fill('07:30')
  await window.getByLabel('Quiet hours end').press('Enter')
  await expect.poll(settingsInFile).toMatchObject({ quietHoursFrom: '22:00', quietHoursTo: '07:30' })
  await expect
    .poll(() => window.textContent('body'))
    .not.toContain('Set an end, too. Quiet hours are off until then.')
})

test('a test notification asks whether it was seen, and says what to do where it was not', async () => {
  const row = window.getByRole('group', { name: 'Test notification' })
  await row.getByRole('button', { name: 'Send' }).click()
  await row.getByText('Sent. Did you see it?').waitFor()
  await row.getByRole('button', { name: 'I didn’t' }).click()
  await expect.poll(() => row.getByRole('status').textContent()).toMatch(/notification/)
  await row.getByRole('button', { name: 'Send again' }).click()
  await row.getByRole('button', { name: 'I saw it' }).click()
  await row.getByText('Good. Alerts will look like this').waitFor()
})

test('the zoom applies to both windows at once', async () => {
  await show('General')
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
  await show('General')
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

test('a value is sent once when its field is left while it is on its way', async () => {
  await scene.page.evaluate("window.app.openWindow('settings')")
  const page = await scene.running.mainWindow()
  await scene.running.app.evaluate(({ ipcMain }) => {
    const kept = globalThis as unknown as { changes: unknown[] }
    kept.changes = []
    ipcMain.removeHandler('podkeeper:request:changeSetting')
    ipcMain.handle('podkeeper:request:changeSetting', (_event, ...change: unknown[]) => {
      kept.changes.push(change)
      return { ok: true }
    })
  })
  await page.getByLabel('Undo time').fill('12')
  await page.evaluate(`{
    const field = document.activeElement
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    field.blur()
  }`)
  await page
    .locator('.toasts')
    .getByText(/Undo time/)
    .waitFor()
  // Answered after all that was asked before it.
  await page.evaluate('window.app.settings()')
  const changes = await scene.running.app.evaluate(
    () => (globalThis as unknown as { changes: unknown }).changes,
  )
  expect(changes).toEqual([['undoS', 12]])
})
