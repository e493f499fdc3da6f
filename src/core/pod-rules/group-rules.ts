import { matchesGlob } from '../base/text/glob'
import type { AccountId, Pod } from '../pods/pod'
import {
  type AccountRules,
  type AccountRulesStore,
  type GroupRuleName,
  groupRuleNames,
  type GroupRules,
  type GroupRuleValues,
  type PodMatch,
  type PodRules,
  podRulesOf,
  type RuleOrigin,
  type RuleOrigins,
} from './pod-rules'

/*
 * Rules for several pods of an account: for those that match a pattern, and for all. See
 * docs/product-rules.md#31-rules.
 */

/** What rules for several pods look at. */
export interface MatchedPod extends Pick<Pod, 'name' | 'labels' | 'isEnvironmentHidden'> {
  readonly gpu: { readonly name: string } | null
}

/** `isKnown` false: the pod doesn't show its labels. */
function matchOf(match: PodMatch, pod: MatchedPod): { readonly isMatch: boolean; readonly isKnown: boolean } {
  const { name, gpu, label } = match
  const isPod =
    (name === undefined || matchesGlob(name, pod.name)) &&
    (gpu === undefined || (pod.gpu !== null && matchesGlob(`*${gpu}*`, pod.gpu.name)))
  if (!isPod || label === undefined) return { isMatch: isPod, isKnown: true }
  if (pod.isEnvironmentHidden === true) return { isMatch: true, isKnown: false }
  return { isMatch: pod.labels?.includes(label) === true, isKnown: true }
}

interface RuleSource {
  readonly origin: RuleOrigin
  readonly values: GroupRuleValues
}

function sourcesOf(pod: MatchedPod, { patterns, allPods }: GroupRules): readonly RuleSource[] {
  const matching = patterns.flatMap((pattern): RuleSource[] => {
    const { isMatch, isKnown } = matchOf(pattern.match, pod)
    if (!isMatch) return []
    const origin = { kind: 'pattern', name: pattern.name } as const
    // Where it can't be told, only what keeps a pod from being stopped is taken.
    if (!isKnown) return pattern.isAutoStopped === false ? [{ origin, values: { isAutoStopped: false } }] : []
    return [{ origin, values: pattern }]
  })
  return [...matching, { origin: { kind: 'all-pods' }, values: allPods }]
}

export interface EffectiveRules {
  readonly rules: PodRules
  readonly origins: RuleOrigins
}

/**
 * The rules that apply to a pod: its own, then those of the first pattern that has the rule, then those for all pods.
 * Maximum hours for all pods are a limit: shorter ones apply, longer ones don't.
 */
export function effectiveRules(own: PodRules, pod: MatchedPod, group: GroupRules): EffectiveRules {
  const sources = sourcesOf(pod, group)
  const given = new Map<GroupRuleName, RuleSource>()
  for (const name of groupRuleNames) {
    // What happens at a budget belongs to the budget.
    const decisive = name === 'atBudget' ? 'monthlyBudgetUsd' : name
    const source =
      own[decisive] === undefined ? sources.find((each) => each.values[decisive] !== undefined) : undefined
    if (source?.values[name] !== undefined) given.set(name, source)
  }
  const limit = group.allPods.maxHours
  const hours = own.maxHours ?? given.get('maxHours')?.values.maxHours
  if (limit !== undefined && hours !== undefined && limit < hours)
    given.set('maxHours', { origin: { kind: 'all-pods' }, values: group.allPods })
  const kept = { ...own }
  // To terminate was allowed for hours of its own only, and so was what happens at a budget of its own.
  if (given.has('maxHours')) delete kept.atMaxHours
  if (given.has('monthlyBudgetUsd')) delete kept.atBudget
  return {
    rules: { ...kept, ...Object.fromEntries([...given].map(([name, each]) => [name, each.values[name]])) },
    origins: Object.fromEntries([...given].map(([name, { origin }]) => [name, origin])),
  }
}

/** The rules of an account in which each of its `pods` also has what patterns and the account give it. */
export function withGroupRules(
  store: AccountRulesStore,
  ownId: AccountId,
  pods: () => readonly Pod[],
): AccountRulesStore {
  let last: {
    readonly from: AccountRules
    readonly pods: readonly Pod[]
    readonly rules: AccountRules
  } | null = null
  return {
    ...store,
    load(accountId) {
      const from = store.load(accountId)
      if (accountId !== ownId) return from
      // Rules that can't be read may have kept a pod from being stopped.
      if (from.areGroupRulesUnreadable === true) return { ...from, autoStop: 'undecided' }
      const { groupRules } = from
      if (groupRules === undefined) return from
      const listed = pods()
      if (last?.from === from && isSame(last.pods, listed)) return last.rules
      const effective = listed.map(
        (pod) => [pod.id, effectiveRules(podRulesOf(from, pod.id), pod, groupRules)] as const,
      )
      const rules = {
        ...from,
        pods: { ...from.pods, ...Object.fromEntries(effective.map(([id, each]) => [id, each.rules])) },
        origins: Object.fromEntries(effective.map(([id, each]) => [id, each.origins])),
      }
      last = { from, pods: listed, rules }
      return rules
    },
  }
}

const isSame = (before: readonly Pod[], now: readonly Pod[]): boolean =>
  before.length === now.length && before.every((pod, index) => pod === now[index])
