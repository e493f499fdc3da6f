import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatUsd } from '../../src/core/base/format'
import { type KeptPictures, openKeptPictures } from '../harness/app/baseline'
import { launch, type RunningApp } from '../harness/app/launch'
import { screenshot } from '../harness/app/scene'
import { answerCosts } from '../harness/app/show-costs'
import { prepareForStates, showState } from '../harness/app/show-state'
import { manyThings, type SomeMoney, someMoney, usualThings } from '../harness/app/some-costs'
import { windowStates } from '../harness/app/states'

/*
 * The meter in both windows and the page of costs: the states that they can be in, in both themes and every width, and
 * what a person does there by pointer and by keyboard.
 */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WIDTHS = { main: [360, 900, 1_400, 2_000], popover: [360, 400] } as const

const usual = someMoney()
const states: Readonly<Record<string, SomeMoney | null>> = {
  usual,
  empty: someMoney({ things: [] }),
  'no-budget': someMoney({ monthlyUsd: null }),
  over: someMoney({ monthlyUsd: 200 }),
  range: someMoney({
    doubt: { minUsd: usual.costs.spent.usd - 14.2, maxUsd: usual.costs.spent.usd + 31, mayMissPods: true },
    billProblem: 'Runpod answered 503.',
  }),
  error: null,
}

let running: RunningApp
let popover: Page
let main: Page
let kept: KeptPictures
const complaints: string[] = []
beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  main = await running.mainWindow()
  for (const page of [popover, main]) {
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await prepareForStates(running.app, page)
    await page.evaluate(axe)
  }
  kept = await openKeptPictures(popover)
})
afterAll(() => running?.close())

const stateOf = (window: 'main' | 'popover', name: string) =>
  windowStates.find((one) => one.name === name && one.window === window)!
const toPage = (name: string): Promise<void> =>
  main.getByRole('navigation').getByRole('button', { name }).click()

/** Both windows as they are with this money; null: it cannot be read. */
async function show(money: SomeMoney | null): Promise<void> {
  await answerCosts(running.app, money?.costs ?? null)
  await toPage('Pods')
  for (const [window, page] of [
    ['main', main],
    ['popover', popover],
  ] as const) {
    const state = stateOf(window, 'pods')
    await showState(running.app, page, {
      ...state,
      snapshot: { ...state.snapshot, money: money?.money ?? null },
    })
  }
}

/** By how much the drawing is wider or narrower than its room, px; 0 where there is none. */
const chartExcess = `(() => {
  const room = document.querySelector('.costs-chart')
  const svg = room?.querySelector('svg.recharts-surface')
  return svg ? Math.round(svg.getBoundingClientRect().width - room.clientWidth) : 0
})()`

/** Nothing wider than the window, nothing that axe-core finds wrong, and it looks as it did. */
async function inspect(page: Page, name: string, widths: readonly number[]): Promise<void> {
  const problems: (string | null)[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 1_000 })
    const pixels = await page.evaluate(
      '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
    )
    expect({ width, pixels }).toEqual({ width, pixels: [0, 0] })
    // The pointer of the display lies somewhere, and a window that grows may come under it.
    await page.mouse.move(0, 0)
    await expect.poll(() => page.locator('.day-detail').count()).toBe(0)
    // It follows its room a moment later.
    await expect.poll(() => page.evaluate(chartExcess)).toBe(0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await screenshot(page, `costs/${name}-${width}-${colorScheme}`)
      problems.push(kept.problem(`${name}-${width}-${colorScheme}`, await page.screenshot()))
    }
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }
  expect(problems.filter((problem) => problem !== null)).toEqual([])
  expect(complaints).toEqual([])
}

const bars = () => main.locator('.costs-chart .billed, .costs-chart .estimated').count()

test.each(Object.entries(states))(
  'costs: %s',
  async (name, money) => {
    await show(money)
    await toPage('Costs')
    if (money === null) await expect.poll(() => main.getByRole('alert').textContent()).toContain('stumbled')
    else if (money.costs.rows.length > 0) await expect.poll(bars).toBeGreaterThan(20)
    else await expect.poll(() => main.textContent('main')).toContain('Nothing was spent')
    await inspect(main, `costs-${name}`, WIDTHS.main)
  },
  40_000,
)

