import { expect, test } from 'vitest'
import type { CostsRow } from '../../../../src/core/money/costs/costs-rows'
import { HOUR_MS } from '../../../../src/core/base/time/time'
import { rowText, totalText } from '../../../../src/renderer/money/costs/row-text'
import { breakdownRows } from '../../../../src/renderer/money/costs/breakdown-rows'
import { rowName } from '../../../../src/renderer/money/chart/spend-series'
import { everyKindOfThing, sampleMoney } from '../../../harness/app/states/sample-costs'

const { costs } = sampleMoney({ things: everyKindOfThing })
const rowOf = (name: string): CostsRow => costs.rows.find((row) => rowName(row) === name)!
const text = (name: string) => rowText(rowOf(name))

/** "20 h 49 min 3 s" as hours. */
function hoursIn(written: string): number {
  const of = (unit: string): number =>
    Number((new RegExp(`([\\d,]+) ${unit}\\b`).exec(written)?.[1] ?? '0').replace(',', ''))
  return of('h') + of('min') / 60 + of('s') / 3_600
}
const centsIn = (written: string): number => Math.round(Number(written.replace(/[$,]/g, '')) * 100)

test('the written hours times the written price are the written compute cost, to the cent', () => {
  let count = 0
  for (const row of costs.rows) {
    const { hours, rate, compute } = rowText(row)
    if (!rate.startsWith('$')) continue
    count += 1
    expect(Math.round(hoursIn(hours) * Number(rate.slice(1)) * 100)).toBe(centsIn(compute))
  }
  expect(count).toBeGreaterThan(5)
})

test('what only a bill knows is marked, and is not in the product of hours and price', () => {
  const { hours, rate, compute, billedCompute, total } = text('watched-in-part')
  expect(rate).toBe('$10.76')
  expect(billedCompute).toMatch(/^\+ \$[\d.]+ billed$/)
  const besides = centsIn(/\$[\d.]+/.exec(billedCompute!)![0])
  expect(hoursIn(hours) * 10.76).toBeCloseTo(centsIn(compute) / 100, 2)
  expect(centsIn(compute) + besides + rowOf('watched-in-part').diskCents).toBe(centsIn(total))
  expect(text('billed')).toMatchObject({
    hours: 'unknown',
    rate: '–',
    billedCompute: 'billed',
    kind: 'terminated',
  })
})

test('an unknown price is written as unknown', () => {
  expect(text('no-price')).toMatchObject({
    hours: '3 h 6 min',
    rate: 'unknown',
    compute: 'unknown',
    total: 'at least $0.12',
  })
})

test('a row says what it is', () => {
  expect(text('llama-70b-sft').kind).toBe('')
  expect(text('anomaly-v3').kind).toBe('stopped')
  expect(text('eval-sweep-b').kind).toBe('creating')
  expect(text('eval-sweep-a').kind).toBe('terminated Nov 19')
  expect(text('datasets')).toMatchObject({
    kind: 'network volume, 250 GB',
    hours: '',
    rate: '',
    compute: '–',
  })
})

test('the last line has the sums of the rows, and none while bills are read for the first time', () => {
  const { rows, totalCents, idleCents } = costs
  const sum = totalText(rows, null)
  expect(centsIn(sum.total.replace('at least ', ''))).toBe(totalCents)
  expect(sum.total).toContain('at least')
  expect(centsIn(sum.compute) + centsIn(sum.disk)).toBe(totalCents)
  expect(centsIn(sum.idle)).toBe(idleCents)
  const written = rows.map((row) => hoursIn(rowText(row).hours)).reduce((all, hours) => all + hours, 0)
  expect(hoursIn(sum.hours)).toBeCloseTo(written, 6)
  expect(totalText(rows, '…')).toMatchObject({ compute: '…', disk: '…', total: '…', idle: '…' })
})

test('a price has as many decimals as its product needs', () => {
  const row = rowOf('llama-70b-sft')
  const rate = { shownMs: HOUR_MS, perHourUsd: 10.7654, decimals: 4 }
  expect(rowText({ ...row, rate }).rate).toBe('$10.7654')
  expect(rowText({ ...row, rate, spent: { ...row.spent, isApproximate: true } }).rate).toBe(
    'approx. $10.7654',
  )
})

test('by GPU there is one row for each type, in the color of the chart, and the sums are those of all rows', () => {
  const { rows, colors } = breakdownRows(costs.rows, 'gpu', new Map())
  const shown = rows.map((row) => [rowName(row), rowText(row).kind])
  expect(new Set(shown.map(([name]) => name)).size).toBe(rows.length)
  expect(rows.length).toBeLessThan(costs.rows.length)
  expect(shown).toContainEqual(['network volumes', ''])
  expect(rows.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(costs.rows.length)
  const { hardware: _none, ...sums } = totalText(costs.rows, null)
  expect(totalText(rows, null)).toMatchObject(sums)
  expect(rows.map(({ id }) => colors.get(id) ?? '')).not.toContain('')
  expect(breakdownRows(costs.rows, 'idle', new Map()).rows).toBe(costs.rows)
})

test('what a row cost while busy and while idle is its total', () => {
  for (const row of costs.rows) {
    const { busy, idle, total } = rowText(row)
    if (total.startsWith('$')) expect(centsIn(busy.replace('–', '0')) + centsIn(idle)).toBe(centsIn(total))
  }
  expect(text('no-price')).toMatchObject({ busy: 'at least $0.12', total: 'at least $0.12' })
})
