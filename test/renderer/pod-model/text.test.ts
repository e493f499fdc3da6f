import { describe, expect, test } from 'vitest'
import type { IntentView } from '../../../src/core/intents/intent'
import type { Connection } from '../../../src/core/polling/connection'
import { MINUTE_MS } from '../../../src/core/base/time'
import { verdictWords } from '../../../src/renderer/connect/verdict-text'
import { connectionWords } from '../../../src/renderer/shell/connection-text'
import { countWords } from '../../../src/renderer/money/summary'
import { canUndo, intentWords, isOpen } from '../../../src/renderer/pod-model/intent-text'
import { idleWords, podRemarks, podState } from '../../../src/renderer/pod-model/pod-text'
import { guarded, idleFor, NOW_MS, podView } from '../../harness/pod-views'

describe('the connection', () => {
  const words = (connection: Connection) => connectionWords(connection, NOW_MS - 4_000, NOW_MS, 'UTC')
  const since = { sinceMs: NOW_MS - 6 * MINUTE_MS, nextTryAtMs: NOW_MS + 40_000, failure: '' }

  test.each<[Connection, string]>([
    [{ kind: 'live' }, 'live · 4 s ago'],
    [{ kind: 'offline', ...since }, 'no answer for 6 min · trying again in 40 s'],
    [{ kind: 'offline', ...since, nextTryAtMs: NOW_MS }, 'no answer for 6 min · trying again now'],
    [{ kind: 'unreadable', ...since }, "not Runpod's answer · trying again in 40 s"],
    [{ kind: 'rate-limited', untilMs: NOW_MS + 5 * MINUTE_MS }, 'rate-limited until 14:10'],
    [
      { kind: 'key-doubted', atMs: NOW_MS, retryAtMs: NOW_MS + 5 * MINUTE_MS },
      'checking the key again at 14:10',
    ],
  ])('%j', (connection, expected) => expect(words(connection)).toBe(expected))
})

describe('the state of a pod', () => {
  test('an idle pod changes its tone when the alert is due', () => {
    expect(podState(podView({ activity: idleFor(12) }))).toEqual({ tone: 'idle', word: 'Idle 12 min' })
    expect(podState(podView({ activity: idleFor(15) }))).toEqual({ tone: 'bad', word: 'Idle 15 min' })
  })

  test('a running pod of which nothing is known is not simply called running', () => {
    const pod = podView({ activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } })
    expect(podState(pod).word).toBe('Running, unsure')
    expect(podRemarks(pod, NOW_MS)).toEqual(['Activity unknown: it reports no figures'])
  })

  test('a status that the app has no word for is shown as it came', () => {
    expect(podState(podView({ phase: 'unknown', rawStatus: 'HIBERNATING' })).word).toBe('HIBERNATING')
  })

  test('creating for a quarter of an hour is called unusual', () => {
    const remark = (minutes: number) =>
      podRemarks(podView({ phase: 'creating', createdAtMs: NOW_MS - minutes * MINUTE_MS }), NOW_MS)[0]
    expect(remark(14)).toBe('Creating for 14 min')
    expect(remark(15)).toContain('unusually long')
  })

  test('a stopped pod says what its disk costs, and when that is not known', () => {
    const remarks = (stoppedDiskPerHourUsd: number | null) =>
      podRemarks(podView({ phase: 'stopped', stoppedDiskPerHourUsd }), NOW_MS)
    expect(remarks(0.1)).toEqual(['Its disk costs $2.40 a day while stopped'])
    expect(remarks(null)).toEqual(['What its disk costs while stopped is not known'])
    expect(remarks(0)).toEqual([])
  })

  test('GPUs that idle beside busy ones are counted', () => {
    const partlyIdle = { idleGpus: 7, gpus: 8, sinceMs: NOW_MS - 40 * MINUTE_MS, idleForMs: 40 * MINUTE_MS }
    expect(podRemarks(podView({ activity: { kind: 'busy', by: 'gpu', partlyIdle } }), NOW_MS)).toEqual([
      '7 of 8 GPUs idle for 40 min',
    ])
  })
})

