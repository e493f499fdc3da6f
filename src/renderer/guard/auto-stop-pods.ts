import { isDataKept } from '../../core/pods/data-impact'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import { stopTimeOf } from '../../core/pod-rules/stop-time'
import type { AccountId } from '../../core/pods/pod'
import { partOf, type PodView, type Snapshot } from '../../core/view/snapshot'

export const canSwitchAutoStop = ({ clusterId, phase, isFromLastRun }: PodView): boolean =>
  clusterId === null && phase !== 'terminated' && isFromLastRun !== true

/**
 * The pods that can be selected for auto-stop, sorted by name. Clusters are read-only, and of pods that were not listed
 * in this run it is not shown what is selected.
 */
export function autoStopPods(pods: readonly PodView[]): readonly PodView[] {
  return pods
    .filter(canSwitchAutoStop)
    .sort((a, b) => nameCollator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

const nameCollator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The mode of an account, in a snapshot of one or of several. */
export const autoStopModeOf = (snapshot: Snapshot, accountId: AccountId): AutoStopMode =>
  (partOf(snapshot, accountId) ?? snapshot).guard.autoStop

/** Whether no pod of the account is stopped automatically, whatever is selected. */
export const isAutoStopOff = (mode: AutoStopMode): boolean => mode === 'off' || mode === 'undecided'

/** Whether a stop may destroy all data of the pod, without permission to do so. */
export function wouldLoseAllData({ stopImpact, guard }: PodView): boolean {
  return guard.rules.mayLoseData !== true && !isDataKept(stopImpact)
}

/** The rule of a pod that needs permission to lose data; null when none does. */
export function ruleLosingData({
  stopImpact,
  guard: { rules },
}: PodView): 'maxHours' | 'stopAt' | 'budget' | null {
  if (isDataKept(stopImpact)) return null
  // Choosing to terminate was confirmed below a list of what is destroyed.
  if (rules.maxHours !== undefined && rules.atMaxHours !== 'terminate') return 'maxHours'
  if (stopTimeOf(rules) !== null) return 'stopAt'
  return rules.atBudget === 'stop' ? 'budget' : null
}
