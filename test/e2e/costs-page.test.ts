import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatUsd } from '../../src/core/base/text/format'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { type BaselineImages, openBaselines } from '../harness/app/look/baseline'
import { capture } from '../harness/app/look/capture'
import { launch, type RunningApp } from '../harness/app/start/launch'
import { screenshot } from '../harness/app/start/scene'
import { serveCosts } from '../harness/app/states/show-costs'
import { prepareForStates, showState } from '../harness/app/states/show-state'
import {
  everyKindOfThing,
  manyThings,
  type SampleMoney,
  sampleMoney,
  usualThings,
} from '../harness/app/states/sample-costs'
import { windowStates } from '../harness/app/states/window-states'

/*
 * The meter in both windows and the costs page: every state in both themes and at every width, and how users operate
 * them by pointer and keyboard.
 */

const WIDTHS = { main: [360, 900, 1_400, 2_000], popover: [360, 400] } as const

const usual = sampleMoney()
const states: Readonly<Record<string, SampleMoney | null>> = {
  usual,
  empty: sampleMoney({ things: [] }),
  'no-budget': sampleMoney({ monthlyUsd: null }),
  over: sampleMoney({ monthlyUsd: 200 }),
  range: sampleMoney({
    doubt: { minUsd: usual.costs.spent.usd - 14.2, maxUsd: usual.costs.spent.usd + 31, mayMissPods: true },
    billProblem: 'Runpod answered 503.',
  }),
  // One row of each kind, with a price that is not known.
  'every-kind': sampleMoney({ things: everyKindOfThing, savedUsd: null, doubt: { isAtLeast: true } }),
  // Bills are read for the first time.
  reading: sampleMoney({ bills: 'reading' }),
  error: null,
}

let running: RunningApp
let popover: Page
let main: Page
let kept: BaselineImages
const consoleErrors: string[] = []
beforeAll(async () => {
  running = await launch({ env: { TZ: 'UTC' } })
  popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  main = await running.mainWindow()
  for (const page of [popover, main]) {
    page.on('console', (message) => consoleErrors.push(message.text()))
    page.on('pageerror', (error) => consoleErrors.push(error.message))
    await prepareForStates(running.app, page)
    await loadAxe(page)
  }
  kept = await openBaselines(popover)
})
afterAll(() => running?.close())

const stateOf = (window: 'main' | 'popover', name: string) =>
  windowStates.find((one) => one.name === name && one.window === window)!
const toPage = (name: string): Promise<void> =>
  main.getByRole('navigation').getByRole('button', { name }).click()

/** Both windows with these costs; null if the costs are unreadable. */
async function show(money: SampleMoney | null): Promise<void> {
  await serveCosts(running.app, money?.costs ?? null)
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

/** How much wider or narrower than its container the chart is, px; 0 without a chart. */
const chartExcess = `(() => {
  const room = document.querySelector('.costs-chart')
  const svg = room?.querySelector('svg')
  return svg ? Math.round(svg.getBoundingClientRect().width - room.clientWidth) : 0
})()`

const SCHEMES = ['light', 'dark'] as const
type Look = `${number}-${(typeof SCHEMES)[number]}`

/** Nothing overflows the window, axe-core finds no violations, and the page matches its baseline. */
async function inspect(
  page: Page,
  name: string,
  widths: readonly number[],
  looks: readonly Look[],
): Promise<void> {
  const problems: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 1_000 })
    // Resizing may move the window under the display's pointer.
    await page.mouse.move(0, 0)
    await expect.poll(() => page.locator('.day-detail').count()).toBe(0)
    // The chart resizes slightly later than its container.
    await expect.poll(() => page.evaluate(chartExcess)).toBe(0)
    const pixels = await page.evaluate(
      '[document.documentElement, document.querySelector("main")].map((e) => e.scrollWidth - e.clientWidth)',
    )
    expect({ width, pixels }).toEqual({ width, pixels: [0, 0] })
    for (const colorScheme of SCHEMES) {
      if (!looks.includes(`${width}-${colorScheme}`)) continue
      await page.emulateMedia({ colorScheme })
      const problem = kept.problem(`${name}-${width}-${colorScheme}`, await capture(page))
      if (problem !== null) problems.push(problem)
    }
  }
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
  }
  expect(problems).toEqual([])
  expect(consoleErrors).toEqual([])
}

const bars = () => main.locator('.costs-chart .bar').count()

/** The other states differ in text and bars only. */
const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  usual: ['360-light', '900-light', '900-dark', '1400-light', '2000-light'],
  over: ['900-light', '900-dark'],
  'every-kind': ['1400-light', '1400-dark', '360-light'],
  reading: ['900-light'],
}

