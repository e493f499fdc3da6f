import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import { noGuard } from '../../../src/core/guard/guard-view'
import { autoStopPods, isAutoStopOn, wouldLoseAllData } from '../../../src/renderer/guard/auto-stop-pods'
import { podView } from '../../harness/pod-views'

describe('the pods offered for auto-stop', () => {
  const podWithRule = (isAutoStopped: boolean) => podView({ guard: { ...noGuard, rules: { isAutoStopped } } })

  test('are sorted by name, without clusters and terminated pods', () => {
    const pods = [
      podView({ id: 'c', name: 'run-10' }),
      podView({ id: 'b', name: 'Run-9' }),
      podView({ id: 'a', name: 'rank', clusterId: 'c' }),
      podView({ id: 'd', name: 'old', phase: 'terminated' }),
      podView({ id: 'e', name: 'asleep', phase: 'stopped' }),
    ]
    expect(autoStopPods(pods).map(({ name }) => name)).toEqual(['asleep', 'Run-9', 'run-10'])
  })

  test('include a pod without a rule of its own only when auto-stop is on for all pods', () => {
    expect(isAutoStopOn(podView(), 'all')).toBe(true)
    expect(isAutoStopOn(podView(), 'ticked')).toBe(false)
    expect(isAutoStopOn(podView(), 'undecided')).toBe(false)
    expect(isAutoStopOn(podWithRule(true), 'ticked')).toBe(true)
    expect(isAutoStopOn(podWithRule(false), 'all')).toBe(false)
  })

  test('are marked when a stop would destroy all their data and that was not allowed', () => {
    const disk: DataImpact = {
      impact: 'lost',
      storage: 'container-disk',
      sizeGb: 40,
      path: null,
      stoppedCostPerDayUsd: null,
    }
    const podWithoutVolume = podView({ stopImpact: [disk] })
    expect(wouldLoseAllData(podWithoutVolume)).toBe(true)
    expect(
      wouldLoseAllData({
        ...podWithoutVolume,
        stopImpact: [{ ...disk, impact: 'kept', storage: 'volume' }, disk],
      }),
    ).toBe(false)
    expect(
      wouldLoseAllData({ ...podWithoutVolume, guard: { ...noGuard, rules: { mayLoseData: true } } }),
    ).toBe(false)
  })
})
