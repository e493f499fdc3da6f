import { describe, expect, test } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import { formatUsd } from '../../src/core/base/text/format'
import { costsStates } from '../harness/app/states/costs-states'
import {
  everyKindOfThing,
  manyThings,
  type SampleMoney,
  sampleMoney,
  usualThings,
} from '../harness/app/states/sample-costs'
import { windowStates } from '../harness/app/states/window-states'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { type BrowserScene, openScene } from '../harness/browser/scene'
import { NOW_MS } from '../harness/samples/pod-views'

/* The meter and the costs page over a sample month. Their pictures are in test/e2e/pictures/costs.ts. */

const { usual } = costsStates
const pods = windowStates.find(({ name, window }) => name === 'pods' && window === 'main')!.snapshot

interface CostsScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  readonly detail: () => string | undefined
  readonly breakdown: Locator
  readonly rows: Locator
}

/** What the app knows of its money from now on; null: the costs can't be read. */
function showMoney({ bridge }: BrowserScene, money: SampleMoney | null): void {
  bridge.replyWith('costs', () =>
    money === null
      ? { ok: false, error: { message: 'Something went wrong in Podkeeper. Try again.' } }
      : { ok: true, value: money.costs },
  )
  bridge.showSnapshot({ ...pods, money: money?.money ?? null })
}

async function openCosts(money: SampleMoney | null, width = 1_180): Promise<CostsScene> {
  const scene = await openScene({ isConnected: false, startsAtMs: NOW_MS })
  const window = await openWindow(scene, 'main', { page: 'costs', width, height: 1_000 })
  showMoney(scene, money)
  const breakdown = window.getByRole('region', { name: 'Cost breakdown' })
  if (money === null) await expect.element(window.getByRole('alert')).toBeVisible()
  else if (money.costs.rows.length > 0) await expect.poll(() => bars(window)).toBeGreaterThan(20)
  else await expect.element(window.getByRole('main')).toHaveTextContent('Nothing spent')
  return {
    scene,
    window,
    detail: () => window.document.querySelector('.day-detail')?.textContent,
    breakdown,
    rows: breakdown.getByCss('tbody tr'),
  }
}

const bars = (window: TestWindow): number => window.document.querySelectorAll('.costs-chart .bar').length

/** How much wider or narrower than its container the chart is, px; 0 without a chart. */
function chartExcess({ document }: TestWindow): number {
  const room = document.querySelector('.costs-chart')
  const svg = room?.querySelector('svg')
  return room && svg ? Math.round(svg.getBoundingClientRect().width - room.clientWidth) : 0
}

const expectGoodLookOf = (window: TestWindow): Promise<void> =>
  expectGoodLook(window, {
    widths: [360, 900, 1_400, 2_000],
    tablesScroll: true,
    excess: () => Math.abs(chartExcess(window)),
  })

const centsOf = (text: string): number => Math.round(Number(text.replace(/[$,]/g, '')) * 100)
const sumOf = (amounts: readonly number[]): number => amounts.reduce((all, cents) => all + cents, 0)
const descending = (amounts: readonly number[]): readonly number[] => [...amounts].sort((a, b) => b - a)
const textsIn = (locator: Locator): readonly string[] =>
  locator.elements().map(({ textContent }) => textContent ?? '')

describe('the costs page', () => {
  test.for(Object.entries(costsStates))(
    'is accessible and fits every width in the state "%s"',
    async ([, money]) => {
      const { window } = await openCosts(money)
      await expectGoodLookOf(window)
    },
  )

  test('says that its costs can’t be read, and reads them again when asked', async () => {
    const { scene, window } = await openCosts(null)
    await expect.element(window.getByRole('alert')).toHaveTextContent('Something went wrong')
    await expectGoodLookOf(window)
    scene.bridge.replyWith('costs', () => ({ ok: true, value: usual.costs }))
    await window.getByRole('button', { name: 'Try again' }).click()
    await expect.element(window.getByRole('alert')).not.toBeInTheDocument()
    await expect.poll(() => bars(window)).toBeGreaterThan(20)
  })

  test('explains how each figure is counted', async () => {
    const { window } = await openCosts(usual)
    window.focusOn(window.getByRole('button', { name: 'How it’s counted' }))
    await userEvent.keyboard('{Enter}')
    const dialog = window.getByRole('dialog', { name: 'How it’s counted' })
    await expect.element(dialog).toHaveTextContent('12 h at most')
    await expect.element(dialog).toHaveTextContent('Last automatic stop: mcmc-planck, Nov 22')
    expect(await window.axeFaults('contrast')).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
  })
})

