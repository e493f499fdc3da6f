import { expect, test } from 'vitest'
import { trayModel } from '../../../src/core/view/tray-model'
import { someMoney } from '../../harness/app/some-costs'
import { podView, snapshotOf } from '../../harness/pod-views'

const { money } = someMoney({ monthlyUsd: 6_000 })
const snapshot = snapshotOf([podView()], { money })
const month = `$${money.spent.usd.toFixed(2)} this month`

test('beside the icon stands what was chosen: what burns, what the month cost, or both', () => {
  expect(trayModel(snapshot).title).toBe('1 running · $10.76/h')
  expect(trayModel(snapshot, 'month').title).toBe(`1 running · ${month}`)
  expect(trayModel(snapshot, 'both').title).toBe(`1 running · $10.76/h · ${month}`)
  expect(trayModel(snapshot, 'both').tooltip).toContain(`$10.76/h · ${month}`)
})

test('where no month is counted, what burns is said whatever was chosen', () => {
  expect(trayModel({ ...snapshot, money: null }, 'month').title).toBe('1 running · $10.76/h')
})

test('an amount with an unknown price is at least that', () => {
  const unsure = { ...money, spent: { ...money.spent, isAtLeast: true } }
  expect(trayModel({ ...snapshot, money: unsure }, 'month').title).toBe(`1 running · at least ${month}`)
})

test('a budget that is spent is shown as shortage, and said', () => {
  expect(trayModel(snapshot).state).toBe('running')
  for (const [share, words] of [
    ['monthShare', 'The budget of the month is spent'],
    ['dayShare', 'The budget of the day is spent'],
  ] as const) {
    const spent = { ...money, budget: { ...money.budget, [share]: 1 } }
    const model = trayModel({ ...snapshot, money: spent })
    expect(model.state).toBe('short-of-money')
    expect(model.tooltip).toContain(words)
  }
})
