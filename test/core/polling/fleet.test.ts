import { describe, expect, test } from 'vitest'
import { createFleet, type Fleet } from '../../../src/core/polling/fleet'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { TRAIL_STEP_MS } from '../../../src/core/idle/usage-trail'
import { START_MS } from '../../harness/base/fake-clock'
import { gpus, instant, pod, stoppedPod, telemetry } from '../../harness/samples/pods'

const MIN = MINUTE_MS
/** An idle pod `min` minutes after the start. */
const at = (min: number, overrides: Partial<Pod> = {}): Pod =>
  pod({ telemetry: telemetry({ uptimeS: 3_600 + min * 60 }), ...overrides })
const seen = (fleet: Fleet, min: number, overrides: Partial<Pod> = {}) =>
  fleet.applyList({ pods: [at(min, overrides)], isComplete: true }, fleet.stampRequest(instant(min * MIN)))
const activity = (fleet: Fleet, min: number) => fleet.observedPods(instant(min * MIN))[0]?.activity

function idleFor(minutes: number): Fleet {
  const fleet = createFleet(
    () => defaultActivityRules,
    () => null,
  )
  for (let min = 0; min <= minutes; min++) seen(fleet, min)
  return fleet
}

describe('a fleet', () => {
  test('samples a running pod with each list', () => {
    expect(activity(idleFor(20), 20)).toMatchObject({ kind: 'idle', idleForMs: 20 * MIN })
  })

  test('samples a running pod with each single read too', () => {
    const fleet = idleFor(0)
    expect(fleet.applyPod(at(1), fleet.stampRequest(instant(MIN)))).toBe(true)
    expect(activity(fleet, 1)).toMatchObject({ idleForMs: MIN })
  })

  test('takes neither pod nor sample from an older list', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    const [early, late] = [fleet.stampRequest(instant(0)), fleet.stampRequest(instant(MIN))]
    expect(fleet.applyList({ pods: [at(1)], isComplete: true }, late)).toHaveLength(1)
    expect(fleet.applyList({ pods: [stoppedPod()], isComplete: true }, early)).toEqual([])
    expect(fleet.pod('pod-1')?.phase).toBe('running')
    expect(fleet.listedAtMs()).toBe(START_MS + MIN)
    expect(fleet.histories(['pod-1'])[0]?.points).toHaveLength(1)
  })

  test('takes nothing from an older single read', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    const early = fleet.stampRequest(instant(0))
    seen(fleet, 1)
    expect(fleet.applyPod(stoppedPod(), early)).toBe(false)
    expect(fleet.pod('pod-1')?.phase).toBe('running')
  })

  test('does not include a pod that no list contained', () => {
    const fleet = idleFor(1)
    expect(fleet.applyPod(pod({ id: 'stranger' }), fleet.stampRequest(instant(2 * MIN)))).toBe(false)
    expect(fleet.pod('stranger')).toBeNull()
  })

  test('says whether any pod is creating or running', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    expect(fleet.hasActivePod()).toBe(false)
    for (const [min, phase] of (['creating', 'running', 'stopped', 'error'] as const).entries()) {
      seen(fleet, min, { phase })
      expect(fleet.hasActivePod()).toBe(phase === 'creating' || phase === 'running')
    }
  })

  test('says that its list is partial', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    fleet.applyList({ pods: [], isComplete: false }, fleet.stampRequest(instant(0)))
    expect(fleet.isListPartial()).toBe(true)
  })
})