describe('the chart', () => {
  test('shows and announces the day that arrow keys or the pointer are on, and stacks days as is chosen', async () => {
    const { window, detail } = await openCosts(usual)
    const chart = window.getByRole('slider', { name: 'Daily spend in November 2026, by pod', exact: true })
    window.focusOn(chart)
    await userEvent.keyboard('{ArrowRight}')
    await expect.poll(detail).toMatch(/^Nov 24, so far\$/)
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}')
    await expect.poll(detail).toMatch(/^Nov 22\$/)
    const said = chart.element().getAttribute('aria-valuetext') ?? ''
    const amounts = [...said.matchAll(/\$([\d.]+)/g)].map(([, usd]) => Math.round(Number(usd) * 100))
    const [sum, ...parts] = said.includes('while idle') ? amounts.slice(0, -1) : amounts
    expect(parts.length).toBeGreaterThan(2)
    expect(sumOf(parts)).toBe(sum)
    expect(parts).toEqual(descending(parts))
    await userEvent.keyboard('{End}')
    await expect.poll(detail).toMatch(/^Nov 30forecast \$/)
    await userEvent.keyboard('{Escape}')
    await expect.poll(detail).toBeUndefined()

    window.resize(900)
    await expect.poll(() => chartExcess(window)).toBe(0)
    const place = chart.element().getBoundingClientRect()
    await window.mouse({ x: place.right - 20, y: place.top + 100 })
    await expect.poll(detail).toMatch(/^Nov 30/)
    const shown = window.document.querySelector('.day-detail')!.getBoundingClientRect()
    expect(shown.left).toBeGreaterThanOrEqual(place.left)
    expect(shown.right).toBeLessThanOrEqual(place.right)
    // Beside the days is the scale.
    await window.mouse({ x: place.left + 5, y: place.top + 100 })
    await expect.poll(detail).toBeUndefined()

    const legend = window.getByRole('list', { name: 'Colors of the bars' })
    await expect.element(legend).toHaveTextContent('llama-70b-sft')
    await window.getByText('By GPU').click()
    await expect.element(legend).toHaveTextContent('H100 SXM')
    await window.getByText('Busy and idle').click()
    await expect.element(legend).toHaveTextContent(/^busyidle$/)
  })
})

