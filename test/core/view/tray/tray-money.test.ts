import { expect, test } from 'vitest'
import { trayModel } from '../../../../src/core/view/tray/tray-model'
import { moneyView } from '../../../harness/samples/money-views'
import { sampleMoney } from '../../../harness/app/states/sample-costs'
import { podView, snapshotOf } from '../../../harness/samples/pod-views'

const { money } = sampleMoney({ monthlyUsd: 6_000 })
const snapshot = snapshotOf([podView()], { money })
const month = `$${money.spent.usd.toFixed(2)} this month`

test('the title shows the chosen amounts: the current rate, the month’s spend, or both', () => {
  expect(trayModel(snapshot).title).toBe('1 running · $10.76/hr')
  expect(trayModel(snapshot, 'month').title).toBe(`1 running · ${month}`)
  expect(trayModel(snapshot, 'both').title).toBe(`1 running · $10.76/hr · ${month}`)
  expect(trayModel(snapshot, 'both').tooltip).toContain(`$10.76/hr · ${month}`)
})

test('the title shows the current rate where the month’s spend is unknown, whatever was chosen', () => {
  expect(trayModel({ ...snapshot, money: null }, 'month').title).toBe('1 running · $10.76/hr')
  const reading = { ...moneyView(412.8), isReadingBills: true as const }
  expect(trayModel({ ...snapshot, money: reading }, 'month').title).toBe('1 running · $10.76/hr')
})

test('an amount with an unknown price is shown as a minimum', () => {
  const unsure = { ...money, spent: { ...money.spent, isAtLeast: true } }
  expect(trayModel({ ...snapshot, money: unsure }, 'month').title).toBe(`1 running · at least ${month}`)
})

test('a spent budget is shown as a shortage with its reason', () => {
  expect(trayModel(snapshot).state).toBe('running')
  for (const [share, words] of [
    ['monthShare', 'The monthly budget is spent'],
    ['dayShare', 'The daily budget is spent'],
  ] as const) {
    const spent = { ...money, budget: { ...money.budget, [share]: 1 } }
    const model = trayModel({ ...snapshot, money: spent })
    expect(model.state).toBe('short-of-money')
    expect(model.tooltip).toContain(words)
  }
})
