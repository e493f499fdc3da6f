import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesGlob } from '../../../src/core/base/text/glob'
import { effectiveRules, withGroupRules } from '../../../src/core/pod-rules/group-rules'
import {
  type GroupRules,
  groupRuleNames,
  type GroupRuleValues,
  noGroupRules,
  type PatternRule,
  type PodRules,
} from '../../../src/core/pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import { ok } from '../../../src/core/base/result'
import { confirmed } from '../../harness/monitor/confirm-as-user'
import { startGuardedMonitor, ticked } from '../../harness/guard/guarded-monitor'
import { pod } from '../../harness/samples/pods'

const trainer = pod({
  id: 'pod-1',
  name: 'trainer-7',
  gpu: { name: 'H100 SXM', count: 4 },
  labels: ['team=vision'],
})
const rulesOf = (own: PodRules, group: Partial<GroupRules>, of = trainer) =>
  effectiveRules(own, of, { ...noGroupRules, ...group })
const pattern = (match: PatternRule['match'], values: GroupRuleValues, name = 'p'): PatternRule => ({
  name,
  match,
  ...values,
})

test.each([
  ['train*', 'TRAINER', true],
  ['train?r', 'trainer', true],
  ['*', '', true],
  ['', '', true],
  ['a*b*c', 'a--b--c', true],
  ['a*b*c', 'a--c--b', false],
  ['train', 'trainer', false],
  ['?', '', false],
  ['[a]', 'a', false],
])('the pattern “%s” and the name “%s”', (wanted, name, isMatch) => {
  expect(matchesGlob(wanted, name)).toBe(isMatch)
})