describe('the table', () => {
  test('is sorted by a heading, the highest total first, and adds up to the cent', async () => {
    const { window, breakdown, rows } = await openCosts(usual)
    expect(rows.elements()).toHaveLength(usualThings.length)
    const column = (index: number): readonly string[] =>
      rows.elements().map((row) => row.querySelectorAll('th, td')[index]?.textContent ?? '')
    const totals = column(6).map(centsOf)
    expect(totals).toEqual(descending(totals))
    expect(textsIn(breakdown.getByCss('tfoot .total'))).toEqual([formatUsd(sumOf(totals) / 100)])
    window.focusOn(window.getByRole('button', { name: 'Pod', exact: true }))
    await userEvent.keyboard('{Enter}')
    await expect.element(window.getByCss('th[aria-sort]')).toHaveAttribute('aria-sort', 'ascending')
    const names = column(0)
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })))
  })

  test('gives a row the color that its pod has on the page Pods, and gray if it was terminated', async () => {
    const { window, rows } = await openCosts(costsStates['every-kind'])
    expect(rows.elements()).toHaveLength(everyKindOfThing.length)
    const classOf = (text: string) => rows.filter({ hasText: text }).elements()[0]?.getAttribute('class')
    const inTable = classOf('llama-70b-sft')
    expect(inTable).toMatch(/^p[1-8]$/)
    expect(classOf('eval-sweep-a')).toBe('faded')
    await window.getByRole('navigation').getByRole('button', { name: 'Pods' }).click()
    const card = window.getByRole('article').filter({ has: page.getByText('llama-70b-sft', { exact: true }) })
    await expect.element(card).toHaveClass(inTable ?? '')
  })

  test('changes with the grouping: a row for each type of GPU, and what each pod cost while idle first', async () => {
    const { window, breakdown, rows } = await openCosts(usual)
    const cells = (index: number) =>
      rows.elements().map((row) => row.querySelectorAll('th, td')[index]?.textContent ?? '')
    const totalOf = () => textsIn(breakdown.getByCss('tfoot .total'))
    const total = totalOf()
    await window.getByText('By GPU').click()
    await expect.element(breakdown.getByRole('columnheader', { name: '$/hr' })).not.toBeInTheDocument()
    expect(cells(0)).toContain('H100 SXM 1 pod')
    expect(totalOf()).toEqual(total)
    expect(await window.axeFaults('all')).toEqual([])
    await window.getByText('Busy and idle').click()
    await expect.element(breakdown.getByRole('columnheader', { name: 'Not idle' })).toBeVisible()
    const idle = cells(4).map((text) => centsOf(text))
    expect(idle).toEqual(descending(idle))
    expect(idle[0]).toBeGreaterThan(0)
    expect(totalOf()).toEqual(total)
    expect(await window.axeFaults('all')).toEqual([])
  })

  test('draws the first hundred of a thousand rows, and has the hidden ones in its sum', async () => {
    const thousand = sampleMoney({ things: manyThings(1_000), monthlyUsd: null })
    const { window, breakdown, rows } = await openCosts(thousand)
    expect(rows.elements()).toHaveLength(100)
    const totalOf = (part: string): number =>
      sumOf(textsIn(breakdown.getByCss(`${part} .total`)).map(centsOf))
    expect(totalOf('.sum')).toBe(thousand.costs.totalCents)
    expect(totalOf('tbody') + totalOf('.more')).toBe(thousand.costs.totalCents)
    await window.getByRole('button', { name: 'Show 900 more' }).click()
    await expect.poll(() => rows.elements().length).toBe(1_000)
    expect(totalOf('tbody')).toBe(thousand.costs.totalCents)
  })
})

describe('the meter', () => {
  test('has the same content in both windows, visually and for screen readers', async () => {
    const scene = await openScene({ isConnected: false, startsAtMs: NOW_MS })
    const popover = await openWindow(scene, 'popover', { height: 1_000 })
    const windows = [await openWindow(scene, 'main'), popover]
    const meter = (window: TestWindow) => window.getByRole('img', { name: /^Spent / })
    for (const name of ['usual', 'over', 'no-budget'] as const) {
      const { money } = costsStates[name]
      const { monthlyUsd, monthShare } = money.budget
      showMoney(scene, costsStates[name])
      for (const window of windows) {
        await expect.poll(() => meter(window).elements().length).toBe(monthlyUsd === null ? 0 : 1)
        if (monthlyUsd === null)
          expect(window.getByRole('button', { name: 'Set budget' }).elements()).toHaveLength(1)
        else
          await expect
            .element(meter(window))
            .toHaveAttribute(
              'aria-label',
              expect.stringContaining(
                `Spent ${formatUsd(money.spent.usd)}, ${Math.round(monthShare! * 100)}% of ${formatUsd(monthlyUsd)}`,
              ),
            )
      }
      // The looks of the costs page have that of the main window.
      await expectGoodLook(popover, { widths: [360, 400] })
    }
  })
})