test('the meter says the same in both windows, to eyes and to ears', async () => {
  const { spent, budget } = usual.money
  for (const [name, money] of [
    ['usual', usual],
    ['no-budget', states['no-budget']!],
    ['over', states['over']!],
  ] as const) {
    await show(money)
    await inspect(popover, `popover-meter-${name}`, WIDTHS.popover)
    await inspect(main, `main-meter-${name}`, [900])
  }
  await show(usual)
  for (const page of [popover, main]) {
    const bar = page.getByRole('img', { name: /^Spent / })
    expect(await bar.getAttribute('aria-label')).toContain(
      `Spent ${formatUsd(spent.usd)}, ${Math.round(budget.monthShare! * 100)} % of $600.00`,
    )
  }
  await show(states['no-budget']!)
  for (const page of [popover, main]) {
    expect(await page.getByRole('img', { name: /^Spent / }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Set a budget' }).count()).toBe(1)
  }
}, 60_000)

test('arrow keys go from day to day, and say what each was made of', async () => {
  await show(usual)
  await toPage('Costs')
  await expect.poll(bars).toBeGreaterThan(20)
  await main.setViewportSize({ width: 1_400, height: 1_000 })
  await main.locator('.costs-chart svg.recharts-surface').first().focus()
  await main.keyboard.press('ArrowRight')
  const detail = main.locator('.day-detail')
  await expect.poll(() => detail.textContent()).toContain('(UTC): $')
  const first = await detail.textContent()
  await main.keyboard.press('ArrowRight')
  await expect.poll(() => detail.textContent()).not.toBe(first)
  await screenshot(main, 'costs/detail-1400-dark')
})

test('the table sorts by a press on a heading, and adds up to the cent', async () => {
  await show(usual)
  await toPage('Costs')
  const rows = main.getByRole('region', { name: 'What it was spent on' }).locator('tbody tr')
  await expect.poll(() => rows.count()).toBe(usualThings.length)
  const column = async (index: number): Promise<readonly string[]> =>
    Promise.all(
      (await rows.all()).map(async (row) => (await row.locator('th, td').nth(index).textContent()) ?? ''),
    )
  const totals = (await column(6)).map((text) => Math.round(Number(text.replace(/[$,]/g, '')) * 100))
  expect(totals).toEqual([...totals].sort((a, b) => b - a))
  const shown = await main.locator('tfoot .total').textContent()
  expect(formatUsd(totals.reduce((sum, cents) => sum + cents, 0) / 100)).toBe(shown)
  await main.getByRole('button', { name: 'Name', exact: true }).focus()
  await main.keyboard.press('Enter')
  const names = await column(0)
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })))
  expect(await main.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending')
})

test('the days can be stacked by GPU type, and working against idle', async () => {
  await show(usual)
  await toPage('Costs')
  const legend = main.getByRole('list', { name: 'What the stacks are' })
  await expect.poll(() => legend.textContent()).toContain('llama-70b-sft')
  await main.getByRole('radio', { name: 'By GPU' }).click()
  await expect.poll(() => legend.textContent()).toContain('H100 SXM')
  await main.getByRole('radio', { name: 'Working or idle' }).click()
  await expect.poll(() => legend.textContent()).toMatch(/^working\$[\d.]+idle\$/)
})

test('fifty pods with names of sixty characters fit at every width', async () => {
  const many = someMoney({ things: manyThings(50), monthlyUsd: 5_000 })
  await show(many)
  await toPage('Costs')
  await expect.poll(() => main.locator('.table-room tbody tr').count()).toBeGreaterThanOrEqual(50)
  await inspect(main, 'costs-many', WIDTHS.main)
}, 60_000)

test('a failed reading is tried again', async () => {
  await show(null)
  await toPage('Costs')
  await expect.poll(() => main.getByRole('alert').count()).toBe(1)
  await answerCosts(running.app, usual.costs)
  await main.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => main.getByRole('alert').count()).toBe(0)
  await expect.poll(bars).toBeGreaterThan(20)
})

test('the drawing of charts is loaded with the page of costs only', () => {
  const assets = join(import.meta.dirname, '../../out/renderer')
  const html = ['index.html', 'window.html'].map((name) => readFileSync(join(assets, name), 'utf8')).join('')
  const scripts = [...html.matchAll(/assets\/[\w-]+\.js/g)].map(([path]) => path)
  expect(scripts.length).toBeGreaterThan(1)
  for (const path of new Set(scripts))
    expect(readFileSync(join(assets, path), 'utf8').includes('recharts-')).toBe(false)
})
