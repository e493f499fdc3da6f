import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { PodView } from '../../core/view/snapshot'

/** The pods that may be ticked, by name: the guard leaves clusters alone. */
export function tickablePods(pods: readonly PodView[]): readonly PodView[] {
  return pods
    .filter(({ clusterId, phase }) => clusterId === null && phase !== 'terminated')
    .sort((a, b) => names.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Whether the pod is ticked where `mode` holds, by a person or as a new pod is. */
export function isTicked({ guard }: PodView, mode: AutoStopMode): boolean {
  return guard.rules.isAutoStopped ?? mode === 'all'
}

/** Whether a stop would leave nothing of the pod, and nobody allowed that. */
export function losesAll({ stopFate, guard }: PodView): boolean {
  return guard.rules.mayLoseData !== true && !stopFate.some(({ fate }) => fate === 'kept')
}
