import { describe, expect, test } from 'vitest'
import type { IntentView } from '../../../src/core/intents/intent'
import type { ConnectionView } from '../../../src/core/polling/connection'
import { MINUTE_MS } from '../../../src/core/base/time'
import { verdictText } from '../../../src/renderer/connect/verdict-text'
import { connectionText } from '../../../src/renderer/shell/connection-text'
import { podCountText } from '../../../src/renderer/money/summary'
import { canUndo, hasOpenIntent, intentText } from '../../../src/renderer/pod-model/intent-text'
import { idleBarText, podRemarks, podState } from '../../../src/renderer/pod-model/pod-text'
import { guardViewWith, idleFor, NOW_MS, podView } from '../../harness/pod-views'

describe('the connection text', () => {
  const text = (connection: ConnectionView) => connectionText(connection, NOW_MS - 4_000, NOW_MS, 'UTC')
  const failureTimes = { sinceMs: NOW_MS - 6 * MINUTE_MS, nextTryAtMs: NOW_MS + 40_000, failure: '' }

  test.each<[ConnectionView, string]>([
    [{ kind: 'live' }, 'live · 4 s ago'],
    [{ kind: 'offline', ...failureTimes }, 'no answer for 6 min · trying again in 40 s'],
    [{ kind: 'offline', ...failureTimes, nextTryAtMs: NOW_MS }, 'no answer for 6 min · trying again now'],
    [{ kind: 'unreadable', ...failureTimes }, "not Runpod's answer · trying again in 40 s"],
    [{ kind: 'rate-limited', untilMs: NOW_MS + 5 * MINUTE_MS }, 'rate-limited until 14:10'],
    [
      { kind: 'key-doubted', atMs: NOW_MS, retryAtMs: NOW_MS + 5 * MINUTE_MS },
      'checking the key again at 14:10',
    ],
  ])('describes %j', (connection, expected) => expect(text(connection)).toBe(expected))
})

describe('the state text', () => {
  test('changes the tone of an idle pod when its alert is due', () => {
    expect(podState(podView({ activity: idleFor(12) }))).toEqual({ tone: 'idle', word: 'Idle 12 min' })
    expect(podState(podView({ activity: idleFor(15) }))).toEqual({ tone: 'bad', word: 'Idle 15 min' })
  })

  test('does not call a pod with unknown activity simply running', () => {
    const pod = podView({ activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } })
    expect(podState(pod).word).toBe('Running, unsure')
    expect(podRemarks(pod, NOW_MS)).toEqual(['Activity unknown: it reports no figures'])
  })

  test('shows an unknown status unchanged', () => {
    expect(podState(podView({ phase: 'unknown', rawStatus: 'HIBERNATING' })).word).toBe('HIBERNATING')
  })

  test('calls a creation of 15 minutes or more unusually long', () => {
    const remark = (minutes: number) =>
      podRemarks(podView({ phase: 'creating', createdAtMs: NOW_MS - minutes * MINUTE_MS }), NOW_MS)[0]
    expect(remark(14)).toBe('Creating for 14 min')
    expect(remark(15)).toContain('unusually long')
  })

  test('includes the disk cost of a stopped pod, or that it is unknown', () => {
    const remarks = (stoppedDiskPerHourUsd: number | null) =>
      podRemarks(podView({ phase: 'stopped', stoppedDiskPerHourUsd }), NOW_MS)
    expect(remarks(0.1)).toEqual(['Its disk costs $2.40 a day while stopped'])
    expect(remarks(null)).toEqual(['What its disk costs while stopped is not known'])
    expect(remarks(0)).toEqual([])
  })

  test('includes the number of idle GPUs beside busy ones', () => {
    const partlyIdle = { idleGpus: 7, gpus: 8, sinceMs: NOW_MS - 40 * MINUTE_MS, idleForMs: 40 * MINUTE_MS }
    expect(podRemarks(podView({ activity: { kind: 'busy', by: 'gpu', partlyIdle } }), NOW_MS)).toEqual([
      '7 of 8 GPUs idle for 40 min',
    ])
  })
})