describe('an idle episode', () => {
  test.each(['stopped', 'creating', 'error'] as const)('ends when the pod is observed %s', (phase) => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase })
    seen(fleet, 22)
    expect(activity(fleet, 22)).toMatchObject({ kind: 'idle', idleForMs: 0 })
  })

  test('ends when the pod is gone', () => {
    const fleet = idleFor(20)
    for (const min of [21, 22])
      fleet.applyList({ pods: [], isComplete: true }, fleet.stampRequest(instant(min * MIN)))
    expect(fleet.podsToConfirm()).toEqual(['pod-1'])
    fleet.applyNotFound('pod-1', fleet.stampRequest(instant(22 * MIN)))
    expect(fleet.gonePods(instant(22 * MIN))).toMatchObject([{ id: 'pod-1' }])
    expect(fleet.histories(['pod-1'])).toEqual([])
    seen(fleet, 23)
    expect(activity(fleet, 23)).toMatchObject({ idleForMs: 0 })
  })

  test('ends when the API reports the pod as terminated', () => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase: 'terminated' })
    expect(fleet.pod('pod-1')).toBeNull()
    expect(fleet.histories(['pod-1'])).toEqual([])
  })

  test('is only paused by an unknown status, whatever its figures', () => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase: 'unknown', rawStatus: 'MIGRATING' })
    expect(activity(fleet, 21)).toMatchObject({ kind: 'unknown' })
    seen(fleet, 22)
    seen(fleet, 23)
    expect(activity(fleet, 23)).toMatchObject({ kind: 'idle', idleForMs: 21 * MIN })
  })

  test('does not end through lists that fail or omit the pod, if it is observed again within 5 minutes, which do not count', () => {
    const fleet = idleFor(20)
    fleet.applyList({ pods: [], isComplete: true }, fleet.stampRequest(instant(21 * MIN)))
    seen(fleet, 25)
    expect(activity(fleet, 25)).toMatchObject({ kind: 'idle', idleForMs: 20 * MIN })
  })
})

/** The middle of the three minutes around that time. */
const middleOf = (atMs: number): number => (Math.floor(atMs / TRAIL_STEP_MS) + 0.5) * TRAIL_STEP_MS

describe('a sparkline', () => {
  test('has a point for every three minutes, oldest first', () => {
    const fleet = idleFor(90)
    const points = fleet.histories(['pod-1'])[0]?.points ?? []
    expect(points).toHaveLength(31)
    expect(points[0]).toEqual({ atMs: middleOf(START_MS), utilPercent: 0, isIdle: true })
    expect(points.at(-1)).toEqual({ atMs: START_MS + 90 * MIN, utilPercent: 0, isIdle: true })
  })

  test('shows a boot, whose figures are known although they don’t count', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    seen(fleet, 0, { telemetry: telemetry({ gpus: gpus(3), uptimeS: 60 }) })
    expect(activity(fleet, 0)).toMatchObject({ kind: 'unknown', reason: 'booting' })
    expect(fleet.histories(['pod-1'])[0]?.points).toEqual([{ atMs: START_MS, utilPercent: 3, isIdle: false }])
  })

  test('begins with what was recorded of the same run before the program started', () => {
    const earlier = (minute: number) =>
      ({ atMs: START_MS + minute * MIN, utilPercent: 80, kind: 'busy' }) as const
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    seen(fleet, 0, { startedAtMs: START_MS - 20 * MIN })
    fleet.addEarlierUsage('pod-1', [earlier(-30), earlier(-4), earlier(1)])
    expect(fleet.histories(['pod-1'])[0]?.points.map(({ utilPercent }) => utilPercent)).toEqual([80, 0])
    // It has not run since, and a pod that is not known has no trail.
    fleet.applyList({ pods: [stoppedPod()], isComplete: true }, fleet.stampRequest(instant(1)))
    fleet.addEarlierUsage('pod-1', [earlier(-4)])
    fleet.addEarlierUsage('no-such-pod', [earlier(-4)])
    expect(fleet.histories(['pod-1', 'no-such-pod'])).toEqual([])
  })

  test('is returned for the requested pods only', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    const pods = [at(0), at(0, { id: 'pod-2' }), stoppedPod({ id: 'pod-3' })]
    fleet.applyList({ pods, isComplete: true }, fleet.stampRequest(instant(0)))
    const asked = ['pod-2', 'pod-3', 'no-such-pod']
    expect(fleet.histories(asked).map(({ podId }) => podId)).toEqual(['pod-2'])
  })

  test('shows the busiest GPU, and nothing where nothing was known', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => null,
    )
    const two = { gpu: { name: 'A100', count: 2 } }
    seen(fleet, 0, { ...two, telemetry: telemetry({ gpus: gpus(10, 70) }) })
    seen(fleet, 1, { ...two, telemetry: telemetry({ gpus: gpus(10), uptimeS: 4_000 }) })
    expect(fleet.histories(['pod-1'])[0]?.points).toEqual([
      { atMs: middleOf(START_MS), utilPercent: 70, isIdle: false },
      { atMs: middleOf(START_MS + MIN) - TRAIL_STEP_MS / 2, utilPercent: null, isIdle: false },
    ])
    expect(fleet.observedPods(instant(MIN))[0]?.utilPercent).toBe(10)
  })
})
