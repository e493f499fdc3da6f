import { describe, expect, test } from 'vitest'
import { createFleet, type Fleet } from '../../../src/core/polling/fleet'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultActivityRules } from '../../../src/core/idle/sample'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { START_MS } from '../../harness/clock'
import { gpus, instant, pod, stoppedPod, telemetry } from '../../harness/pods'

const MIN = MINUTE_MS
/** An idle pod `min` minutes after the start. */
const at = (min: number, overrides: Partial<Pod> = {}): Pod =>
  pod({ telemetry: telemetry({ uptimeS: 3_600 + min * 60 }), ...overrides })
const seen = (fleet: Fleet, min: number, overrides: Partial<Pod> = {}) =>
  fleet.takeList({ pods: [at(min, overrides)], isComplete: true }, fleet.request(instant(min * MIN)))
const activity = (fleet: Fleet, min: number) => fleet.seenAt(instant(min * MIN))[0]?.activity

function idleFor(minutes: number): Fleet {
  const fleet = createFleet(
    () => defaultActivityRules,
    () => false,
  )
  for (let min = 0; min <= minutes; min++) seen(fleet, min)
  return fleet
}

describe('a fleet', () => {
  test('samples a running pod with each list', () => {
    expect(activity(idleFor(20), 20)).toMatchObject({ kind: 'idle', idleForMs: 20 * MIN })
  })

  test('samples it with each single read too', () => {
    const fleet = idleFor(0)
    expect(fleet.takePod(at(4), fleet.request(instant(4 * MIN)))).toBe(true)
    expect(activity(fleet, 4)).toMatchObject({ idleForMs: 4 * MIN })
  })

  test('takes nothing from an older list: neither pod nor sample', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    const [early, late] = [fleet.request(instant(0)), fleet.request(instant(MIN))]
    expect(fleet.takeList({ pods: [at(1)], isComplete: true }, late)).toHaveLength(1)
    expect(fleet.takeList({ pods: [stoppedPod()], isComplete: true }, early)).toEqual([])
    expect(fleet.pod('pod-1')?.phase).toBe('running')
    expect(fleet.listAtMs()).toBe(START_MS + MIN)
    expect(fleet.histories(['pod-1'], instant(MIN))[0]?.points).toHaveLength(1)
  })

  test('takes nothing from an older single read', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    const early = fleet.request(instant(0))
    seen(fleet, 1)
    expect(fleet.takePod(stoppedPod(), early)).toBe(false)
    expect(fleet.pod('pod-1')?.phase).toBe('running')
  })

  test('does not take in a pod that no list has shown', () => {
    const fleet = idleFor(1)
    expect(fleet.takePod(pod({ id: 'stranger' }), fleet.request(instant(2 * MIN)))).toBe(false)
    expect(fleet.pod('stranger')).toBeNull()
  })

  test('says whether something is creating or running', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    expect(fleet.hasActivePod()).toBe(false)
    for (const [min, phase] of (['creating', 'running', 'stopped', 'error'] as const).entries()) {
      seen(fleet, min, { phase })
      expect(fleet.hasActivePod()).toBe(phase === 'creating' || phase === 'running')
    }
  })

  test('says that its picture is partial', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    fleet.takeList({ pods: [], isComplete: false }, fleet.request(instant(0)))
    expect(fleet.isPartial()).toBe(true)
  })
})

describe('an episode ends', () => {
  test.each(['stopped', 'creating', 'error'] as const)('when the pod is seen %s', (phase) => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase })
    seen(fleet, 22)
    expect(activity(fleet, 22)).toMatchObject({ kind: 'idle', idleForMs: 0 })
  })

  test('when the pod is gone', () => {
    const fleet = idleFor(20)
    for (const min of [21, 22])
      fleet.takeList({ pods: [], isComplete: true }, fleet.request(instant(min * MIN)))
    expect(fleet.toConfirm()).toEqual(['pod-1'])
    fleet.takeGone('pod-1', fleet.request(instant(22 * MIN)))
    expect(fleet.tombstones(instant(22 * MIN))).toMatchObject([{ id: 'pod-1' }])
    expect(fleet.histories(['pod-1'], instant(22 * MIN))).toEqual([])
    seen(fleet, 23)
    expect(activity(fleet, 23)).toMatchObject({ idleForMs: 0 })
  })

  test('when the API calls the pod terminated', () => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase: 'terminated' })
    expect(fleet.pod('pod-1')).toBeNull()
    expect(fleet.histories(['pod-1'], instant(21 * MIN))).toEqual([])
  })

  test('not by a status that the app has no word for, which only pauses it, whatever figures it shows', () => {
    const fleet = idleFor(20)
    seen(fleet, 21, { phase: 'unknown', rawStatus: 'MIGRATING' })
    expect(activity(fleet, 21)).toMatchObject({ kind: 'unknown' })
    seen(fleet, 22)
    seen(fleet, 23)
    expect(activity(fleet, 23)).toMatchObject({ kind: 'idle', idleForMs: 21 * MIN })
  })

  test('not by lists that fail or leave it out, as long as it is seen again within 5 minutes', () => {
    const fleet = idleFor(20)
    fleet.takeList({ pods: [], isComplete: true }, fleet.request(instant(21 * MIN)))
    seen(fleet, 25)
    expect(activity(fleet, 25)).toMatchObject({ kind: 'idle', idleForMs: 25 * MIN })
  })
})

describe('a sparkline', () => {
  test('holds the last hour, oldest first', () => {
    const fleet = idleFor(90)
    const points = fleet.histories(['pod-1'], instant(90 * MIN))[0]?.points ?? []
    expect(points).toHaveLength(61)
    expect(points[0]).toEqual({ atMs: START_MS + 90 * MIN - HOUR_MS, utilPercent: 0, isIdle: true })
    expect(fleet.histories(['pod-1'], instant(200 * MIN))[0]?.points).toEqual([])
  })

  test('is told of the pods that are asked for, and of no other', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    const pods = [at(0), at(0, { id: 'pod-2' }), stoppedPod({ id: 'pod-3' })]
    fleet.takeList({ pods, isComplete: true }, fleet.request(instant(0)))
    const asked = ['pod-2', 'pod-3', 'no-such-pod']
    expect(fleet.histories(asked, instant(0)).map(({ podId }) => podId)).toEqual(['pod-2'])
  })

  test('shows the busiest GPU, and nothing where nothing was known', () => {
    const fleet = createFleet(
      () => defaultActivityRules,
      () => false,
    )
    const two = { gpu: { name: 'A100', count: 2 } }
    seen(fleet, 0, { ...two, telemetry: telemetry({ gpus: gpus(10, 70) }) })
    seen(fleet, 1, { ...two, telemetry: telemetry({ gpus: gpus(10), uptimeS: 4_000 }) })
    expect(fleet.histories(['pod-1'], instant(MIN))[0]?.points).toEqual([
      { atMs: START_MS, utilPercent: 70, isIdle: false },
      { atMs: START_MS + MIN, utilPercent: null, isIdle: false },
    ])
    expect(fleet.seenAt(instant(MIN))[0]?.utilPercent).toBe(10)
  })
})
