import { describe, expect, test } from 'vitest'
import {
  dueInMs,
  expiredIntent,
  type Intent,
  type IntentAction,
  type IntentOrigin,
  isLate,
  isUnsent,
  markSent,
  recoverIntent,
  scheduleIntent,
  undoIntent,
} from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { toIntentView } from '../../../src/core/intents/intent-view'
import { waitForRetry, withReply } from '../../../src/core/intents/intent-reply'
import { HOUR_MS, longestElapsedMs, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { ANSWERED_MS, intentsByState } from '../../harness/samples/intents'
import { instant, pod, stoppedPod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

function scheduled(action: IntentAction, origin: IntentOrigin = 'person', waitsForGpu = false): Intent {
  const request = { id: 'intent-1', accountId: 'account-1', action, origin, waitsForGpu }
  return scheduleIntent(request, action === 'start' ? stoppedPod() : pod(), instant(0), rules)
}
const waiting = scheduled('start', 'person', true)
const terminate = scheduled('terminate')
const nextRun = (ms: number) => instant(ms, { runId: 'run-2', monotonicMs: 1 })

describe('a requested action', () => {
  test.each<[IntentAction, IntentOrigin, number]>([
    ['stop', 'person', 5_000],
    ['restart', 'person', 5_000],
    ['start', 'person', 0],
    ['terminate', 'person', 0],
    ['stop', 'quiet', 0],
    ['stop', 'max-hours', 0],
  ])('of kind %s by %s can be undone for %d ms', (action, origin, undoMs) => {
    expect(dueInMs(scheduled(action, origin), instant(0))).toBe(undoMs)
  })

  test('records the state of its pod, and nothing else has happened yet', () => {
    expect(scheduled('restart')).toMatchObject({
      podStartedAtMs: pod().startedAtMs,
      podUptimeS: 3_600,
      sentAt: null,
      isDisputed: false,
      waitsForGpu: false,
      gpuTries: 0,
      isCalledOff: false,
      lacksGpu: false,
      message: null,
    })
    expect(scheduled('start').podUptimeS).toBeNull()
  })

  test('is unsent until it is sent, and again after a 429', () => {
    const { sent, waiting: putOff, ...others } = intentsByState('stop')
    expect([others.scheduled, putOff, waiting].every(isUnsent)).toBe(true)
    expect([sent, others.accepted, others.cancelled].some(isUnsent)).toBe(false)
  })
})

describe('the confirmation of a terminate', () => {
  test.each([
    ['holds for two minutes', instant(2 * MINUTE_MS), true],
    ['and no longer', instant(2 * MINUTE_MS + 1), false],
    ['does not survive a restart of Podkeeper', nextRun(1), false],
    ['bears clocks that drift by ten seconds', instant(20_000, { wallMs: instant(30_000).wallMs }), true],
    ['but no sleep', instant(20_000, { wallMs: instant(30_001).wallMs }), false],
    ['nor a clock that is set back', instant(20_000, { wallMs: instant(9_999).wallMs }), false],
  ])('%s', (_, now, doesHold) => {
    const end = expiredIntent(terminate, now, rules)
    expect(end === null).toBe(doesHold)
    if (end !== null)
      expect(end).toMatchObject({
        phase: 'cancelled',
        message: expect.stringMatching(/trainer.*confirmed again.*Nothing more was sent/) as string,
      })
  })

  test('does not end an action that was already sent', () => {
    for (const intent of [intentsByState('terminate').sent, intentsByState('terminate').accepted])
      expect(expiredIntent(intent, instant(HOUR_MS), rules)).toBeNull()
  })

  test('expires with the run in which the action got a 429', () => {
    const { waiting: putOff } = intentsByState('terminate')
    expect(recoverIntent(putOff, instant(ANSWERED_MS), rules)).toBe(putOff)
    expect(recoverIntent(putOff, nextRun(ANSWERED_MS), rules).message).toMatch(/confirmed again/)
  })
})

describe('an action that was not sent in time', () => {
  test.each<[string, IntentAction, ReturnType<typeof instant>, boolean]>([
    ['a stop is sent up to two minutes late', 'stop', instant(2 * MINUTE_MS + 5_000), true],
    ['and no later', 'stop', instant(2 * MINUTE_MS + 5_001), false],
    ['by whichever clock', 'stop', instant(6_000, { wallMs: instant(9 * HOUR_MS).wallMs }), false],
    ['nor is a start', 'start', instant(2 * MINUTE_MS + 1), false],
    ['a restart neither', 'restart', instant(2 * MINUTE_MS + 5_001), false],
    ['and not after a sleep', 'restart', instant(6_000, { wallMs: instant(16_001).wallMs }), false],
    ['which a stop may be', 'stop', instant(6_000, { wallMs: instant(16_001).wallMs }), true],
  ])('%s', (_, action, now, mayBeSent) => {
    expect(expiredIntent(scheduled(action), now, rules)?.phase).toBe(mayBeSent ? undefined : 'cancelled')
  })

  test('has its two minutes again after each 429', () => {
    const { waiting: putOff } = intentsByState('stop')
    const dueMs = putOff.phaseAt.monotonicMs - instant(0).monotonicMs + putOff.waitMs
    expect(expiredIntent(putOff, instant(dueMs + 2 * MINUTE_MS), rules)).toBeNull()
    expect(expiredIntent(putOff, instant(dueMs + 2 * MINUTE_MS + 1), rules)).not.toBeNull()
  })
})

describe('a start that waits for a GPU', () => {
  test('is given up after eight hours by either clock', () => {
    expect(expiredIntent(waiting, instant(8 * HOUR_MS - 1), rules)).toBeNull()
    const ends = [instant(8 * HOUR_MS), instant(0, { wallMs: instant(8 * HOUR_MS).wallMs })]
    for (const now of ends)
      expect(expiredIntent(waiting, now, rules)).toMatchObject({
        phase: 'did-not-happen',
        message: 'No GPU was free for 8 h.',
      })
  })

  test('survives a restart of Podkeeper, but not its eight hours', () => {
    expect(recoverIntent(waiting, nextRun(8 * HOUR_MS - 1), rules)).toBe(waiting)
    expect(recoverIntent(waiting, nextRun(8 * HOUR_MS), rules).phase).toBe('did-not-happen')
  })

  test('always reads its pod before it is sent, unlike one that does not wait', () => {
    expect(isLate(waiting, instant(0), rules)).toBe(true)
    expect(isLate(scheduled('start'), instant(0), rules)).toBe(false)
  })

  test('is called off once, and only while an attempt is in flight', () => {
    const trying = markSent(waiting, instant(1))
    const calledOff = undoIntent(trying, instant(2))
    expect(calledOff).toEqual({ ...trying, isCalledOff: true })
    expect(undoIntent(calledOff, instant(3))).toBe(calledOff)
    const accepted = { ...trying, phase: 'accepted' } as const
    expect(undoIntent(accepted, instant(3))).toBe(accepted)
    const { sent } = intentsByState('start')
    expect(undoIntent(sent, instant(3))).toBe(sent)
  })

  test('is retried after a minute, then with growing delays, up to five minutes', () => {
    const waits: number[] = []
    let intent = waiting
    for (let tries = 0; tries < 12; tries++) {
      intent = waitForRetry(intent, 'None is free.', instant(0), rules)
      waits.push(Math.round(intent.waitMs / SECOND_MS))
    }
    expect(waits).toEqual([60, 72, 86, 104, 124, 149, 179, 215, 258, 300, 300, 300])
    expect(intent).toMatchObject({ phase: 'waiting', gpuTries: 12, message: 'None is free.' })
  })

  test('is retried no more often than set, even if the longest delay is set to less', () => {
    const odd = { ...rules, gpuRetryMs: 10 * MINUTE_MS }
    expect(waitForRetry(waiting, '', instant(0), odd).waitMs).toBe(10 * MINUTE_MS)
  })

  test('waits as long as Runpod demands where that is longer, and says so', () => {
    const putOff = (retryAfterMs: number) =>
      withReply(markSent(waiting, instant(0)), failure('rate-limited', { retryAfterMs }), instant(1), rules)
    expect(putOff(MINUTE_MS + 1)).toMatchObject({
      phase: 'waiting',
      waitMs: MINUTE_MS + 1,
      message: 'Runpod asks to wait. It said rate-limited.',
    })
    expect(putOff(1_000).waitMs).toBe(MINUTE_MS)
  })
})

describe('a stop that got a 429 is resumed after a restart of Podkeeper:', () => {
  const { waiting: putOff } = intentsByState('stop')

  test('it is sent once more within ten minutes of the request', () => {
    expect(recoverIntent(putOff, nextRun(10 * MINUTE_MS), rules)).toBe(putOff)
  })

  test('it is canceled with a message after that', () => {
    expect(recoverIntent(putOff, nextRun(10 * MINUTE_MS + 1), rules)).toMatchObject({
      phase: 'cancelled',
      message: 'Podkeeper quit while the stop of trainer was postponed; it was not carried out.',
    })
  })

  test('if it was sent, its outcome is determined by reading', () => {
    const { sent } = intentsByState('stop')
    expect(recoverIntent(sent, nextRun(HOUR_MS), rules)).toBe(sent)
  })
})

describe('a window shows', () => {
  test('for an action that waits for a GPU the time of the next attempt, and no undo time', () => {
    const again = waitForRetry(waiting, 'None is free.', instant(1_000), rules)
    expect(toIntentView(again)).toEqual({
      id: 'intent-1',
      podId: 'pod-1',
      action: 'start',
      origin: 'person',
      requester: 'person',
      phase: 'waiting',
      waitsForGpu: true,
      undoUntilMs: null,
      nextTryAtMs: instant(1_000 + MINUTE_MS).wallMs,
      canWaitForGpu: false,
      message: 'None is free.',
      atMs: instant(1_000).wallMs,
    })
  })

  test('that a start which found no GPU can wait for one, and no other failed action can', () => {
    const noGpu = (action: IntentAction) =>
      toIntentView(withReply(intentsByState(action).sent, failure('no-capacity'), instant(9_000), rules))
    expect(noGpu('start')).toMatchObject({ phase: 'failed', canWaitForGpu: true, nextTryAtMs: null })
    expect(noGpu('stop').canWaitForGpu).toBe(false)
    expect(toIntentView(intentsByState('start').failed).canWaitForGpu).toBe(false)
    expect(toIntentView({ ...intentsByState('start').sent, lacksGpu: true }).canWaitForGpu).toBe(false)
  })
})

test('the elapsed time is that of the clock which advanced more', () => {
  expect(longestElapsedMs(instant(0), instant(5, { wallMs: instant(90).wallMs }))).toBe(90)
  expect(longestElapsedMs(instant(0), instant(90, { wallMs: instant(5).wallMs }))).toBe(90)
})