describe('rules for several pods', () => {
  test.each([
    [{ name: 'trainer-*' }, true],
    [{ name: 'eval-*' }, false],
    [{ gpu: 'h100' }, true],
    [{ gpu: 'A100' }, false],
    [{ label: 'team=vision' }, true],
    [{ label: 'team' }, false],
    [{ name: 'trainer-*', gpu: 'A100' }, false],
  ])('match a pod where all of %j does', (match, isMatch) => {
    const { rules } = rulesOf({}, { patterns: [pattern(match, { maxHours: 5 })] })
    expect(rules).toEqual(isMatch ? { maxHours: 5 } : {})
  })

  test('a budget for all pods comes with what happens at it, whatever the pod’s own budget led to before', () => {
    const allPods = { monthlyBudgetUsd: 9 }
    expect(rulesOf({ atBudget: 'stop' }, { patterns: [], allPods }).rules).toEqual(allPods)
  })

  test('come after the pod’s own, in their order, and those for all pods come last', () => {
    const patterns = [
      pattern({ name: '*' }, { idleAlertAfterMin: 5 }, 'first'),
      pattern({ name: '*' }, { idleAlertAfterMin: 7, autoStopAfterMin: 90 }, 'second'),
    ]
    const allPods = {
      autoStopAfterMin: 200,
      isLowCpuIdle: true,
      monthlyBudgetUsd: 9,
      atBudget: 'stop',
    } as const
    expect(rulesOf({ isAutoStopped: false, monthlyBudgetUsd: 50 }, { patterns, allPods })).toEqual({
      rules: {
        isAutoStopped: false,
        monthlyBudgetUsd: 50,
        idleAlertAfterMin: 5,
        autoStopAfterMin: 90,
        isLowCpuIdle: true,
      },
      origins: {
        idleAlertAfterMin: { kind: 'pattern', name: 'first' },
        autoStopAfterMin: { kind: 'pattern', name: 'second' },
        isLowCpuIdle: { kind: 'all-pods' },
      },
    })
  })

  test('limit the maximum hours of all pods, and terminate none that a person chose for other hours', () => {
    const allPods = { maxHours: 24 }
    expect(rulesOf({}, { allPods }).rules).toEqual({ maxHours: 24 })
    expect(rulesOf({ maxHours: 48, atMaxHours: 'terminate' }, { allPods }).rules).toEqual({ maxHours: 24 })
    expect(rulesOf({ maxHours: 12, atMaxHours: 'terminate' }, { allPods }).rules).toEqual({
      maxHours: 12,
      atMaxHours: 'terminate',
    })
    const patterns = [pattern({ name: '*' }, { maxHours: 72 })]
    expect(rulesOf({}, { allPods, patterns }).rules).toEqual({ maxHours: 24 })
    expect(rulesOf({ maxHours: 90 }, { patterns }).rules).toEqual({ maxHours: 90 })
  })

  test('by a label only keep a pod from being stopped where its labels can’t be seen', () => {
    const hidden = pod({ isEnvironmentHidden: true })
    const patterns = [pattern({ label: 'x' }, { isAutoStopped: true, maxHours: 2 })]
    expect(rulesOf({}, { patterns }, hidden).rules).toEqual({})
    const kept = [pattern({ label: 'x' }, { isAutoStopped: false, maxHours: 2 })]
    expect(rulesOf({}, { patterns: kept }, hidden).rules).toEqual({ isAutoStopped: false })
  })

  test('never change what a pod has of its own, except by the limit', () => {
    const values = fc.record(
      {
        isAutoStopped: fc.boolean(),
        idleAlertAfterMin: fc.integer({ min: 1, max: 99 }),
        maxHours: fc.integer({ min: 1, max: 99 }),
        monthlyBudgetUsd: fc.integer({ min: 1, max: 99 }),
        atBudget: fc.constant('stop' as const),
        mayLoseData: fc.boolean(),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<GroupRuleValues>
    fc.assert(
      fc.property(values, values, values, ({ atBudget, ...others }, first, allPods) => {
        // What happens at a budget is stored with one only.
        const own: GroupRuleValues =
          others.monthlyBudgetUsd === undefined ? others : { ...others, ...(atBudget && { atBudget }) }
        const { rules, origins } = rulesOf(own, { patterns: [pattern({ name: '*' }, first)], allPods })
        expect(rules.maxHours ?? Infinity).toBeLessThanOrEqual(allPods.maxHours ?? Infinity)
        for (const name of groupRuleNames) {
          if (own[name] !== undefined && name !== 'maxHours') expect(rules[name]).toBe(own[name])
          const source = origins[name]?.kind === 'pattern' ? first : origins[name] ? allPods : own
          expect(rules[name]).toBe(source[name])
        }
      }),
      { numRuns: 300 },
    )
  })
})

const group: GroupRules = {
  allPods: { maxHours: 24 },
  patterns: [pattern({ name: '*' }, { isAutoStopped: true }, 'all of them')],
}

test('rules for several pods select a pod for auto-stop only where the account’s mode allows that', async () => {
  for (const autoStop of ['off', 'undecided', 'ticked'] as const) {
    const rig = await startGuardedMonitor({ guard: { autoStop, groupRules: group, pods: {} } })
    expect(rig.monitor.snapshot().pods[0]?.guard).toMatchObject({
      isAutoStopEnabled: autoStop === 'ticked',
      rules: { maxHours: 24, isAutoStopped: true },
      ruleOrigins: {
        isAutoStopped: { kind: 'pattern', name: 'all of them' },
        maxHours: { kind: 'all-pods' },
      },
    })
  }
})

test('a rule of one pod can’t exceed the limit, nor terminate at hours that are not its own', async () => {
  const rig = await startGuardedMonitor({ guard: { ...ticked(), groupRules: group } })
  expect(rig.monitor.changePodRules('pod-1', { maxHours: 25 })).toMatchObject({
    ok: false,
    error: expect.stringContaining('1 d at most') as string,
  })
  expect(rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1')).ok).toBe(false)
  expect(rig.monitor.changePodRules('pod-1', { maxHours: 20 }).ok).toBe(true)
  expect(rig.monitor.snapshot().pods[0]?.guard.rules.maxHours).toBe(20)
})

describe('stored rules for several pods', () => {
  test('are read as they were written', () => {
    const rules = { autoStop: 'ticked', groupRules: group, pods: {} } as const
    const stored = withAccountRules({}, 'a', rules)
    expect(parseAccountRules(stored, 'a')).toEqual({ rules, problems: [] })
  })

  test('that can’t be read stop no quiet pod, and are kept', () => {
    const guards = { a: { autoStop: 'all', groupRules: { allPods: { sparkle: 1 }, patterns: [] }, pods: {} } }
    const { rules, problems } = parseAccountRules(guards, 'a')
    expect(problems).toHaveLength(1)
    const store = { load: () => rules, update: () => ok(undefined) }
    expect(withGroupRules(store, 'a', () => []).load('a').autoStop).toBe('undecided')
    expect(withAccountRules(guards, 'a', rules)).toEqual(guards)
  })
})