test.each(Object.entries(states))(
  'the costs page in the state "%s" is accessible, fits, and matches its baseline',
  async (name, money) => {
    await show(money)
    await toPage('Costs')
    if (money === null)
      await expect.poll(() => main.getByRole('alert').textContent()).toContain('Something went wrong')
    else if (money.costs.rows.length > 0) await expect.poll(bars).toBeGreaterThan(20)
    else await expect.poll(() => main.textContent('main')).toContain('Nothing spent')
    await inspect(main, `costs-${name}`, WIDTHS.main, LOOKS[name] ?? ['900-light'])
  },
)

test('the meter has the same content in both windows, visually and for screen readers', async () => {
  const { spent, budget } = usual.money
  for (const [name, money] of [
    ['usual', usual],
    ['no-budget', states['no-budget']!],
    ['over', states['over']!],
  ] as const) {
    await show(money)
    await inspect(popover, `popover-meter-${name}`, WIDTHS.popover, ['360-light'])
    await inspect(main, `main-meter-${name}`, [900], ['900-dark'])
  }
  await show(usual)
  for (const page of [popover, main]) {
    const bar = page.getByRole('img', { name: /^Spent / })
    expect(await bar.getAttribute('aria-label')).toContain(
      `Spent ${formatUsd(spent.usd)}, ${Math.round(budget.monthShare! * 100)}% of $600.00`,
    )
  }
  await show(states['no-budget']!)
  for (const page of [popover, main]) {
    expect(await page.getByRole('img', { name: /^Spent / }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Set budget' }).count()).toBe(1)
  }
})

test('arrow keys move between days and announce the breakdown of each', async () => {
  await show(usual)
  await toPage('Costs')
  await expect.poll(bars).toBeGreaterThan(20)
  await main.setViewportSize({ width: 1_400, height: 1_000 })
  // Resizing may move the window under the display's pointer.
  await main.mouse.move(0, 0)
  const detail = main.locator('.day-detail')
  await expect.poll(() => detail.count()).toBe(0)
  const chart = main.getByRole('slider', { name: 'Daily spend in November 2026, by pod' })
  await chart.focus()
  await main.keyboard.press('ArrowRight')
  await expect.poll(() => detail.textContent()).toMatch(/^Nov 24, so far\$/)
  await main.keyboard.press('ArrowLeft')
  await main.keyboard.press('ArrowLeft')
  await expect.poll(() => detail.textContent()).toMatch(/^Nov 22\$/)
  const said = (await chart.getAttribute('aria-valuetext')) ?? ''
  const amounts = [...said.matchAll(/\$([\d.]+)/g)].map(([, usd]) => Math.round(Number(usd) * 100))
  const [sum, ...parts] = said.includes('while idle') ? amounts.slice(0, -1) : amounts
  expect(parts.length).toBeGreaterThan(2)
  expect(parts.reduce((all, cents) => all + cents, 0)).toBe(sum)
  expect(parts).toEqual([...parts].sort((a, b) => b - a))
  await screenshot(main, 'costs/detail-1400-dark')
  await main.keyboard.press('End')
  await expect.poll(() => detail.textContent()).toMatch(/^Nov 30forecast \$/)
  await main.keyboard.press('Escape')
  await expect.poll(() => detail.count()).toBe(0)
})

test('the pointer shows the day that it is on, and nothing beside the days', async () => {
  await show(usual)
  await toPage('Costs')
  await main.setViewportSize({ width: 900, height: 1_000 })
  await expect.poll(bars).toBeGreaterThan(20)
  const detail = main.locator('.day-detail')
  // The window may still be changing its size.
  const chart = async () => (await main.locator('.costs-chart').boundingBox())!
  const pointAt = async (xOf: (box: { x: number; width: number }) => number): Promise<string> => {
    const box = await chart()
    await main.mouse.move(xOf(box), box.y + 100)
    return (await detail.allTextContents()).join()
  }
  await expect.poll(() => pointAt(({ x, width }) => x + width - 20)).toMatch(/^Nov 30/)
  const [box, shown] = [await chart(), (await detail.boundingBox())!]
  expect(shown.x).toBeGreaterThanOrEqual(box.x)
  expect(shown.x + shown.width).toBeLessThanOrEqual(box.x + box.width)
  await expect.poll(() => pointAt(({ x }) => x + 5)).toBe('')
})

test('a row has the color that its pod has on the page Pods, and a terminated one is gray', async () => {
  await show(states['every-kind']!)
  const card = main.getByRole('article').filter({ hasText: 'llama-70b-sft' }).first()
  await expect.poll(() => card.count()).toBe(1)
  const onCard = /\bp[1-8]\b/.exec((await card.getAttribute('class')) ?? '')?.[0]
  expect(onCard).toBeDefined()
  await toPage('Costs')
  const rows = main.getByRole('region', { name: 'Cost breakdown' }).locator('tbody tr')
  await expect.poll(() => rows.count()).toBe(everyKindOfThing.length)
  const classOf = (text: string) => rows.filter({ hasText: text }).first().getAttribute('class')
  expect(await classOf('llama-70b-sft')).toBe(onCard)
  expect(await classOf('eval-sweep-a')).toBe('faded')
})

test('it is explained how each figure is counted', async () => {
  await show(usual)
  await toPage('Costs')
  await main.getByRole('button', { name: 'How it’s counted' }).focus()
  await main.keyboard.press('Enter')
  const dialog = main.getByRole('dialog', { name: 'How it’s counted' })
  await expect.poll(() => dialog.textContent()).toContain('12 h at most')
  expect(await dialog.textContent()).toContain('Last automatic stop: mcmc-planck, Nov 22')
  await screenshot(main, 'costs/counting')
  expect(await axeFaults(main, 'contrast')).toEqual([])
  await main.keyboard.press('Escape')
  await expect.poll(() => dialog.count()).toBe(0)
})

test('a thousand rows are drawn in part, and the hidden ones are in the sum', async () => {
  const thousand = sampleMoney({ things: manyThings(1_000), monthlyUsd: null })
  await show(thousand)
  await toPage('Costs')
  const region = main.getByRole('region', { name: 'Cost breakdown' })
  await expect.poll(() => region.locator('tbody tr').count()).toBe(100)
  const centsOf = async (locator: ReturnType<Page['locator']>): Promise<number> =>
    (await locator.allTextContents()).reduce(
      (sum, text) => sum + Math.round(Number(text.replace(/[$,]/g, '')) * 100),
      0,
    )
  const total = await centsOf(region.locator('.sum .total'))
  expect(total).toBe(thousand.costs.totalCents)
  expect(
    (await centsOf(region.locator('tbody .total'))) + (await centsOf(region.locator('.more .total'))),
  ).toBe(total)
  await main.getByRole('button', { name: 'Show 900 more' }).click()
  await expect.poll(() => region.locator('tbody tr').count()).toBe(1_000)
  expect(await centsOf(region.locator('tbody .total'))).toBe(total)
})

test('the table can be sorted by its headings and adds up to the cent', async () => {
  await show(usual)
  await toPage('Costs')
  const rows = main.getByRole('region', { name: 'Cost breakdown' }).locator('tbody tr')
  await expect.poll(() => rows.count()).toBe(usualThings.length)
  const column = async (index: number): Promise<readonly string[]> =>
    Promise.all(
      (await rows.all()).map(async (row) => (await row.locator('th, td').nth(index).textContent()) ?? ''),
    )
  const totals = (await column(6)).map((text) => Math.round(Number(text.replace(/[$,]/g, '')) * 100))
  expect(totals).toEqual([...totals].sort((a, b) => b - a))
  const shown = await main.locator('tfoot .total').textContent()
  expect(formatUsd(totals.reduce((sum, cents) => sum + cents, 0) / 100)).toBe(shown)
  await main.getByRole('button', { name: 'Pod', exact: true }).focus()
  await main.keyboard.press('Enter')
  const names = await column(0)
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })))
  expect(await main.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending')
})

