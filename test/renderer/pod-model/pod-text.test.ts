import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/core/base/time'
import type { PodView } from '../../../src/core/view/snapshot'
import { noGuard } from '../../../src/core/guard/guard-view'
import { idleBarText, podRemarks, podState, stoppedCostText } from '../../../src/renderer/pod-model/pod-text'
import { guardViewWith, idleFor, NOW_MS, podView } from '../../harness/pod-views'

const creatingPod = (creating: PodView['creating'], over: Partial<PodView> = {}) =>
  podView({ phase: 'creating', creating, ...over })

describe('the state text', () => {
  test('changes the tone of an idle pod when its alert is due', () => {
    expect(podState(podView({ activity: idleFor(12) }))).toEqual({ tone: 'idle', word: 'Idle 12 min' })
    expect(podState(podView({ activity: idleFor(15) }))).toEqual({ tone: 'bad', word: 'Idle 15 min' })
  })

  test('raises no alarm about an idle pod that is kept on', () => {
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    const guard = { ...noGuard, keepOn }
    expect(podState(podView({ activity: idleFor(180), guard }))).toEqual({ tone: 'info', word: 'Kept on' })
    expect(podState(podView({ guard }))).toEqual({ tone: 'ok', word: 'Running' })
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
      podRemarks(creatingPod({ sinceMs: NOW_MS - minutes * MINUTE_MS, isAtLeast: false }), NOW_MS)[0]
    expect(remark(14)).toBe('Creating for 14 min')
    expect(remark(15)).toContain('unusually long')
  })

  test('says "at least" when the pod was creating before it was observed', () => {
    const sinceMs = NOW_MS - 2 * MINUTE_MS
    expect(podRemarks(creatingPod({ sinceMs, isAtLeast: true }), NOW_MS)[0]).toBe(
      'Creating for at least 2 min',
    )
  })

  test('never counts a creation from when the pod was made', () => {
    const eightDaysAgo = NOW_MS - 8 * DAY_MS
    const restarted = { createdAtMs: eightDaysAgo, startedAtMs: eightDaysAgo }
    const pod = creatingPod({ sinceMs: NOW_MS - MINUTE_MS, isAtLeast: false }, restarted)
    expect(podRemarks(pod, NOW_MS)).toEqual(['Creating for 1 min'])
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
      isWasted: true,
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
    expect(idleBarText(keptOnPod, mode, NOW_MS, false)).toMatchObject({
      progress: null,
      nextText: null,
      isWasted: false,
    })
  })

  test('is full once the alert is due, and absent for a busy pod', () => {
    expect(idleBarText(podView({ activity: idleFor(54) }), mode, NOW_MS, false)).toMatchObject({
      progress: 1,
      nextText: null,
    })
    expect(idleBarText(podView(), mode, NOW_MS, false)).toBeNull()
  })
})

test('the remarks on a pod in error give its reason, or say that there is none, and what may help', () => {
  const remarks = (overrides: object) => podRemarks(podView({ phase: 'error', ...overrides }), NOW_MS)
  expect(remarks({ statusReason: 'The image was not found.', actions: ['start'] })).toEqual([
    'The image was not found.',
    'Its logs in Runpod say more; starting it again may help.',
  ])
  expect(remarks({ actions: [] })).toEqual(['Runpod gives no reason. Its logs in Runpod say more.'])
})

test('the text about stopped pods gives the total cost of their disks', () => {
  const stopped = (stoppedDiskPerHourUsd: number | null) =>
    podView({ phase: 'stopped', stoppedDiskPerHourUsd })
  expect(stoppedCostText([stopped(0.1), stopped(0.1)])).toBe('2 pods · disks cost $4.80 a day')
  expect(stoppedCostText([stopped(0.1), stopped(null)])).toBe('2 pods · disks cost at least $2.40 a day')
  expect(stoppedCostText([stopped(0)])).toBe('1 pod')
})