describe('the bar under an idle pod', () => {
  const pod = podView({ activity: idleFor(12), idleCostUsd: 0.8 })
  const mode = { autoStop: 'off', areAutoStopsPaused: false, isDryRun: false } as const

  test('fills towards the alert and says when it comes', () => {
    expect(idleWords(pod, mode, NOW_MS, false, 'UTC')).toEqual({
      filled: 0.8,
      reason: 'GPU 0–2 %, CPU 1 %, memory still, in all 48 samples since 13:53',
      next: 'alert in 3 min',
      spent: '$0.80',
    })
  })

  test('an old picture promises no alert', () => expect(idleWords(pod, mode, NOW_MS, true)?.next).toBeNull())

  test('after the alert it fills towards the automatic stop', () => {
    const dueAtMs = NOW_MS + 306 * MINUTE_MS
    const watched = podView({ activity: idleFor(54), guard: guarded({ kind: 'watching', dueAtMs }) })
    expect(idleWords(watched, { ...mode, autoStop: 'all' }, NOW_MS, false, 'UTC')).toMatchObject({
      filled: 0.15,
      next: 'auto-stop at 19:11 if it stays quiet',
    })
  })

  test('a pod that is kept on is promised neither alert nor stop', () => {
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    const kept = podView({
      activity: idleFor(12),
      guard: { ...guarded({ kind: 'watching', dueAtMs: NOW_MS + 9 }), keepOn },
    })
    expect(idleWords(kept, mode, NOW_MS, false)).toMatchObject({ filled: 1, next: null })
  })

  test('it is full once the alert is due, and there is none under a busy pod', () => {
    expect(idleWords(podView({ activity: idleFor(54) }), mode, NOW_MS, false)).toMatchObject({
      filled: 1,
      next: null,
    })
    expect(idleWords(podView(), mode, NOW_MS, false)).toBeNull()
  })
})

describe('where an action stands', () => {
  const intent = (over: Partial<IntentView>): IntentView => ({
    id: 'i',
    podId: 'pod-1',
    action: 'stop',
    phase: 'scheduled',
    origin: 'person',
    waitsForGpu: false,
    nextTryAtMs: null,
    canWaitForGpu: false,
    undoUntilMs: null,
    message: null,
    atMs: NOW_MS,
    ...over,
  })
  const words = (over: Partial<IntentView>, nowMs = NOW_MS) => intentWords(intent(over), nowMs, 'UTC')

  test('it counts down while it can be undone, and not a moment longer', () => {
    const scheduled = { undoUntilMs: NOW_MS + 3_100 }
    expect(words(scheduled)).toBe('Stopping in 4 s.')
    expect(canUndo(intent(scheduled), NOW_MS + 3_099)).toBe(true)
    expect(canUndo(intent(scheduled), NOW_MS + 3_100)).toBe(false)
    expect(words(scheduled, NOW_MS + 3_100)).toBe('Stopping…')
  })

  test('a request without an answer is said to be checked after 10 s', () => {
    expect(words({ phase: 'sent' })).toBe('Stopping…')
    expect(words({ phase: 'sent' }, NOW_MS + 10_000)).toBe('Stopping: no answer yet; checking.')
  })

  test('a failure carries the words of the API', () => {
    expect(words({ phase: 'failed', action: 'start', message: 'No GPU is free.' })).toBe(
      'Not started. No GPU is free.',
    )
    expect(words({ phase: 'did-not-happen' })).toBe('Stop was asked for, but did not happen.')
  })

  test('nothing else is offered until it is over', () => {
    expect((['scheduled', 'sent', 'accepted'] as const).every((phase) => isOpen(intent({ phase })))).toBe(
      true,
    )
    expect(isOpen(intent({ phase: 'failed' }))).toBe(false)
    expect(isOpen(null)).toBe(false)
  })
})

test('an accepted key says what it sees and where it is kept', () => {
  const accepted = { kind: 'accepted', podCount: 5, balanceUsd: 164.2, ending: '9f3c' } as const
  expect(verdictWords({ ...accepted, storage: 'system-keyring' })).toBe(
    'Works. 5 pods seen. Balance $164.20. The key ending in 9f3c is kept in the system keyring.',
  )
  expect(verdictWords({ ...accepted, podCount: 1, balanceUsd: null, storage: 'session-only' })).toContain(
    'Works. 1 pod seen.',
  )
})

test('pods are counted by what they do', () => {
  const pods = [podView(), podView(), podView({ phase: 'stopped' }), podView({ phase: 'error' })]
  expect(countWords(pods, 1)).toBe('2 running, 1 of them idle · 1 in error · 1 stopped')
  expect(countWords([], 0)).toBe('nothing running')
})
