import { describe, expect, test } from 'vitest'
import type { Intent } from '../../../src/core/intents/intent'
import { stopsWithinHour } from '../../../src/core/guard/stop-limit'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { START_MS } from '../../harness/clock'
import { intentsByState } from '../../harness/intents'
import { instant } from '../../harness/pods'

const runSince = instant(0)
const sentAt = (at: Intent['sentAt'], origin: Intent['origin'] = 'quiet'): Intent => ({
  ...intentsByState('stop').scheduled,
  origin,
  sentAt: at,
})
/** Sent by another run of Podkeeper, at this wall time relative to the start of this run. */
const before = (ms: number): Intent => sentAt({ wallMs: START_MS + ms, monotonicMs: 1, runId: 'run-0' })

describe('the automatic stops within an hour', () => {
  test('include all that were sent, whatever their outcome, and none of the user', () => {
    const intents = [sentAt(instant(MINUTE_MS)), sentAt(null), sentAt(instant(MINUTE_MS), 'person')]
    expect(stopsWithinHour(intents, runSince, instant(2 * MINUTE_MS))).toBe(1)
    expect(stopsWithinHour([sentAt(instant(0), 'max-hours')], runSince, instant(1))).toBe(1)
  })

  test('of this run are counted by the monotonic clock', () => {
    const jumped = (ms: number) => instant(ms, { wallMs: START_MS + ms + 5 * HOUR_MS })
    const [one] = [sentAt(instant(0))]
    expect(stopsWithinHour([one], runSince, jumped(HOUR_MS - 1))).toBe(1)
    expect(stopsWithinHour([one], runSince, jumped(HOUR_MS))).toBe(0)
  })

  test.each([
    ['half an hour before', -30 * MINUTE_MS, 1],
    ['an hour and a half before: a clock may have been set by an hour', -90 * MINUTE_MS, 1],
    ['two hours before', -2 * HOUR_MS, 0],
    ['in the future: a clock was set back', 300 * HOUR_MS, 1],
  ])('of an earlier run count after a restart: %s', (_, ms, count) => {
    expect(stopsWithinHour([before(ms)], runSince, instant(0))).toBe(count)
  })

  test('of an earlier run no longer count once this run has lasted an hour', () => {
    expect(stopsWithinHour([before(300 * HOUR_MS)], runSince, instant(HOUR_MS))).toBe(0)
  })
})
