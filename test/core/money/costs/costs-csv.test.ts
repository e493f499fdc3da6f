import { expect, test } from 'vitest'
import { costsCsv } from '../../../../src/core/money/costs/costs-csv'
import { sampleMoney, usualThings } from '../../../harness/app/states/sample-costs'

const { costs } = sampleMoney()

test('the table has a line for each item, with cents that add up to the month', () => {
  const lines = costsCsv(costs).split('\r\n')
  expect(lines.at(-1)).toBe('')
  const [head, ...rows] = lines.slice(0, -1).map((line) => line.split(','))
  expect(rows).toHaveLength(costs.rows.length)
  const total = head!.indexOf('total_usd')
  const cents = rows.reduce((sum, row) => sum + Math.round(Number(row[total]) * 100), 0)
  expect(cents).toBe(costs.totalCents)
  for (const row of rows) expect(row).toHaveLength(head!.length)
})

test.each([
  ['=HYPERLINK("http://a","b")', `"'=HYPERLINK(""http://a"",""b"")"`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['-cmd', `'-cmd`],
  ['two\r\nlines', '"two\r\nlines"'],
  ['a "name", quoted', '"a ""name"", quoted"'],
])('the name %j becomes neither a formula nor another column', (name, written) => {
  const named = sampleMoney({ things: [{ ...usualThings[0]!, name }] }).costs
  expect(costsCsv(named)).toContain(`,${written},`)
})
