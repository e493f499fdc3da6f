import { describe, expect, test } from 'vitest'
import { tokenGuardProblem, tokenRulesProblem } from '../../../../src/core/pods-api/access/token-pod-changes'
import type { DataImpact } from '../../../../src/core/pods/data-impact'
import { podView } from '../../../harness/samples/pod-views'

const impact = (of: DataImpact['impact']): DataImpact => ({
  impact: of,
  storage: 'volume',
  sizeGb: 50,
  path: '/workspace',
  stoppedCostPerDayUsd: null,
})
const kept = podView({ stopImpact: [impact('kept')] })
const unsafe = ['lost', 'unknown'].map((of) => podView({ stopImpact: [impact(of as 'lost')] }))

describe('a token', () => {
  test('changes when a pod is stopped that keeps its data, and never whether it may lose them', () => {
    for (const changes of [{ maxHours: 8 }, { isAutoStopped: true }, { atBudget: 'stop' as const }, {}])
      expect(tokenRulesProblem(kept, changes)).toBeNull()
    for (const changes of [{ mayLoseData: true }, { mayLoseData: null }, { atMaxHours: 'stop' as const }])
      expect(tokenRulesProblem(kept, changes)).toContain('Only a person')
  })

  test('changes nothing by which a pod is stopped earlier that may lose its data', () => {
    for (const pod of unsafe) {
      for (const changes of [
        { maxHours: 8 },
        // What is set for several pods may be stricter.
        { maxHours: null },
        { isAutoStopped: true },
        { isAutoStopped: null },
        { autoStopAfterMin: 30 },
        { atBudget: 'stop' as const },
        { monthlyBudgetUsd: 1 },
        { isLowCpuIdle: true },
        { isAutoStopped: false, maxHours: 1 },
      ])
        expect(tokenRulesProblem(pod, changes)).toContain('podkeeper rules')
      for (const changes of [{ isAutoStopped: false }, { idleAlertAfterMin: 20 }])
        expect(tokenRulesProblem(pod, changes)).toBeNull()
    }
  })

  test('changes a guard that a person installed, and lets it stop a pod only where that keeps data', () => {
    const guardInPod = {} as NonNullable<typeof kept.guardInPod>
    for (const change of ['stop', 'report', 'refresh', 'remove'] as const) {
      expect(tokenGuardProblem(kept, change)).toContain('A person installs')
      expect(tokenGuardProblem({ ...kept, guardInPod }, change)).toBeNull()
      for (const pod of unsafe)
        expect(tokenGuardProblem({ ...pod, guardInPod }, change) === null).toBe(change !== 'stop')
    }
  })
})
