import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AgentStart,
  isWithinLimit,
  type StandingLimit,
} from '../../../../src/core/pods-api/access/standing-limit'

const limitOf = (more: Partial<StandingLimit>): StandingLimit => ({
  maxHourlyUsd: null,
  maxTotalUsd: null,
  jobCommands: [],
  ...more,
})
const startOf = (
  perHourUsd: number,
  maxHours: number | null = null,
  podId: string | null = 'p',
): AgentStart => ({
  id: 's',
  agent: 'claude',
  accountId: 'a',
  podId,
  perHourUsd,
  maxHours,
  atMs: 0,
})
const all = (): boolean => true

test('without a limit, nothing starts without a person', () => {
  expect(isWithinLimit(limitOf({}), startOf(0.01, 0.1), [], all)).toBe(false)
})

test('a limit per hour is for all pods that the agent started and that may run', () => {
  const limit = limitOf({ maxHourlyUsd: 5 })
  expect(isWithinLimit(limit, startOf(3), [], all)).toBe(true)
  expect(isWithinLimit(limit, startOf(3), [startOf(3)], all)).toBe(false)
  expect(isWithinLimit(limit, startOf(3), [startOf(3)], () => false)).toBe(true)
})

test('a limit in total counts the price of each for its maximum hours, whether or not it runs', () => {
  const limit = limitOf({ maxTotalUsd: 50 })
  expect(isWithinLimit(limit, startOf(3, 10), [], all)).toBe(true)
  expect(isWithinLimit(limit, startOf(3, 10), [startOf(3, 10)], () => false)).toBe(false)
  // Nobody knows when it ends.
  expect(isWithinLimit(limit, startOf(0.1), [], all)).toBe(false)
})

test('both limits count where both are given', () => {
  const limit = limitOf({ maxHourlyUsd: 5, maxTotalUsd: 50 })
  expect(isWithinLimit(limit, startOf(5, 10), [], all)).toBe(true)
  expect(isWithinLimit(limit, startOf(6, 1), [], all)).toBe(false)
  expect(isWithinLimit(limit, startOf(5, 11), [], all)).toBe(false)
})

test('whatever an agent starts within its limits, it runs no more per hour and uses no more in total', () => {
  const start = fc.record({
    usd: fc.double({ min: 0.01, max: 20, noNaN: true }),
    hours: fc.integer({ min: 1, max: 24 }),
  })
  fc.assert(
    fc.property(fc.array(start, { maxLength: 20 }), (starts) => {
      const limit = limitOf({ maxHourlyUsd: 10, maxTotalUsd: 100 })
      const started: AgentStart[] = []
      for (const { usd, hours } of starts)
        if (isWithinLimit(limit, startOf(usd, hours), started, all)) started.push(startOf(usd, hours))
      const hourly = started.reduce((sum, { perHourUsd }) => sum + perHourUsd, 0)
      const total = started.reduce((sum, { perHourUsd, maxHours }) => sum + perHourUsd * (maxHours ?? 0), 0)
      return hourly <= 10.001 && total <= 100.001
    }),
  )
})
