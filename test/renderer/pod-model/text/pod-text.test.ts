import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { IntentView } from '../../../../src/core/intents/intent-view'
import type { PodView } from '../../../../src/core/view/snapshot'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { needsUser, podState } from '../../../../src/core/view/pod-state'
import { idleBarText, podRemarks, stoppedCostText } from '../../../../src/renderer/pod-model/text/pod-text'
import { guardViewWith, idleFor, NOW_MS, podView, intentView } from '../../../harness/samples/pod-views'

const creatingPod = (creating: PodView['creating'], over: Partial<PodView> = {}) =>
  podView({ phase: 'creating', creating, ...over })

const stopIntent = (phase: IntentView['phase']): IntentView => intentView({ phase })

describe('the state text', () => {
  test('of an idle pod is amber before and after its alert, because red means trouble', () => {
    expect(podState(podView({ activity: idleFor(12) }))).toEqual({ tone: 'idle', word: 'Idle 12 min' })
    expect(podState(podView({ activity: idleFor(15) }))).toEqual({ tone: 'idle', word: 'Idle 15 min' })
  })

  test('of a busy pod has the mean of its GPUs, and no figure where one is unknown', () => {
    const gpus = (...percents: (number | null)[]) =>
      percents.map((utilPercent) => ({ utilPercent, memoryUtilPercent: null }))
    const word = (over: Partial<PodView>) => podState(podView(over)).word
    expect(word({ gpuCount: 2, gpus: gpus(94, 91) })).toBe('Busy 93%')
    expect(word({ gpuCount: 2, gpus: gpus(94, null) })).toBe('Busy')
    expect(word({ gpuCount: 2, gpus: gpus(94) })).toBe('Busy')
    expect(word({ gpuCount: 0, gpus: [], utilPercent: 44 })).toBe('Busy 44%')
    expect(word({ activity: { kind: 'busy', by: 'terminal', partlyIdle: null } })).toBe('In use')
  })

  test('of a pod that is creating tells how long, and is trouble from 15 minutes on', () => {
    const pod = creatingPod({ sinceMs: NOW_MS, isAtLeast: false })
    expect(podState(pod, NOW_MS + 2 * MINUTE_MS)).toEqual({ tone: 'info', word: 'Creating 2 min' })
    expect(podState(pod, NOW_MS + 15 * MINUTE_MS)).toEqual({ tone: 'bad', word: 'Creating 15 min' })
    expect(podState(pod).word).toBe('Creating')
  })

  test.each<[NonNullable<PodView['container']>, string, string, RegExp]>([
    [
      { kind: 'starting', sinceMs: NOW_MS - 4 * MINUTE_MS, isOverdue: false },
      'info',
      'Starting 4 min',
      /^Starting for 4 min, and Runpod already charges for it\.$/,
    ],
    [
      { kind: 'starting', sinceMs: NOW_MS - 20 * MINUTE_MS, isOverdue: true },
      'bad',
      'No container yet',
      /^No container yet after 20 min\. You’re paying for it\./,
    ],
    [{ kind: 'unknown' }, 'mute', 'Can’t tell whether it is up', /^Can’t tell whether it is up: /],
    [
      { kind: 'died', why: 'restarts', sinceMs: NOW_MS },
      'bad',
      'Container died',
      /^Its container ended or restarted three times within 10 min\./,
    ],
    [
      { kind: 'gpus-missing', gpus: 0, expected: 1 },
      'bad',
      '0 of 1 GPUs',
      /^It came back with 0 of 1 GPUs\. .*create another pod\.$/,
    ],
  ])('of a running pod with the container %j', (container, tone, word, remark) => {
    const pod = podView({
      container,
      activity: { kind: 'unknown', reason: 'starting', sinceMs: null },
    })
    expect(podState(pod, NOW_MS)).toEqual({ tone, word })
    expect(podRemarks(pod, NOW_MS)).toEqual([expect.stringMatching(remark)])
    expect(needsUser(pod, NOW_MS)).toBe(tone === 'bad')
  })

  test('of a pod with some of its GPUs is its activity, with a remark', () => {
    const pod = podView({ container: { kind: 'gpus-missing', gpus: 2, expected: 4 } })
    expect(podState(pod, NOW_MS)).toEqual({ tone: 'ok', word: 'Busy 93%' })
    expect(podRemarks(pod, NOW_MS)).toEqual([expect.stringMatching(/^It came back with 2 of 4 GPUs\./)])
    expect(needsUser(pod, NOW_MS)).toBe(false)
  })

  test('of a pod with an action under way is that action, whatever the pod does', () => {
    const word = (phase: IntentView['phase']) =>
      podState(podView({ activity: idleFor(15), intent: stopIntent(phase) })).word
    expect(['scheduled', 'sent', 'accepted'].map((phase) => word(phase as 'sent'))).toEqual([
      'Stopping',
      'Stopping',
      'Stopping',
    ])
    expect(word('cancelled')).toBe('Idle 15 min')
  })

  test('raises no alarm about an idle pod that is kept running', () => {
    const keepOn = { sinceMs: NOW_MS, untilMs: null }
    const guard = { ...noGuard, keepOn }
    expect(podState(podView({ activity: idleFor(180), guard }))).toEqual({
      tone: 'mute',
      word: 'Kept running',
    })
    expect(podState(podView({ guard }))).toEqual({ tone: 'ok', word: 'Busy 93%' })
  })

  test('does not call a pod with unknown activity simply running', () => {
    const pod = podView({ activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } })
    expect(podState(pod)).toEqual({ tone: 'mute', word: 'Activity unknown' })
    expect(podRemarks(pod, NOW_MS)).toEqual(['Activity unknown: it reports no metrics'])
    const booting = podView({ activity: { kind: 'unknown', reason: 'booting', sinceMs: null } })
    expect(podRemarks(booting, NOW_MS)).toEqual(['Booting. Idle tracking hasn’t started yet'])
  })

  test('shows an unknown status unchanged', () => {
    expect(podState(podView({ phase: 'unknown', rawStatus: 'HIBERNATING' })).word).toBe('HIBERNATING')
  })

  test('calls a creation of 15 minutes or more unusually long', () => {
    const remark = (minutes: number) =>
      podRemarks(creatingPod({ sinceMs: NOW_MS - minutes * MINUTE_MS, isAtLeast: false }), NOW_MS)[0]
    expect(remark(14)).toBe('Creating for 14 min. You may already be paying for it.')
    expect(remark(15)).toContain('unusually long')
  })

  test('says "at least" when the pod was creating before it was observed', () => {
    const sinceMs = NOW_MS - 2 * MINUTE_MS
    expect(podRemarks(creatingPod({ sinceMs, isAtLeast: true }), NOW_MS)[0]).toBe(
      'Creating for at least 2 min. You may already be paying for it.',
    )
  })

  test('never counts a creation from when the pod was made', () => {
    const eightDaysAgo = NOW_MS - 8 * DAY_MS
    const restarted = { createdAtMs: eightDaysAgo, startedAtMs: eightDaysAgo }
    const pod = creatingPod({ sinceMs: NOW_MS - MINUTE_MS, isAtLeast: false }, restarted)
    expect(podRemarks(pod, NOW_MS)).toEqual(['Creating for 1 min. You may already be paying for it.'])
  })

  test('includes the disk cost of a stopped pod, or that it is unknown', () => {
    const remarks = (stoppedDiskPerHourUsd: number | null) =>
      podRemarks(podView({ phase: 'stopped', stoppedDiskPerHourUsd }), NOW_MS)
    expect(remarks(0.1)).toEqual(['Its disk costs $2.40 a day while stopped'])
    expect(remarks(null)).toEqual(['Its disk cost while stopped is unknown'])
    expect(remarks(0)).toEqual([])
  })

  test('says when a pod was stopped, and which rule did it', () => {
    const remarks = (origin: IntentView['origin']) =>
      podRemarks(
        podView({
          phase: 'stopped',
          stoppedDiskPerHourUsd: 0,
          intent: { ...stopIntent('observed'), origin },
        }),
        NOW_MS,
      )
    expect(remarks('person')[0]).toMatch(/^Stopped at \d\d:\d\d$/)
    expect(remarks('quiet')[0]).toMatch(/^Stopped at \d\d:\d\d by auto-stop$/)
    expect(remarks('max-hours')[0]).toMatch(/, at its maximum hours$/)
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
      reason: 'GPU under 3% since 13:53',
      stopInMs: null,
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
    expect(idleBarText(watchedPod, mode, NOW_MS, false, 'UTC')).toMatchObject({
      progress: 0.15,
      stopInMs: 306 * MINUTE_MS,
      nextText: 'auto-stop at 19:11 if it stays quiet',
    })
  })

  test('announces neither alert nor stop for a pod that is kept running', () => {
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

  test('is empty after the alert while no stop is due, and absent for a busy pod', () => {
    expect(idleBarText(podView({ activity: idleFor(54) }), mode, NOW_MS, false)).toMatchObject({
      progress: 0,
      stopInMs: null,
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
  expect(remarks({ actions: [] })).toEqual(['Runpod gave no reason. Its logs in Runpod say more.'])
  expect(remarks({ actions: [], hasLogs: true })).toEqual(['Runpod gave no reason. Its log says more.'])
})

test('the text about stopped pods gives the total cost of their disks', () => {
  const stopped = (stoppedDiskPerHourUsd: number | null) =>
    podView({ phase: 'stopped', stoppedDiskPerHourUsd })
  expect(stoppedCostText([stopped(0.1), stopped(0.1)])).toBe('2 · disks cost $4.80 a day')
  expect(stoppedCostText([stopped(0.1), stopped(null)])).toBe('2 · disks cost at least $2.40 a day')
  expect(stoppedCostText([stopped(0)])).toBe('1')
})