describe('the idle bar', () => {
  const pod = podView({ activity: idleFor(12), idleCostUsd: 0.8 })
  const mode = { autoStop: 'off', areAutoStopsPaused: false, isDryRun: false } as const

  test('fills toward the alert and shows when it is due', () => {
    expect(idleBarText(pod, mode, NOW_MS, false, 'UTC')).toEqual({
      progress: 0.8,
      reason: 'GPU 0–2 %, CPU 1 %, memory still, in all 48 samples since 13:53',
      nextText: 'alert in 3 min',
      spent: '$0.80',
    })
  })

  test('announces no alert when the data is stale', () =>
    expect(idleBarText(pod, mode, NOW_MS, true)?.nextText).toBeNull())

  test('fills toward the automatic stop after the alert', () => {
    const dueAtMs = NOW_MS + 306 * MINUTE_MS
    const watchedPod = podView({ activity: idleFor(54), guard: guardViewWith({ kind: 'watching', dueAtMs }) })
    expect(idleBarText(watchedPod, { ...mode, autoStop: 'all' }, NOW_MS, false, 'UTC')).toMatchObject({
      progress: 0.15,
      nextText: 'auto-stop at 19:11 if it stays quiet',
    })
  })

  test('announces neither alert nor stop for a pod that is kept on', () => {
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    const keptOnPod = podView({
      activity: idleFor(12),
      guard: { ...guardViewWith({ kind: 'watching', dueAtMs: NOW_MS + 9 }), keepOn },
    })
    expect(idleBarText(keptOnPod, mode, NOW_MS, false)).toMatchObject({ progress: 1, nextText: null })
  })

  test('is full once the alert is due, and absent for a busy pod', () => {
    expect(idleBarText(podView({ activity: idleFor(54) }), mode, NOW_MS, false)).toMatchObject({
      progress: 1,
      nextText: null,
    })
    expect(idleBarText(podView(), mode, NOW_MS, false)).toBeNull()
  })
})

describe('the text of an intent', () => {
  const intent = (overrides: Partial<IntentView>): IntentView => ({
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
    ...overrides,
  })
  const text = (overrides: Partial<IntentView>, nowMs = NOW_MS) => intentText(intent(overrides), nowMs, 'UTC')

  test('counts down exactly as long as the action can be undone', () => {
    const scheduled = { undoUntilMs: NOW_MS + 3_100 }
    expect(text(scheduled)).toBe('Stopping in 4 s.')
    expect(canUndo(intent(scheduled), NOW_MS + 3_099)).toBe(true)
    expect(canUndo(intent(scheduled), NOW_MS + 3_100)).toBe(false)
    expect(text(scheduled, NOW_MS + 3_100)).toBe('Stopping…')
  })

  test('says after 10 s without a reply that the result is being checked', () => {
    expect(text({ phase: 'sent' })).toBe('Stopping…')
    expect(text({ phase: 'sent' }, NOW_MS + 10_000)).toBe('Stopping: no answer yet; checking.')
  })

  test('includes the reason of the API for a failure', () => {
    expect(text({ phase: 'failed', action: 'start', message: 'No GPU is free.' })).toBe(
      'Not started. No GPU is free.',
    )
    expect(text({ phase: 'did-not-happen' })).toBe('Stop was asked for, but did not happen.')
  })

  test('belongs to an open intent until the action is over', () => {
    expect(
      (['scheduled', 'sent', 'accepted'] as const).every((phase) => hasOpenIntent(intent({ phase }))),
    ).toBe(true)
    expect(hasOpenIntent(intent({ phase: 'failed' }))).toBe(false)
    expect(hasOpenIntent(null)).toBe(false)
  })
})

test('the text of an accepted key says what the key can read and where it is stored', () => {
  const accepted = { kind: 'accepted', podCount: 5, balanceUsd: 164.2, ending: '9f3c' } as const
  expect(verdictText({ ...accepted, storage: 'system-keyring' })).toBe(
    'Works. 5 pods seen. Balance $164.20. The key ending in 9f3c is kept in the system keyring.',
  )
  expect(verdictText({ ...accepted, podCount: 1, balanceUsd: null, storage: 'session-only' })).toContain(
    'Works. 1 pod seen.',
  )
})

test('the summary counts pods by their state', () => {
  const pods = [podView(), podView(), podView({ phase: 'stopped' }), podView({ phase: 'error' })]
  expect(podCountText(pods, 1)).toBe('2 running, 1 of them idle · 1 in error · 1 stopped')
  expect(podCountText([], 0)).toBe('nothing running')
})
