import { describe, expect, test } from 'vitest'
import {
  defaultIntentRules as rules,
  type Intent,
  type IntentAction,
  markSent,
} from '../../../src/core/intents/intent'
import { deadlineMs, withLook } from '../../../src/core/intents/intent-observation'
import { withReply } from '../../../src/core/intents/intent-reply'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { intentsOf, SENT_MS } from '../../harness/intents'
import { instant, pod, stoppedPod, telemetry } from '../../harness/pods'
import { failure } from '../../harness/provider'

const NOW = instant(8_000)
const look = (intent: Intent, seen: Pod | null, at = NOW): Intent => withLook(intent, seen, at, at, rules)

describe('a look', () => {
  test('at a pod that is gone ends its action in words, but a terminate without', () => {
    expect(look(intentsOf('stop').accepted, null).message).toBe('The pod is gone.')
    expect(look(intentsOf('terminate').accepted, null).message).toBeNull()
  })

  test('at a pod that stopped and runs again says that both happened', () => {
    const again = pod({ startedAtMs: instant(7_000).wallMs })
    expect(look(intentsOf('stop').accepted, again).message).toBe('It stopped, and was started again since.')
    expect(look(intentsOf('stop').accepted, stoppedPod()).message).toBeNull()
    for (const unknown of [pod({ startedAtMs: null }), pod()])
      expect(look(intentsOf('stop').accepted, unknown).phase).toBe('accepted')
    const neverTold = { ...intentsOf('stop').accepted, podStartedAtMs: null }
    expect(look(neverTold, again).phase).toBe('accepted')
  })

  test.each<IntentAction>(['start', 'restart'])('at a pod in error fails its %s, with a reason', (action) => {
    const seen = (statusReason: string | null) => pod({ phase: 'error', statusReason })
    expect(look(intentsOf(action).accepted, seen('No such image.')).message).toBe('No such image.')
    expect(look(intentsOf(action).accepted, seen(null))).toMatchObject({
      phase: 'failed',
      message: 'Runpod reports an error for this pod.',
    })
  })

  test('past the deadline says how the pod still is, and what was answered', () => {
    const late = instant(SENT_MS + 2 * MINUTE_MS)
    expect(look(intentsOf('stop').accepted, pod(), late).message).toBe('The pod is still running.')
    const unclear = withReply(intentsOf('stop').sent, failure('unreadable'), NOW, rules)
    expect(look(unclear, pod(), late).message).toBe(
      'The pod is still running. No clear answer, so its effect is being checked. It said unreadable.',
    )
  })

  test('that was asked for in the moment of the sending counts', () => {
    expect(look(intentsOf('stop').accepted, stoppedPod(), instant(SENT_MS)).phase).toBe('observed')
  })

  test('of a later run counts, whatever its monotonic clock says', () => {
    const nextRun = instant(8_000, { runId: 'run-2', monotonicMs: 1 })
    expect(look(intentsOf('stop').accepted, stoppedPod(), nextRun).phase).toBe('observed')
  })

  test('does not touch what was put off and is not sent again yet', () => {
    const { waiting } = intentsOf('stop')
    expect(look(waiting, stoppedPod(), instant(HOUR_MS))).toBe(waiting)
  })
})

describe('a restart is seen', () => {
  const restart = intentsOf('restart').accepted
  const upFor = (uptimeS: number): Pod => pod({ telemetry: telemetry({ uptimeS }) })

  test('by an uptime that fell by more than a kept answer’s does', () => {
    expect(look(restart, upFor(3_590)).phase).toBe('accepted')
    expect(look(restart, upFor(3_589)).phase).toBe('observed')
  })

  test('of a pod that was not up for long by an uptime that began after the sending', () => {
    const young = { ...restart, podUptimeS: 4 }
    expect(look(young, upFor(59), instant(SENT_MS + MINUTE_MS)).phase).toBe('observed')
    expect(look(young, upFor(60), instant(SENT_MS + MINUTE_MS)).phase).toBe('accepted')
    const unknown = { ...restart, podUptimeS: null }
    expect(look(unknown, upFor(59), instant(SENT_MS + MINUTE_MS)).phase).toBe('observed')
  })

  test('not by that in another run, whose clock may have been set', () => {
    const nextRun = instant(SENT_MS + MINUTE_MS, { runId: 'run-2', monotonicMs: 1 })
    expect(look({ ...restart, podUptimeS: 4 }, upFor(30), nextRun).phase).toBe('accepted')
  })

  test('not before the pod runs', () => {
    const seen = pod({ phase: 'creating', telemetry: telemetry({ uptimeS: 1 }) })
    expect(look(restart, seen).phase).toBe('accepted')
  })
})

describe('a start that waits for a GPU', () => {
  const waiting = { ...intentsOf('start').scheduled, waitsForGpu: true, phase: 'waiting' } as const
  const trying = markSent(waiting, instant(SENT_MS))
  const LATE = instant(SENT_MS + 15 * MINUTE_MS)

  test.each<[string, Pod | null, string]>([
    ['is gone', null, 'trainer is gone, so it waits for no GPU any more.'],
    ['is terminated', pod({ phase: 'terminated' }), 'trainer is gone, so it waits for no GPU any more.'],
    ['runs', pod(), 'trainer was started by someone else.'],
    ['is being created', pod({ phase: 'creating' }), 'trainer was started by someone else.'],
    [
      'is in error',
      pod({ phase: 'error', statusReason: 'No such image.' }),
      'trainer waits for no GPU any more: No such image.',
    ],
  ])('ends when its pod %s, in words', (_, seen, message) => {
    expect(look(waiting, seen)).toMatchObject({ phase: 'cancelled', message })
  })

  test.each([stoppedPod(), pod({ phase: 'unknown' })])('waits on while its pod is $phase', (seen) => {
    expect(look(waiting, seen)).toBe(waiting)
  })

  test('is not ended by a look from before it began to wait', () => {
    expect(look({ ...waiting, phaseAt: NOW }, pod(), instant(7_999)).phase).toBe('waiting')
    expect(look({ ...waiting, phaseAt: NOW }, pod(), NOW).phase).toBe('cancelled')
  })

  test('is tried again when a look past the deadline shows that the try did nothing', () => {
    expect(look(trying, stoppedPod(), LATE)).toMatchObject({
      phase: 'waiting',
      gpuTries: 1,
      message: 'The pod is still stopped.',
    })
  })

  test('is not tried again when it was called off, or its pod is in between', () => {
    expect(look({ ...trying, isCalledOff: true }, stoppedPod(), LATE).phase).toBe('did-not-happen')
    expect(look(trying, pod({ phase: 'creating' }), LATE).phase).toBe('did-not-happen')
    expect(look(intentsOf('start').accepted, stoppedPod(), LATE).phase).toBe('did-not-happen')
  })
})

test('each action has its own time to take effect', () => {
  const minutes = (['stop', 'start', 'restart', 'terminate'] as const).map(
    (action) => deadlineMs(action, rules) / MINUTE_MS,
  )
  expect(minutes).toEqual([2, 15, 3, 2])
})
