import { describe, expect, test } from 'vitest'
import {
  defaultIntentRules as rules,
  dueInMs,
  expiry,
  type Intent,
  type IntentAction,
  type IntentOrigin,
  isLate,
  isUnsent,
  markSent,
  recoverIntent,
  scheduleIntent,
  sinceMs,
  undoIntent,
  viewOfIntent,
} from '../../../src/core/intents/intent'
import { waitAgain, withReply } from '../../../src/core/intents/intent-reply'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { ANSWERED_MS, intentsOf } from '../../harness/intents'
import { instant, pod, stoppedPod } from '../../harness/pods'
import { failure } from '../../harness/provider'

function asked(action: IntentAction, origin: IntentOrigin = 'person', waitsForGpu = false): Intent {
  const request = { id: 'intent-1', accountId: 'account-1', action, origin, waitsForGpu }
  return scheduleIntent(request, action === 'start' ? stoppedPod() : pod(), instant(0), rules)
}
const waiting = asked('start', 'person', true)
const terminate = asked('terminate')
const nextRun = (ms: number) => instant(ms, { runId: 'run-2', monotonicMs: 1 })

describe('an action that was asked for', () => {
  test.each<[IntentAction, IntentOrigin, number]>([
    ['stop', 'person', 5_000],
    ['restart', 'person', 5_000],
    ['start', 'person', 0],
    ['terminate', 'person', 0],
    ['stop', 'quiet', 0],
    ['stop', 'max-hours', 0],
  ])('a %s by %s can be undone for %d ms', (action, origin, undoMs) => {
    expect(dueInMs(asked(action, origin), instant(0))).toBe(undoMs)
  })

  test('remembers how its pod was, and nothing else has happened yet', () => {
    expect(asked('restart')).toMatchObject({
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
    expect(asked('start').podUptimeS).toBeNull()
  })

  test('is unsent until it is sent, and again when Runpod puts it off', () => {
    const { sent, waiting: putOff, ...others } = intentsOf('stop')
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
    const end = expiry(terminate, now, rules)
    expect(end === null).toBe(doesHold)
    if (end !== null)
      expect(end).toMatchObject({
        phase: 'cancelled',
        message: expect.stringMatching(/trainer.*confirmed again.*Nothing more was sent/) as string,
      })
  })

  test('ends nothing that was sent already', () => {
    for (const intent of [intentsOf('terminate').sent, intentsOf('terminate').accepted])
      expect(expiry(intent, instant(HOUR_MS), rules)).toBeNull()
  })

  test('ends with the run in which Runpod put it off', () => {
    const { waiting: putOff } = intentsOf('terminate')
    expect(recoverIntent(putOff, instant(ANSWERED_MS), rules)).toBe(putOff)
    expect(recoverIntent(putOff, nextRun(ANSWERED_MS), rules).message).toMatch(/confirmed again/)
  })
})

describe('a start that waits for a GPU', () => {
  test('is given up after eight hours of either clock', () => {
    expect(expiry(waiting, instant(8 * HOUR_MS - 1), rules)).toBeNull()
    const ends = [instant(8 * HOUR_MS), instant(0, { wallMs: instant(8 * HOUR_MS).wallMs })]
    for (const now of ends)
      expect(expiry(waiting, now, rules)).toMatchObject({
        phase: 'did-not-happen',
        message: 'No GPU was free for 8 h 00 m.',
      })
  })

  test('outlives a restart of Podkeeper, but not its eight hours', () => {
    expect(recoverIntent(waiting, nextRun(8 * HOUR_MS - 1), rules)).toBe(waiting)
    expect(recoverIntent(waiting, nextRun(8 * HOUR_MS), rules).phase).toBe('did-not-happen')
  })

  test('always looks at its pod before it is sent; a start that waits for nothing does not', () => {
    expect(isLate(waiting, instant(0), rules)).toBe(true)
    expect(isLate(asked('start'), instant(0), rules)).toBe(false)
    expect(expiry(asked('start'), instant(9 * HOUR_MS), rules)).toBeNull()
  })

  test('is called off once, and only while a try is on its way', () => {
    const trying = markSent(waiting, instant(1))
    const calledOff = undoIntent(trying, instant(2))
    expect(calledOff).toEqual({ ...trying, isCalledOff: true })
    expect(undoIntent(calledOff, instant(3))).toBe(calledOff)
    const accepted = { ...trying, phase: 'accepted' } as const
    expect(undoIntent(accepted, instant(3))).toBe(accepted)
    const { sent } = intentsOf('start')
    expect(undoIntent(sent, instant(3))).toBe(sent)
  })

  test('is tried again after a minute, then ever more slowly, up to five minutes', () => {
    const waits: number[] = []
    let intent = waiting
    for (let tries = 0; tries < 12; tries++) {
      intent = waitAgain(intent, 'None is free.', instant(0), rules)
      waits.push(Math.round(intent.waitMs / SECOND_MS))
    }
    expect(waits).toEqual([60, 72, 86, 104, 124, 149, 179, 215, 258, 300, 300, 300])
    expect(intent).toMatchObject({ phase: 'waiting', gpuTries: 12, message: 'None is free.' })
  })

  test('is asked no more often than was set, though the longest pause is set to less', () => {
    const odd = { ...rules, gpuRetryMs: 10 * MINUTE_MS }
    expect(waitAgain(waiting, '', instant(0), odd).waitMs).toBe(10 * MINUTE_MS)
  })

  test('waits for as long as Runpod asks where that is longer, and says so', () => {
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

describe('a stop that Runpod puts off, when Podkeeper comes back', () => {
  const { waiting: putOff } = intentsOf('stop')

  test('is sent once more within ten minutes of the wish', () => {
    expect(recoverIntent(putOff, nextRun(10 * MINUTE_MS), rules)).toBe(putOff)
  })

  test('is cancelled after them, in words', () => {
    expect(recoverIntent(putOff, nextRun(10 * MINUTE_MS + 1), rules)).toMatchObject({
      phase: 'cancelled',
      message: 'Podkeeper ended while Runpod was putting off the stop of trainer; it did not happen.',
    })
  })

  test('what was sent is left to looks', () => {
    const { sent } = intentsOf('stop')
    expect(recoverIntent(sent, nextRun(HOUR_MS), rules)).toBe(sent)
  })
})

describe('a window shows of an action', () => {
  test('that waits for a GPU when it is tried next, and no undo time', () => {
    const again = waitAgain(waiting, 'None is free.', instant(1_000), rules)
    expect(viewOfIntent(again)).toEqual({
      id: 'intent-1',
      podId: 'pod-1',
      action: 'start',
      origin: 'person',
      phase: 'waiting',
      waitsForGpu: true,
      undoUntilMs: null,
      nextTryAtMs: instant(1_000 + MINUTE_MS).wallMs,
      canWaitForGpu: false,
      message: 'None is free.',
      atMs: instant(1_000).wallMs,
    })
  })

  test('that a start which found no GPU can wait for one, and no other failure can', () => {
    const noGpu = (action: IntentAction) =>
      viewOfIntent(withReply(intentsOf(action).sent, failure('no-capacity'), instant(9_000), rules))
    expect(noGpu('start')).toMatchObject({ phase: 'failed', canWaitForGpu: true, nextTryAtMs: null })
    expect(noGpu('stop').canWaitForGpu).toBe(false)
    expect(viewOfIntent(intentsOf('start').failed).canWaitForGpu).toBe(false)
    expect(viewOfIntent({ ...intentsOf('start').sent, lacksGpu: true }).canWaitForGpu).toBe(false)
  })
})

test('the time since a moment is that of the clock by which more passed', () => {
  expect(sinceMs(instant(0), instant(5, { wallMs: instant(90).wallMs }))).toBe(90)
  expect(sinceMs(instant(0), instant(90, { wallMs: instant(5).wallMs }))).toBe(90)
})
