import { describe, expect, test } from 'vitest'
import { type Intent, type IntentAction, markSent, scheduleIntent } from '../../../src/core/intents/intent'
import { defaultIntentRules as rules } from '../../../src/core/intents/intent-rules'
import { deadlineMs, withObservation } from '../../../src/core/intents/intent-observation'
import { withReply } from '../../../src/core/intents/intent-reply'
import { parseIntent } from '../../../src/core/intents/parse-intent'
import { ok } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { ANSWERED_MS, intentsByState, SENT_MS } from '../../harness/samples/intents'
import { instant, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const NOW = instant(8_000)
const look = (intent: Intent, seen: Pod | null, at = NOW): Intent =>
  withObservation(intent, seen, at, at, rules)

describe('an observation', () => {
  test('of a pod that is gone ends its action with a message, but a terminate without', () => {
    expect(look(intentsByState('stop').accepted, null).message).toBe('The pod is gone.')
    expect(look(intentsByState('terminate').accepted, null).message).toBeNull()
  })

  test('of a pod that stopped and runs again reports both', () => {
    const again = pod({ startedAtMs: instant(7_000).wallMs })
    expect(look(intentsByState('stop').accepted, again).message).toBe(
      'It stopped, and has been started again since.',
    )
    expect(look(intentsByState('stop').accepted, stoppedPod()).message).toBeNull()
    for (const unknown of [pod({ startedAtMs: null }), pod()])
      expect(look(intentsByState('stop').accepted, unknown).phase).toBe('accepted')
    const neverTold = { ...intentsByState('stop').accepted, podStartedAtMs: null }
    expect(look(neverTold, again).phase).toBe('accepted')
  })

  test.each<IntentAction>(['start', 'restart'])('of a pod in error fails its %s, with a reason', (action) => {
    const seen = (statusReason: string | null) => pod({ phase: 'error', statusReason })
    expect(look(intentsByState(action).accepted, seen('No such image.')).message).toBe('No such image.')
    expect(look(intentsByState(action).accepted, seen(null))).toMatchObject({
      phase: 'failed',
      message: 'Runpod reports an error for this pod.',
    })
  })

  describe.each<IntentAction>(['start', 'restart'])('of an error that was there before the %s', (action) => {
    const broken = (over: Partial<Pod> = {}): Pod =>
      pod({ phase: 'error', statusReason: 'No such image.', telemetry: null, ...over })
    const sent = markSent(
      scheduleIntent(
        { id: 'intent-1', accountId: 'account-1', action, origin: 'person' },
        broken(),
        instant(0),
        rules,
      ),
      instant(SENT_MS),
    )
    const accepted = withReply(sent, ok(null), instant(ANSWERED_MS), rules)

    test('does not fail it, until the deadline', () => {
      expect(look(sent, broken())).toBe(sent)
      expect(look(accepted, broken())).toBe(accepted)
      const deadline = instant(SENT_MS + deadlineMs(action, rules))
      expect(look(accepted, broken(), deadline)).toMatchObject({
        phase: 'failed',
        message: 'No such image.',
      })
    })

    test('fails it once the pod showed another state in between', () => {
      const creating = pod({ phase: 'creating', telemetry: null, startedAtMs: accepted.podStartedAtMs })
      const started = look(accepted, creating)
      expect(started.phase).toBe('accepted')
      expect(look(started, broken()).phase).toBe('failed')
      const unclear = look(accepted, pod({ phase: 'unknown', telemetry: null }))
      expect(look(unclear, broken()).phase).toBe('accepted')
    })

    test.each<[string, Partial<Pod>]>([
      ['another reason', { statusReason: 'Out of memory.' }],
      ['no reason any more', { statusReason: null }],
      ['another start', { startedAtMs: instant(7_000).wallMs }],
    ])('fails it with %s', (_, over) => {
      expect(look(accepted, broken(over)).phase).toBe('failed')
    })

    test('is followed by success', () => {
      const running = pod({ startedAtMs: instant(7_000).wallMs, telemetry: telemetry({ uptimeS: 1 }) })
      expect(look(look(accepted, broken()), running).phase).toBe('observed')
    })

    test('fails it, with the words of the API, when the action is not valid now', () => {
      const disputed = withReply(sent, failure('conflict'), instant(ANSWERED_MS), rules)
      expect(look(disputed, broken())).toMatchObject({ phase: 'failed', message: 'It said conflict.' })
    })

    test('is remembered across a restart of Podkeeper', () => {
      const read = parseIntent(JSON.parse(JSON.stringify(accepted)))
      expect(read && look(read, broken())).toEqual(accepted)
    })
  })

  test('after the deadline reports the pod’s state and the reply', () => {
    const late = instant(SENT_MS + 2 * MINUTE_MS)
    expect(look(intentsByState('stop').accepted, pod(), late).message).toBe('The pod is still running.')
    const unclear = withReply(intentsByState('stop').sent, failure('unreadable'), NOW, rules)
    expect(look(unclear, pod(), late).message).toBe(
      'The pod is still running. No clear response, so its effect is being checked. It said unreadable.',
    )
  })

  test('that was requested in the moment of sending counts', () => {
    expect(look(intentsByState('stop').accepted, stoppedPod(), instant(SENT_MS)).phase).toBe('observed')
  })

  test('of a later run counts, whatever its monotonic clock shows', () => {
    const nextRun = instant(8_000, { runId: 'run-2', monotonicMs: 1 })
    expect(look(intentsByState('stop').accepted, stoppedPod(), nextRun).phase).toBe('observed')
  })

  test('does not affect an action that waits to be sent again', () => {
    const { waiting } = intentsByState('stop')
    expect(look(waiting, stoppedPod(), instant(HOUR_MS))).toBe(waiting)
  })
})

describe('a restart is observed', () => {
  const restart = intentsByState('restart').accepted
  const upFor = (uptimeS: number): Pod => pod({ telemetry: telemetry({ uptimeS }) })

  test('through an uptime that fell by more than a cached reply explains', () => {
    expect(look(restart, upFor(3_590)).phase).toBe('accepted')
    expect(look(restart, upFor(3_589)).phase).toBe('observed')
  })

  test('for a pod with a short uptime through an uptime that started after the request', () => {
    const young = { ...restart, podUptimeS: 4 }
    expect(look(young, upFor(59), instant(SENT_MS + MINUTE_MS)).phase).toBe('observed')
    expect(look(young, upFor(60), instant(SENT_MS + MINUTE_MS)).phase).toBe('accepted')
    const unknown = { ...restart, podUptimeS: null }
    expect(look(unknown, upFor(59), instant(SENT_MS + MINUTE_MS)).phase).toBe('observed')
  })

  test('but not through that in another run, whose clock may have been changed', () => {
    const nextRun = instant(SENT_MS + MINUTE_MS, { runId: 'run-2', monotonicMs: 1 })
    expect(look({ ...restart, podUptimeS: 4 }, upFor(30), nextRun).phase).toBe('accepted')
  })

  test('but not before the pod runs', () => {
    const seen = pod({ phase: 'creating', telemetry: telemetry({ uptimeS: 1 }) })
    expect(look(restart, seen).phase).toBe('accepted')
  })
})

describe('a start that waits for a GPU', () => {
  const waiting = { ...intentsByState('start').scheduled, waitsForGpu: true, phase: 'waiting' } as const
  const trying = markSent(waiting, instant(SENT_MS))
  const LATE = instant(SENT_MS + 15 * MINUTE_MS)

  test.each<[string, Pod | null, string]>([
    ['is gone', null, 'trainer is gone, so Podkeeper stopped waiting for a GPU.'],
    [
      'is terminated',
      pod({ phase: 'terminated' }),
      'trainer is gone, so Podkeeper stopped waiting for a GPU.',
    ],
    ['runs', pod(), 'trainer was started by someone else.'],
    ['is being created', pod({ phase: 'creating' }), 'trainer was started by someone else.'],
    [
      'is in error',
      pod({ phase: 'error', statusReason: 'No such image.' }),
      'Stopped waiting for a GPU for trainer: No such image.',
    ],
  ])('ends with a message when its pod %s', (_, seen, message) => {
    expect(look(waiting, seen)).toMatchObject({ phase: 'cancelled', message })
  })

  test('keeps waiting while its pod still shows the error that it had before', () => {
    const broken = pod({ phase: 'error', statusReason: 'No such image.' })
    const patient: Intent = { ...waiting, earlierError: { reason: 'No such image.' } }
    expect(look(patient, broken)).toBe(patient)
    expect(look(look(patient, stoppedPod()), broken).phase).toBe('cancelled')
  })

  test.each([stoppedPod(), pod({ phase: 'unknown' })])('keeps waiting while its pod is $phase', (seen) => {
    expect(look(waiting, seen)).toBe(waiting)
  })

  test('is not ended by a read from before it started to wait', () => {
    expect(look({ ...waiting, phaseAt: NOW }, pod(), instant(7_999)).phase).toBe('waiting')
    expect(look({ ...waiting, phaseAt: NOW }, pod(), NOW).phase).toBe('cancelled')
  })

  test('is retried when a read after the deadline shows that the attempt did nothing', () => {
    expect(look(trying, stoppedPod(), LATE)).toMatchObject({
      phase: 'waiting',
      gpuTries: 1,
      message: 'The pod is still stopped.',
    })
  })

  test('is not retried when it was called off, or its pod is in between', () => {
    expect(look({ ...trying, isCalledOff: true }, stoppedPod(), LATE).phase).toBe('did-not-happen')
    expect(look(trying, pod({ phase: 'creating' }), LATE).phase).toBe('did-not-happen')
    expect(look(intentsByState('start').accepted, stoppedPod(), LATE).phase).toBe('did-not-happen')
  })
})

test('each action has its own deadline', () => {
  const minutes = (['stop', 'start', 'restart', 'terminate'] as const).map(
    (action) => deadlineMs(action, rules) / MINUTE_MS,
  )
  expect(minutes).toEqual([2, 15, 3, 2])
})
