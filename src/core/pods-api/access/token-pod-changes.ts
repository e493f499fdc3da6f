import type { PodRuleChanges } from '../../pod-rules/pod-rules'
import { isStopSafe } from '../../pods/data-impact'
import type { PodView } from '../../view/snapshot'

/* What a token may change of a pod's rules and guard. See docs/product-rules.md#162-what-it-does. */

/** What a token may ask of a guard that a person installed. */
export const tokenGuardChanges = ['stop', 'report', 'refresh', 'remove'] as const
export type TokenGuardChange = (typeof tokenGuardChanges)[number]

type ChangedPod = Pick<PodView, 'name' | 'stopImpact' | 'guardInPod'>

/** Whether nothing is stopped earlier by it. A rule that is removed lets one for several pods apply, which may be stricter. */
function isLooser({ idleAlertAfterMin: _alert, isAutoStopped, ...others }: PodRuleChanges): boolean {
  return (isAutoStopped ?? false) === false && isAutoStopped !== null && Object.keys(others).length === 0
}

const personOnly = (name: string, command: string): string =>
  `A stop of ${name} may lose all its data, so only a person may do this: podkeeper ${command}`

/** Why a token may not change rules of the pod so, as a sentence; null: it may. */
export function tokenRulesProblem({ name, stopImpact }: ChangedPod, changes: PodRuleChanges): string | null {
  if (changes.mayLoseData !== undefined || changes.atMaxHours !== undefined)
    return 'Only a person may decide whether data may be lost: podkeeper rules'
  if (changes.startAt !== undefined || changes.startMaxPerHourUsd !== undefined)
    return 'Only a person may plan a start: podkeeper rules'
  return isStopSafe(stopImpact) || isLooser(changes) ? null : personOnly(name, 'rules')
}

/** Why a token may not change the pod's guard so, as a sentence; null: it may. */
export function tokenGuardProblem(
  { name, stopImpact, guardInPod }: ChangedPod,
  change: TokenGuardChange,
): string | null {
  if (guardInPod === undefined) return `A person installs a guard, once they saw its script: podkeeper guard`
  return change !== 'stop' || isStopSafe(stopImpact) ? null : personOnly(name, 'guard')
}

/** A service may name a pod at any length, and the activity log takes 500 characters. */
const shortName = (name: string): string => name.slice(0, 200)

/** Clauses to follow "requested" in the activity log. */
export const changedRulesText = (name: string): string => `a change of the rules of ${shortName(name)}`

const guardTexts: Readonly<Record<TokenGuardChange, string>> = {
  stop: 'that the guard in the pod may stop',
  report: 'that the guard in the pod only reports on',
  refresh: 'another start of the guard in',
  remove: 'the removal of the guard in',
}

export const changedGuardText = (name: string, change: TokenGuardChange): string =>
  `${guardTexts[change]} ${shortName(name)}`
