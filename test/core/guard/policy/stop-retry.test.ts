import { describe, expect, test } from 'vitest'
import { findStopRetries, stopBackoffMs } from '../../../../src/core/guard/policy/stop-retry'
import { type Intent, toPhase } from '../../../../src/core/intents/intent'
import { unknownPermission } from '../../../../src/core/intents/write-permission'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { intentsByState } from '../../../harness/samples/intents'
import { instant, pod } from '../../../harness/samples/pods'

const knownSince = () => instant(0)
const failed = (over: Partial<Intent> = {}): Intent => ({
  ...toPhase(intentsByState('stop').sent, 'failed', instant(0), 'It said no.'),
  origin: 'quiet',
  refusal: 'other',
  ...over,
})
const retryAt = (min: number, ...intents: readonly Intent[]) =>
  findStopRetries(intents, knownSince, unknownPermission, instant(min * MINUTE_MS))(pod(), 'stop')

test('the pause after failed tries doubles from 5 minutes to 2 hours', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 2_000].map((count) => stopBackoffMs(count) / MINUTE_MS)
  expect(minutes).toEqual([5, 10, 20, 40, 80, 120, 120, 120])
})

describe('the retry of an automatic stop', () => {
  test('counts down the pause of its last try', () => {
    expect(retryAt(1, failed())).toEqual({
      failures: 1,
      leftMs: 4 * MINUTE_MS,
      atMs: START_MS + 5 * MINUTE_MS,
      message: 'It said no.',
    })
    expect(retryAt(5, failed())).toMatchObject({ failures: 1, leftMs: 0 })
    expect(retryAt(1, failed(), failed({ earlierFailures: 1 }))).toMatchObject({
      failures: 2,
      leftMs: 9 * MINUTE_MS,
    })
  })

  test('waits as long as a 429 asked for, if that is longer', () => {
    expect(retryAt(0, failed({ waitMs: HOUR_MS }))?.leftMs).toBe(HOUR_MS)
    expect(retryAt(0, failed({ waitMs: 1_000 }))?.leftMs).toBe(5 * MINUTE_MS)
  })

  test.each<[string, Partial<Intent>]>([
    ['of another pod', { podId: 'pod-2' }],
    ['of another start of the pod', { podStartedAtMs: 1 }],
    ['of the user', { origin: 'person' }],
    ['of a terminate', { action: 'terminate' }],
    ['that is open', { phase: 'accepted' }],
    ['that was observed', { phase: 'observed' }],
  ])('is not caused by an action %s', (_, over) => {
    expect(retryAt(0, failed(over))).toBeNull()
  })

  test('does not exist without a failure, or after a success', () => {
    expect(retryAt(0)).toBeNull()
    expect(retryAt(0, failed(), failed({ phase: 'observed' }))).toBeNull()
  })

  test('of a terminate waits for a stop that failed in its place', () => {
    const find = findStopRetries([failed()], knownSince, unknownPermission, instant(0))
    expect(find(pod(), 'terminate')?.leftMs).toBe(5 * MINUTE_MS)
  })

  test('is due when the key turned out to be allowed to act, if a 403 caused it', () => {
    const find = (refusal: Intent['refusal'], provenAt: Instant) =>
      findStopRetries(
        [failed({ refusal })],
        knownSince,
        { refusedSince: null, provenAt },
        instant(MINUTE_MS),
      )(pod(), 'stop')
    expect(find('forbidden', instant(1))).toBeNull()
    expect(find('other', instant(1))?.failures).toBe(1)
    expect(find('forbidden', instant(0))?.failures).toBe(1)
  })

  test.each([
    ['an hour ago', -HOUR_MS, 0],
    ['a minute ago', -MINUTE_MS, 4 * MINUTE_MS],
    ['in the future: a clock was set back', 300 * HOUR_MS, 5 * MINUTE_MS],
  ])('that an earlier run began %s is never longer than if this run had begun it', (_, ms, leftMs) => {
    const phaseAt = { wallMs: START_MS + ms, monotonicMs: 1, runId: 'run-0' }
    expect(retryAt(0, failed({ phaseAt }))?.leftMs).toBe(leftMs)
    expect(retryAt(5, failed({ phaseAt }))?.leftMs).toBe(0)
  })
})
