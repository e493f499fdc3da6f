import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { noGuard } from '../../../src/core/guard/guard-view'
import { autoStopPods, ruleLosingData, wouldLoseAllData } from '../../../src/renderer/guard/auto-stop-pods'
import { podView } from '../../harness/samples/pod-views'

const disk: DataImpact = {
  impact: 'lost',
  storage: 'container-disk',
  sizeGb: 40,
  path: null,
  stoppedCostPerDayUsd: null,
}
const volume: DataImpact = { ...disk, impact: 'kept', storage: 'volume' }
const unknownMounts: DataImpact = { ...disk, impact: 'unknown', storage: 'mounts' }

describe('a rule that stops the pod', () => {
  const asking = (rules: PodRules, stopImpact: readonly DataImpact[] = [disk]) =>
    ruleLosingData(podView({ stopImpact, guard: { ...noGuard, rules } }))

  test('needs permission when nothing certainly survives a stop', () => {
    expect(asking({ maxHours: 5 })).toBe('maxHours')
    expect(asking({ monthlyBudgetUsd: 9, atBudget: 'stop' })).toBe('budget')
    expect(asking({ maxHours: 5, monthlyBudgetUsd: 9, atBudget: 'stop' })).toBe('maxHours')
    expect(asking({ maxHours: 5 }, [unknownMounts, disk])).toBe('maxHours')
    expect(asking({ maxHours: 5 }, [volume, unknownMounts, disk])).toBe('maxHours')
    expect(asking({ maxHours: 5 }, [])).toBe('maxHours')
  })

  test('needs no permission when a volume survives, or when it only alerts', () => {
    expect(asking({ maxHours: 5 }, [volume, disk])).toBeNull()
    expect(asking({ monthlyBudgetUsd: 9 })).toBeNull()
    expect(asking({ isAutoStopped: true })).toBeNull()
  })

  test('needs no permission when terminating was chosen, which destroys the data anyway', () => {
    expect(asking({ maxHours: 5, atMaxHours: 'terminate' })).toBeNull()
    expect(asking({ maxHours: 5, atMaxHours: 'terminate', monthlyBudgetUsd: 9, atBudget: 'stop' })).toBe(
      'budget',
    )
  })
})

describe('the pods offered for auto-stop', () => {
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

  test('are marked when a stop would destroy all their data and that was not allowed', () => {
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
