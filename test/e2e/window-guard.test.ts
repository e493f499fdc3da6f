import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from './harness/launch'
import { launch } from './harness/launch'
import { screenshot } from './harness/scene'
import { prepareForStates, showState } from './harness/show-state'
import { windowStates } from './harness/states'

/* What a person does with the guard in the windows, by keyboard alone; what reaches the app is written down. */

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
      'restartPod',
      'askTerminate',
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

/** What was asked of the app since this was called last. */
const asked = () =>
  running.app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked.splice(0))

async function show(page: Page, window: 'popover' | 'main', name: string): Promise<void> {
  const state = windowStates.find((one) => one.window === window && one.name === name)
  if (state === undefined) throw new Error(`no state ${name}`)
  await showState(running.app, page, state)
}

/** The accessible name of what has the focus. */
const focused = (page: Page): Promise<unknown> =>
  page.evaluate(
    '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()',
  )

async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 80 && (await focused(page)) !== name; step++) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe(name)
}

test('look', async () => {
  for (const [page, window] of [
    [main, 'main'],
    [popover, 'popover'],
  ] as const) {
    if (window === 'main') await page.setViewportSize({ width: 1180, height: 820 })
    await show(page, window, 'guard')
    await screenshot(page, `guard-${window}`)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('mcmc')
    await screenshot(page, `guard-palette-${window}`)
    await page.keyboard.press('Escape')
    await tabTo(page, 'More for whisper-batch')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('menuitem').count()).toBeGreaterThan(3)
    await screenshot(page, `guard-menu-${window}`)
    await page.getByRole('menuitem', { name: 'Guard rules…' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(1)
    await screenshot(page, `guard-rules-${window}`)
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('More for whisper-batch')
  }
}, 60_000)
