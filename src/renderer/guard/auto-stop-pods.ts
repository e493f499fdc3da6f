import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { PodView } from '../../core/view/snapshot'

/** The pods that can be selected for auto-stop, sorted by name. Clusters are read-only and left out. */
export function autoStopPods(pods: readonly PodView[]): readonly PodView[] {
  return pods
    .filter(({ clusterId, phase }) => clusterId === null && phase !== 'terminated')
    .sort((a, b) => nameCollator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

const nameCollator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Whether auto-stop is on for the pod under `mode`, by its own rule or by default. */
export function isAutoStopOn({ guard }: PodView, mode: AutoStopMode): boolean {
  return guard.rules.isAutoStopped ?? mode === 'all'
}

/** Whether a stop would destroy all data of the pod without permission to do so. */
export function wouldLoseAllData({ stopImpact, guard }: PodView): boolean {
  return guard.rules.mayLoseData !== true && !stopImpact.some(({ impact }) => impact === 'kept')
}
