import type { Snapshot } from '../../core/view/snapshot'

/** "Auto-stop: 3 of 5 pods", "Auto-stop paused"; empty without pods. */
export function autoStopCountText({ pods, guard }: Pick<Snapshot, 'pods' | 'guard'>): string {
  const stoppable = pods.filter(({ clusterId, phase }) => clusterId === null && phase !== 'terminated')
  if (stoppable.length === 0) return ''
  if (guard.areAutoStopsPaused) return 'Auto-stop paused'
  const count = stoppable.filter((pod) => pod.guard.isAutoStopEnabled).length
  const of = stoppable.length === 1 ? '1 pod' : `${stoppable.length} pods`
  return count === 0
    ? 'Auto-stop: no pod'
    : `Auto-stop: ${count === stoppable.length ? of : `${count} of ${of}`}`
}