test('the days can be stacked by GPU type, and by busy and idle time', async () => {
  await show(usual)
  await toPage('Costs')
  const legend = main.getByRole('list', { name: 'Colors of the bars' })
  await expect.poll(() => legend.textContent()).toContain('llama-70b-sft')
  await main.getByRole('radio', { name: 'By GPU' }).click()
  await expect.poll(() => legend.textContent()).toContain('H100 SXM')
  await main.getByRole('radio', { name: 'Busy and idle' }).click()
  await expect.poll(() => legend.textContent()).toBe('busyidle')
})

test('fifty pods with names of sixty characters fit at every width', async () => {
  const many = sampleMoney({ things: manyThings(50), monthlyUsd: 5_000 })
  await show(many)
  await toPage('Costs')
  await expect.poll(() => main.locator('.table-room tbody tr').count()).toBeGreaterThanOrEqual(50)
  await inspect(main, 'costs-many', WIDTHS.main, ['360-light', '2000-light'])
})

test('a failed request can be retried', async () => {
  await show(null)
  await toPage('Costs')
  await expect.poll(() => main.getByRole('alert').count()).toBe(1)
  await serveCosts(running.app, usual.costs)
  await main.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => main.getByRole('alert').count()).toBe(0)
  await expect.poll(bars).toBeGreaterThan(20)
})

test('the chart is loaded with the costs page only', () => {
  const assets = join(import.meta.dirname, '../../out/renderer')
  const html = ['index.html', 'window.html'].map((name) => readFileSync(join(assets, name), 'utf8')).join('')
  const scripts = [...html.matchAll(/assets\/[\w-]+\.js/g)].map(([path]) => path)
  expect(scripts.length).toBeGreaterThan(1)
  for (const path of new Set(scripts))
    expect(readFileSync(join(assets, path), 'utf8').includes('costs-chart')).toBe(false)
  const others = readdirSync(join(assets, 'assets')).filter((name) => name.endsWith('.js'))
  expect(
    others.filter((name) => readFileSync(join(assets, 'assets', name), 'utf8').includes('costs-chart')),
  ).toHaveLength(1)
})
