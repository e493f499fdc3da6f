import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/axe'
import { launch, type RunningApp } from '../harness/app/launch'
import { queueStates } from '../harness/app/queue-states'
import { screenshot } from '../harness/app/scene'
import { prepareForStates, showState } from '../harness/app/show-state'

let running: RunningApp
let page: Page

beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('queue')")
  page = await running.mainWindow()
  await prepareForStates(running.app, page)
})
afterAll(() => running?.close())

test('looks', async () => {
  for (const [name, state] of Object.entries(queueStates)) {
    await page.setViewportSize({ width: 1_180, height: 820 })
    await showState(running.app, page, { ...state, window: 'popover' })
    for (const width of [400, 900, 1_180, 2_000]) {
      await page.setViewportSize({ width, height: 820 })
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      const main = await page.evaluate(
        '(() => { const m = document.querySelector("main"); return m.scrollWidth - m.clientWidth })()',
      )
      if (Number(over) > 0 || Number(main) > 0) console.log('OVERFLOW', name, width, over, main)
      await screenshot(page, `queue/${name}-${width}`)
    }
    await page.setViewportSize({ width: 1_180, height: 820 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await loadAxe(page)
      const faults = await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')
      if (faults.length > 0) console.log('AXE', name, colorScheme, faults)
      await screenshot(page, `queue/${name}-${colorScheme}`)
    }
  }
  expect(1).toBe(1)
})
