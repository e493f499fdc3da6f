import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from './harness/launch'
import { launch } from './harness/launch'
import { screenshot } from './harness/scene'
import { prepareForStates, showState } from './harness/show-state'
import type { WindowState } from './harness/states'
import { windowStates } from './harness/states'

/*
 * Every state of both windows, in both themes: axe-core finds nothing, nothing is wider than its window at any width,
 * nothing moves at rest, and it says what to do. Pictures go to screenshots/states/.
 */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WIDTHS = { popover: [360, 400], main: [360, 900, 1_400] } as const
const PICTURE_WIDTHS = { popover: 400, main: 1_180 } as const

let running: RunningApp
const pages: { popover?: Page; main?: Page } = {}
const complaints: string[] = []

beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  Object.assign(pages, { popover, main: await running.mainWindow() })
  for (const page of [popover, await running.mainWindow()]) {
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await prepareForStates(running.app, page)
    await page.evaluate(axe)
  }
})
afterAll(() => running?.close())

async function show(state: WindowState): Promise<Page> {
  const page = pages[state.window]!
  await showState(running.app, page, state)
  return page
}

/** What axe-core finds wrong; between the themes nothing differs but colours. */
async function faults(page: Page, rules: 'all' | 'contrast'): Promise<readonly string[]> {
  const options = rules === 'all' ? {} : { runOnly: ['color-contrast'] }
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

const overflow = (page: Page) =>
  page.evaluate(
    '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
  )

test.each(windowStates)(
  '$window: $name',
  async (state) => {
    const page = await show(state)
    for (const width of WIDTHS[state.window]) {
      await page.setViewportSize({ width, height: 800 })
      expect({ width, overflow: await overflow(page) }).toEqual({ width, overflow: [0, 0] })
    }
    await page.setViewportSize({ width: PICTURE_WIDTHS[state.window], height: 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await faults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
      await screenshot(page, `states/${state.window}-${state.name}-${colorScheme}`)
    }
    expect(await page.evaluate('document.getAnimations().length')).toBe(0)
    expect(complaints).toEqual([])
  },
  15_000,
)

test('where the system gives the colours, dots and bars can still be seen', async () => {
  const page = await show(
    windowStates.find(({ name, window }) => name === 'every-kind' && window === 'main')!,
  )
  await page.emulateMedia({ forcedColors: 'active' })
  await screenshot(page, 'states/main-forced-colors')
  const invisible = `['.dot', '.fill', '.part', '.swatch'].filter((part) =>
    getComputedStyle(document.querySelector('main ' + part)).backgroundColor === getComputedStyle(document.body).backgroundColor)`
  expect(await page.evaluate(invisible)).toEqual([])
  await page.emulateMedia({ forcedColors: 'none' })
})
