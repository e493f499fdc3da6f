import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageName } from '../../src/shared/ipc'
import { type KeptPictures, openKeptPictures } from '../harness/app/baseline'
import { launch, type RunningApp } from '../harness/app/launch'
import { screenshot } from '../harness/app/scene'
import { prepareForStates, showState } from '../harness/app/show-state'
import { type WindowState, windowStates } from '../harness/app/states'

/*
 * Every state of both windows and every page, in both themes: axe-core finds nothing, nothing is wider than its window at any
 * width, nothing moves at rest, and all looks as the pictures that are kept (harness/baseline.ts).
 */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WIDTHS = { popover: [360, 400], main: [360, 900, 1_400] } as const
const HEIGHT = 800
const SCHEMES = ['light', 'dark'] as const

let running: RunningApp
const pages: { popover?: Page; main?: Page } = {}
const complaints: string[] = []
let kept: KeptPictures

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
  kept = await openKeptPictures(popover)
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

/** What is wider than it may be, by the width of the window, px. */
async function overflow(page: Page, widths: readonly number[]): Promise<readonly unknown[]> {
  const found: unknown[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT })
    const pixels = (await page.evaluate(
      '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
    )) as readonly number[]
    if (pixels.some((count) => count > 0)) found.push({ width, pixels })
  }
  return found
}

/** Cards that come into sight are drawn, and have their true height, some frames later. */
const untilStill = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((done) => {
    let [last, same] = [-1, 0]
    const look = () => {
      const now = (document.querySelector('main') ?? document.documentElement).scrollHeight
      same = now === last ? same + 1 : 0
      last = now
      same < 3 ? requestAnimationFrame(look) : done()
    }
    look()
  })`)

/** Everything that needs no eyes, and whether it looks as it did. */
async function inspect(page: Page, name: string, widths: readonly number[]): Promise<void> {
  expect(await overflow(page, widths)).toEqual([])
  const problems: (string | null)[] = []
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    expect(await faults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    for (const width of widths) {
      await page.setViewportSize({ width, height: HEIGHT })
      await untilStill(page)
      problems.push(kept.problem(`${name}-${width}-${colorScheme}`, await page.screenshot()))
    }
  }
  expect(problems.filter((problem) => problem !== null)).toEqual([])
  expect(await page.evaluate('document.getAnimations().length')).toBe(0)
  expect(complaints).toEqual([])
}

test.each(windowStates)(
  '$window: $name',
  async (state) => {
    await inspect(await show(state), `${state.window}-${state.name}`, WIDTHS[state.window])
  },
  20_000,
)

async function turnTo(page: Page, name: PageName): Promise<void> {
  const window = await running.app.browserWindow(page)
  await window.evaluate(
    (one, page) =>
      (one as Electron.BrowserWindow).webContents.send('podkeeper:event:showPage', { page, about: null }),
    name,
  )
}

test('the settings page, with a number that makes no sense', async () => {
  const page = await show(windowStates.find(({ name, window }) => name === 'guard' && window === 'main')!)
  await turnTo(page, 'settings')
  const undo = page.getByLabel('Undo a stop for')
  await undo.fill('0')
  // The only words that differ from run to run.
  await page
    .locator('.settings-file code')
    .evaluate((code) => (code.textContent = '~/.config/Podkeeper/config.json'))
  await page.setViewportSize({ width: 900, height: HEIGHT })
  for (const [part, heading] of [
    ['top', 'Settings'],
    ['end', 'Export and import'],
  ] as const) {
    await page.getByRole('heading', { name: heading, exact: true }).scrollIntoViewIfNeeded()
    await undo.blur()
    await inspect(page, `settings-${part}`, WIDTHS.main)
  }
  await turnTo(page, 'pods')
})

/** Opens what lies over the page, looks at it, and leaves. */
async function inspectOpen(window: 'main' | 'popover', name: string, open: (page: Page) => Promise<void>) {
  const page = await show(windowStates.find((one) => one.name === 'guard' && one.window === window)!)
  await page.setViewportSize({ width: WIDTHS[window][0], height: HEIGHT })
  await open(page)
  await inspect(page, `${window}-${name}`, WIDTHS[window])
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
}

async function openPalette(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(query)
  await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(3)
}

test('the palette, the menu and the rules of a pod', async () => {
  for (const window of ['main', 'popover'] as const) {
    await inspectOpen(window, 'palette', (page) => openPalette(page, 'mcmc'))
    await inspectOpen(window, 'rules', async (page) => {
      await openPalette(page, 'mcmc')
      await page.keyboard.type(' rules')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.getByRole('dialog').getByRole('textbox').count()).toBe(4)
    })
  }
}, 40_000)

test('the recovery page', async () => {
  const page = pages.popover!
  await page.goto('podkeeper://app/recovery.html#index')
  await page.evaluate(axe)
  await inspect(page, 'recovery', WIDTHS.popover)
})

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
