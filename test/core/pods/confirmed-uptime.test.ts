import { expect, test } from 'vitest'
import { confirmedUptimeMs } from '../../../src/core/pods/confirmed-uptime'

test('an uptime is confirmed as far as the start and the pod itself agree', () => {
  expect(confirmedUptimeMs(1_000, 5_000, 7_000)).toBe(5_000)
  expect(confirmedUptimeMs(1_000, 5_000, 4_000)).toBe(3_000)
})

test('an uptime is unknown without a start or without one of its own', () => {
  expect(confirmedUptimeMs(null, 5_000, 7_000)).toBeNull()
  expect(confirmedUptimeMs(1_000, null, 7_000)).toBeNull()
})
