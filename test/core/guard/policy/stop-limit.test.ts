import { describe, expect, test } from 'vitest'
import type { Intent } from '../../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../../src/core/intents/intent-rules'
import { withObservation } from '../../../../src/core/intents/intent-observation'
import { withReply } from '../../../../src/core/intents/intent-reply'
import { stopsWithinHour } from '../../../../src/core/guard/policy/stop-limit'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { type IntentState, intentsByState } from '../../../harness/samples/intents'
import { instant, pod } from '../../../harness/samples/pods'
import { failure } from '../../../harness/monitor/scripted-provider'

const knownSince = () => instant(0)
const sentAt = (at: Intent['sentAt'], origin: Intent['origin'] = 'quiet'): Intent => ({
  ...intentsByState('stop').scheduled,
  origin,
  sentAt: at,
})
/** Sent by another run of Podkeeper, at this wall time relative to the start of this run. */
const before = (ms: number): Intent => sentAt({ wallMs: START_MS + ms, monotonicMs: 1, runId: 'run-0' })

describe('the automatic stops within an hour', () => {
  test('include all that were sent by a rule, and none of the user', () => {
    const counted = (...intents: Intent[]): number =>
      stopsWithinHour(intents, knownSince, instant(2 * MINUTE_MS))
    const [stop, unsent, byPerson] = [
      sentAt(instant(MINUTE_MS)),
      { ...sentAt(null), podId: 'unsent' },
      { ...sentAt(instant(MINUTE_MS), 'person'), podId: 'by-person' },
    ]
    expect(counted(stop, unsent, byPerson)).toBe(1)
    expect([counted(unsent), counted(byPerson)]).toEqual([0, 0])
    expect(stopsWithinHour([sentAt(instant(0), 'max-hours')], knownSince, instant(1))).toBe(1)
  })

  test.each<[IntentState, number]>([
    ['sent', 1],
    ['disputed', 1],
    ['accepted', 1],
    ['observed', 1],
    ['did-not-happen', 1],
    ['failed', 0],
  ])('include one that is %s or not, by whether it may have had an effect: %d', (state, count) => {
    const intent: Intent = { ...intentsByState('stop')[state], origin: 'quiet' }
    expect(stopsWithinHour([intent], knownSince, instant(MINUTE_MS))).toBe(count)
  })

  test('include one that was accepted before its pod was gone, but none that a 409 or a 429 refused', () => {
    const { accepted, disputed, sent } = intentsByState('stop')
    const byRule = (intent: Intent): Intent => ({ ...intent, origin: 'quiet' })
    const at = instant(10_000)
    const gone = withObservation(byRule(accepted), null, at, at, rules)
    const conflicting = withObservation(byRule(disputed), pod(), at, at, rules)
    const limited = withReply(byRule(sent), failure('rate-limited'), at, rules)
    expect([gone, conflicting, limited].map(({ phase }) => phase)).toEqual(['failed', 'failed', 'failed'])
    expect([gone, conflicting, limited].map((one) => stopsWithinHour([one], knownSince, at))).toEqual([
      1, 0, 0,
    ])
  })

  test('count one run of a pod once, however often its stop was sent', () => {
    const one = sentAt(instant(0))
    const times = [one, sentAt(instant(MINUTE_MS)), sentAt(instant(2 * MINUTE_MS))]
    const others = [
      { ...one, podId: 'pod-2' },
      { ...one, podStartedAtMs: 7 },
    ]
    expect(stopsWithinHour(times, knownSince, instant(3 * MINUTE_MS))).toBe(1)
    expect(stopsWithinHour([...times, ...others], knownSince, instant(3 * MINUTE_MS))).toBe(3)
  })

  test('of this run are counted by the monotonic clock', () => {
    const jumped = (ms: number) => instant(ms, { wallMs: START_MS + ms + 5 * HOUR_MS })
    const [one] = [sentAt(instant(0))]
    expect(stopsWithinHour([one], knownSince, jumped(HOUR_MS - 1))).toBe(1)
    expect(stopsWithinHour([one], knownSince, jumped(HOUR_MS))).toBe(0)
  })

  test.each([
    ['half an hour before', -30 * MINUTE_MS, 1],
    ['an hour and a half before: a clock may have been set by an hour', -90 * MINUTE_MS, 1],
    ['two hours before', -2 * HOUR_MS, 0],
    ['in the future: a clock was set back', 300 * HOUR_MS, 1],
  ])('of an earlier run count after a restart: %s', (_, ms, count) => {
    expect(stopsWithinHour([before(ms)], knownSince, instant(0))).toBe(count)
  })

  test('of an earlier run no longer count once this run has lasted an hour', () => {
    expect(stopsWithinHour([before(300 * HOUR_MS)], knownSince, instant(HOUR_MS))).toBe(0)
  })
})
