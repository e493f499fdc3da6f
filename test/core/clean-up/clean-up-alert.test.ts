import { expect, test } from 'vitest'
import type { AlertHistory } from '../../../src/core/alerts/alert-history'
import { planAlerts } from '../../../src/core/alerts/alert-plan'
import { cleanUpAlerts } from '../../../src/core/clean-up/clean-up-alert'
import type { LeftoverCosts } from '../../../src/core/clean-up/clean-up-view'
import { DAY_MS } from '../../../src/core/base/time/time'

const START = Date.UTC(2026, 11, 7)

const costs = (usd: number, isAtLeast = false): LeftoverCosts => ({
  volumes: {
    kind: 'read',
    gap: null,
    items: [
      { id: 'v', name: 'datasets', sizeGb: 1, dataCenterId: null, perMonthUsd: usd, unusedSinceMs: null },
    ],
  },
  pods: {
    kind: 'read',
    gap: null,
    items: [{ id: 'p', name: 'free of charge', perMonthUsd: 0, stoppedSinceMs: null }],
  },
  unclearPods: [],
  total: { usd, isAtLeast },
})

/** What is shown at so many days, by the same history. */
function createReminders({ isOn = true } = {}) {
  let history: AlertHistory = {}
  return {
    turnOn: () => (isOn = true),
    at(days: number, current: LeftoverCosts | null = costs(12)) {
      const nowMs = START + days * DAY_MS
      const pending = cleanUpAlerts({ accountId: 'a', nowMs, costs: current, history })
      const rules = { isOn: () => isOn, arePaused: false, isQuietHours: false, minIntervalMs: () => 0 }
      const plan = planAlerts(pending, history, nowMs, rules, true)
      history = plan.alertHistory
      return plan.steps.flatMap(({ kind, alert }) => (kind === 'show' ? [alert.title] : []))
    },
  }
}

test('one reminder a month says the sum and names what costs it', () => {
  const reminders = createReminders()
  expect(reminders.at(0)).toEqual(['Unused volumes and pods cost $12.00 a month'])
  for (const days of [0.01, 1, 8, 20, 29.9]) expect(reminders.at(days)).toEqual([])
  expect(reminders.at(30)).toHaveLength(1)
  const [alert] = cleanUpAlerts({ accountId: 'a', nowMs: START, costs: costs(3, true), history: {} })
  expect([alert?.title, alert?.body]).toEqual([
    'Unused volumes and pods cost at least $3.00 a month',
    'datasets',
  ])
})

test('less than $1 a month, an unknown time and an account that was reminded before say nothing', () => {
  const reminders = createReminders()
  expect(reminders.at(0, costs(0.99))).toEqual([])
  expect(reminders.at(0, null)).toEqual([])
  expect(reminders.at(1, costs(1))).toHaveLength(1)
  expect(reminders.at(2, costs(0))).toEqual([])
  expect(reminders.at(12, costs(50))).toEqual([])
})

test('the sum of the month waits for the first list of volumes, and for every pod', () => {
  const reminders = createReminders()
  const pending = { kind: 'unknown', why: 'Not read yet.', isPending: true } as const
  expect(reminders.at(0, { ...costs(12, true), volumes: pending })).toEqual([])
  expect(reminders.at(0, { ...costs(12, true), pods: { kind: 'unknown', why: 'Partial.' } })).toEqual([])
  const failed = { kind: 'unknown', why: 'The key may not read volumes.' } as const
  expect(reminders.at(1, { ...costs(12, true), volumes: failed })).toHaveLength(1)
})

test('a clock that jumps ahead and back repeats nothing of the month', () => {
  const reminders = createReminders()
  expect(reminders.at(0)).toHaveLength(1)
  expect(reminders.at(400)).toHaveLength(1)
  for (const days of [1, 15, 29]) expect(reminders.at(days)).toEqual([])
  expect(reminders.at(400.5)).toEqual([])
})

test('a reminder that is switched off is logged once, and shown when it is switched on within the month', () => {
  const reminders = createReminders({ isOn: false })
  expect([reminders.at(0), reminders.at(5), reminders.at(15)]).toEqual([[], [], []])
  reminders.turnOn()
  expect(reminders.at(16)).toHaveLength(1)
  expect(reminders.at(20)).toEqual([])
})
