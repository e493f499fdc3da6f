import { describe, expect, test } from 'vitest'
import type { StopCondition } from '../../../../src/core/guard/policy/stop-conditions'
import { newStopPlan } from '../../../../src/core/guard/policy/stop-plan'
import type { StopStatus, StopStatuses } from '../../../../src/core/guard/policy/stop-status'
import { createWaitingStops, waitingPodIds } from '../../../../src/core/guard/stops/waiting-stops'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { instant, pod } from '../../../harness/samples/pods'

const at = (min: number) => instant(min * MINUTE_MS)
const named = (name: string, costPerHourUsd: number | null = 2) => pod({ id: name, name, costPerHourUsd })

describe('the alert about pods that wait for the hourly limit', () => {
  const episodesOf = (...steps: readonly [number, number][]): (string | undefined)[] => {
    const waiting = createWaitingStops('account-1')
    return steps.map(([min, count]) => {
      const pods = Array.from({ length: count }, (_, index) => named(`pod-${index}`))
      return waiting.update(pods, 3, at(min))[0]?.key.episode
    })
  }

  test('keeps its episode while pods wait, and when none waits for a few polls', () => {
    expect(new Set(episodesOf([0, 2], [1, 3], [2, 1], [30, 4]))).toEqual(new Set(['run-1:5000']))
    expect(episodesOf([0, 1], [1, 0], [2, 1])).toEqual(['run-1:5000', undefined, 'run-1:5000'])
  })

  test('begins another episode after an hour, once no pod waited', () => {
    expect(episodesOf([0, 1], [60, 0], [61, 1])).toEqual(['run-1:5000', undefined, 'run-1:3665000'])
    expect(episodesOf([0, 1], [200, 1])).toEqual(['run-1:5000', 'run-1:5000'])
  })

  test('has buttons that do nothing while no pod waits', () => {
    const waiting = createWaitingStops('account-1')
    expect(waiting.episode()).toBeNull()
    waiting.update([named('a')], 3, at(0))
    expect(waiting.episode()).toBe('run-1:5000')
    waiting.update([], 3, at(1))
    expect(waiting.episode()).toBeNull()
  })

  test('says how many wait, what they cost, and at most eight names', () => {
    const waiting = createWaitingStops('account-1')
    const [one] = waiting.update([named('a\u202e', null)], 1, at(0))
    expect(one).toMatchObject({
      title: '1 more pod is due to stop',
      body: 'The limit of 1 automatic stop an hour has been reached. Still running: a.',
    })
    const [some] = waiting.update([named('a', null), named('b')], 3, at(0))
    expect(some?.body).toContain('Still running (at least $2.00/hr): a, b.')
    const [many] = waiting.update(
      Array.from({ length: 10 }, (_, index) => named(`p${index}`)),
      3,
      at(1),
    )
    expect(many).toMatchObject({
      title: '10 more pods are due to stop',
      body: 'The limit of 3 automatic stops an hour has been reached. Still running ($20.00/hr): p0, p1, p2, p3, p4, p5, p6, p7 and 2 more.',
    })
  })
})

describe('a pod waits for the hourly limit', () => {
  const clear: StopStatus = { kind: 'clear', leftMs: null, hold: null }
  const plan = newStopPlan(
    { cause: 'quiet', action: 'stop', podStartedAtMs: START_MS, isDryRun: false },
    MINUTE_MS,
    at(0),
  )
  const blockedBy = (...conditions: readonly StopCondition[]) => ({
    conditions,
    text: 'Not stopped.',
    why: '',
  })
  const planned = (leftMs: number, ...conditions: readonly StopCondition[]): StopStatus => ({
    kind: 'planned',
    plan,
    leftMs,
    block: conditions.length === 0 ? null : blockedBy(...conditions),
    confirmedAt: at(0),
  })
  const isWaiting = (...[quiet, budget = clear]: readonly [StopStatus, StopStatus?]): boolean => {
    const statuses: StopStatuses = { quiet, 'max-hours': clear, 'stop-time': clear, budget }
    return waitingPodIds(new Map([['pod-1', statuses]])).includes('pod-1')
  }

  test('if the limit alone holds a stop that is due, whatever its cause', () => {
    expect(isWaiting(planned(0, 'under-hourly-limit'))).toBe(true)
    expect(isWaiting(planned(-1, 'under-hourly-limit'))).toBe(true)
    expect(isWaiting(clear, planned(0, 'under-hourly-limit'))).toBe(true)
  })

  test('not before its stop is due, nor while anything else holds it', () => {
    expect(isWaiting(clear)).toBe(false)
    expect(isWaiting(planned(0))).toBe(false)
    expect(isWaiting(planned(1, 'under-hourly-limit'))).toBe(false)
    expect(isWaiting(planned(0, 'warned'))).toBe(false)
    expect(isWaiting(planned(0, 'under-hourly-limit', 'warned'))).toBe(false)
    expect(isWaiting({ kind: 'blocked', ...blockedBy('under-hourly-limit') })).toBe(false)
  })

  test('and only those pods are named', () => {
    const waiting: StopStatuses = {
      quiet: planned(0, 'under-hourly-limit'),
      'max-hours': clear,
      'stop-time': clear,
      budget: clear,
    }
    const free: StopStatuses = { quiet: planned(0), 'max-hours': clear, 'stop-time': clear, budget: clear }
    const ids = waitingPodIds(
      new Map([
        ['a', waiting],
        ['b', free],
        ['c', waiting],
      ]),
    )
    expect(ids).toEqual(['a', 'c'])
  })
})
