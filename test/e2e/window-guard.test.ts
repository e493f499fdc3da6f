import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, type RunningApp } from '../harness/app/start/launch'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import { windowStates } from '../harness/app/states/window-states'
import { openPalette } from '../harness/app/start/scene'

/* How users control the guard in the windows, by keyboard only; the requests that reach the app are recorded. */

let running: RunningApp
let main: Page
let popover: Page

beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  main = await running.mainWindow()
  await prepareForStates(running.app, popover)
  await prepareForStates(running.app, main)
  await running.app.evaluate(({ ipcMain }) => {
    const asked: unknown[] = []
    Object.assign(globalThis, { asked })
    for (const name of [
      'keepOn',
      'endKeepOn',
      'act',
      'confirmTerminate',
      'changePodRules',
      'changeSetting',
    ]) {
      ipcMain.removeHandler(`podkeeper:request:${name}`)
      ipcMain.handle(`podkeeper:request:${name}`, (_event, ...args: unknown[]) => {
        asked.push([name, ...args])
        return { ok: true, value: undefined }
      })
    }
  })
})
afterAll(() => running?.close())

/** The requests to the app since the last call. */
const asked = () =>
  running.app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked.splice(0))

async function show(page: Page, window: 'popover' | 'main', name: string): Promise<void> {
  const state = windowStates.find((one) => one.window === window && one.name === name)
  if (state === undefined) throw new Error(`no state ${name}`)
  await showState(running.app, page, state)
}

/** The accessible name of the focused element. */
const focused = (page: Page): Promise<unknown> =>
  page.evaluate(
    '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()',
  )

/** A menu has the focus a moment after it is shown. */
const menuFocused = (page: Page): Promise<void> => page.locator('[role^=menuitem]:focus').waitFor()

async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 80 && (await focused(page)) !== name; step++) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe(name)
}

test('an idle pod can be kept on from its card', async () => {
  for (const [page, window] of [
    [main, 'main'],
    [popover, 'popover'],
  ] as const) {
    await show(page, window, 'guard')
    await tabTo(page, 'Keep running: mcmc-planck')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('For 1 hour')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(asked).toEqual([['keepOn', 'account/watched', '4-hours']])
    await expect.poll(() => focused(page)).toBe('Keep running: mcmc-planck')
  }
})

test('a pod that is kept on can be released', async () => {
  await show(popover, 'popover', 'guard')
  await tabTo(popover, 'whisper-batch')
  await popover.keyboard.press('Enter')
  await expect.poll(() => focused(popover)).toBe('Close whisper-batch')
  await tabTo(popover, 'Release whisper-batch')
  await popover.keyboard.press('Space')
  await expect.poll(asked).toEqual([['endKeepOn', 'account/kept']])
})

test('the menu of a pod restarts it, asks to terminate it, and closes', async () => {
  await show(main, 'main', 'guard')
  await tabTo(main, 'More for whisper-batch')
  await main.keyboard.press('Enter')
  await expect.poll(() => focused(main)).toBe('Restart')
  await main.keyboard.press('Enter')
  await expect.poll(asked).toEqual([['act', 'account/kept', 'restart']])
  await expect.poll(() => focused(main)).toBe('More for whisper-batch')
  await main.keyboard.press('ArrowUp')
  await expect.poll(() => focused(main)).toBe('Terminate…')
  await main.keyboard.press('Enter')
  await expect.poll(asked).toEqual([['confirmTerminate', 'account/kept']])
  await expect.poll(() => focused(main)).toBe('More for whisper-batch')
  await main.keyboard.press('Space')
  await expect.poll(() => main.getByRole('menuitem').count()).toBeGreaterThan(3)
  await menuFocused(main)
  await main.keyboard.press('Escape')
  await expect.poll(() => focused(main)).toBe('More for whisper-batch')
  expect(await asked()).toEqual([])
})

