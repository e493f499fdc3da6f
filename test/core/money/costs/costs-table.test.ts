import { expect, test } from 'vitest'
import { costsLines, costsTableCsv } from '../../../../src/core/money/costs/costs-table'
import { toCostsView } from '../../../../src/core/money/costs/costs-view'
import { noBudgets } from '../../../../src/core/money/money-view'
import { DAY_MS, HOUR_MS } from '../../../../src/core/base/time/time'
import { billRow, MONTH_START_MS, openLedger } from '../../../harness/money/ledger-fixture'

const line = {
  id: 'x',
  name: 'x',
  hardware: null,
  hours: 1.5,
  totalCents: 123,
  computeCents: 100,
  diskCents: 23,
  idleCents: 0,
  unobservedCents: 0,
  billedUsd: 0,
}

test('the lines of a month add up to it, by pod, by GPU and by day', () => {
  const ledger = openLedger()
  const rows = Array.from({ length: 50 }, (_row, index) =>
    billRow(`p${index % 7}`, MONTH_START_MS + (index % 49) * HOUR_MS, 0.333, 0.004),
  )
  ledger.applyBill({
    kind: 'pods',
    requestedAtMs: MONTH_START_MS + 5 * DAY_MS,
    fromMs: MONTH_START_MS,
    toMs: MONTH_START_MS + 5 * DAY_MS,
    rows,
  })
  const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
  const view = toCostsView(ledger, '2026-11', MONTH_START_MS + 5 * DAY_MS, {
    budget,
    forecast: null,
    billProblem: null,
  })
  expect(view.totalCents).toBeGreaterThan(1_000)
  for (const by of ['pod', 'gpu', 'day'] as const) {
    const cents = costsLines(view, by).map(({ totalCents }) => totalCents)
    expect(cents.reduce((sum, each) => sum + each, 0)).toBe(view.totalCents)
  }
  expect(costsLines(view, 'day').map(({ id }) => id)).toEqual(['2026-11-10', '2026-11-11', '2026-11-12'])
})

test('the table follows RFC 4180', () => {
  expect(costsTableCsv([line])).toBe(
    'id,name,hardware,hours,compute_usd,disk_usd,idle_usd,total_usd,hours_not_observed_usd\r\nx,x,,1.50,1.00,0.23,0.00,1.23,0.00\r\n',
  )
  expect(costsTableCsv([{ ...line, name: 'a "b", c\nd' }])).toContain('"a ""b"", c\nd"')
})

test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'the name %j is text in a spreadsheet, not a formula',
  (name) => {
    const [, row] = costsTableCsv([{ ...line, name }]).split('id,name')
    expect(row).toMatch(/x,"?'/)
  },
)