test('rules of one pod can be changed, invalid values are rejected in their field, and Escape closes', async () => {
  await show(main, 'main', 'guard')
  await tabTo(main, 'More for mcmc-planck')
  await main.keyboard.press('Enter')
  await menuFocused(main)
  await main.keyboard.type('guard')
  await expect.poll(() => focused(main)).toBe('Guard rules…')
  await main.keyboard.press('Enter')
  const dialog = main.getByRole('dialog', { name: 'Guard rules of mcmc-planck' })
  await expect.poll(() => dialog.count()).toBe(1)
  await tabTo(main, 'Auto-stop this pod')
  await main.keyboard.press('Space')
  await expect.poll(asked).toEqual([['changePodRules', 'account/watched', { isAutoStopped: false }]])

  await tabTo(main, 'Auto-stop: use account setting')
  await main.keyboard.press('Tab')
  await main.keyboard.type('0')
  await expect.poll(() => dialog.textContent()).toContain('Enter a number above 0')
  await main.keyboard.press('Enter')
  await main.keyboard.press('Control+a')
  await main.keyboard.type('30')
  await main.keyboard.press('Enter')
  await expect.poll(asked).toEqual([['changePodRules', 'account/watched', { idleAlertAfterMin: 30 }]])

  await dialog.getByRole('textbox', { name: 'Monthly budget' }).focus()
  await main.keyboard.type('20.5')
  await main.keyboard.press('Enter')
  await expect.poll(asked).toEqual([['changePodRules', 'account/watched', { monthlyBudgetUsd: 20.5 }]])

  await main.keyboard.type('9')
  await main.keyboard.press('Escape')
  expect(await dialog.count()).toBe(1)
  await main.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
  await expect.poll(() => focused(main)).toBe('More for mcmc-planck')
  expect(await asked()).toEqual([])
})

test('what is typed into a rule while it is being changed stays, and is discarded by Escape only', async () => {
  await running.app.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('podkeeper:request:changePodRules')
    ipcMain.handle('podkeeper:request:changePodRules', async (_event, ...args: unknown[]) => {
      const kept = globalThis as unknown as { asked: unknown[]; answer: () => void }
      kept.asked.push(args)
      await new Promise<void>((resolve) => (kept.answer = resolve))
      return { ok: true, value: undefined }
    })
  })
  await openPalette(main)
  await main.keyboard.type('rules mcmc')
  await main.keyboard.press('Enter')
  const dialog = main.getByRole('dialog', { name: 'Guard rules of mcmc-planck' })
  const budget = dialog.getByRole('textbox', { name: 'Monthly budget' })
  await budget.focus()
  const before = await budget.inputValue()
  await main.keyboard.type('20.5')
  await main.keyboard.press('Enter')
  await expect.poll(asked).toEqual([['account/watched', { monthlyBudgetUsd: 20.5 }]])
  await main.keyboard.type('9')
  await running.app.evaluate(() => (globalThis as unknown as { answer: () => void }).answer())
  // The next request is answered after it, so that its answer has arrived.
  await main.evaluate('window.app.snapshot()')
  expect(await budget.inputValue()).toBe('20.59')
  await main.keyboard.press('Escape')
  expect(await budget.inputValue()).toBe(before)
  expect(await dialog.count()).toBe(1)
  await main.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
})

test('a rejection by the app is shown at the rule', async () => {
  await running.app.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('podkeeper:request:changePodRules')
    ipcMain.handle('podkeeper:request:changePodRules', () => ({
      ok: false,
      error: { message: 'An alert comes before its stop.' },
    }))
  })
  await openPalette(main)
  await main.keyboard.type('rules mcmc')
  await main.keyboard.press('Enter')
  const dialog = main.getByRole('dialog', { name: 'Guard rules of mcmc-planck' })
  await expect.poll(() => dialog.count()).toBe(1)
  await dialog.getByLabel('Idle alert after', { exact: true }).focus()
  await main.keyboard.type('900')
  await main.keyboard.press('Enter')
  await expect.poll(() => dialog.textContent()).toContain('An alert comes before its stop.')
  await main.keyboard.press('Escape')
  await main.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
})

test('the palette runs the commands that it lists, in both windows', async () => {
  for (const [page, window] of [
    [main, 'main'],
    [popover, 'popover'],
  ] as const) {
    await show(page, window, 'guard')
    await openPalette(page)
    await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(10)
    await page.keyboard.type('mcmc until i release')
    await expect.poll(() => page.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    await expect.poll(asked).toEqual([['keepOn', 'account/watched', 'until-told']])
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await openPalette(page)
    await page.keyboard.type('no such thing')
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('No results')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  }
})

test('paused auto-stop and a dry run are shown, and can be ended there', async () => {
  for (const [state, button, change] of [
    ['guard-paused', 'Resume auto-stop', 'areAutoStopsPaused'],
    ['guard-dry-run', 'End dry run', 'isAutoStopDryRun'],
  ] as const) {
    await show(popover, 'popover', state)
    await tabTo(popover, button)
    await popover.keyboard.press('Enter')
    await expect.poll(asked).toEqual([['changeSetting', change, false]])
  }
})
