import { formatNumber } from '../../core/base/text/format'
import type { Snapshot } from '../../core/view/snapshot'

/** "Auto-stop: 5 pods", "Auto-stop: 3 of 5", which fits on one line, "Auto-stop paused"; empty without pods. */
export function autoStopCountText({ pods, guard }: Pick<Snapshot, 'pods' | 'guard'>): string {
  const stoppable = pods.filter(({ clusterId, phase }) => clusterId === null && phase !== 'terminated')
  if (stoppable.length === 0) return ''
  if (guard.areAutoStopsPaused) return 'Auto-stop paused'
  const count = stoppable.filter((pod) => pod.guard.isAutoStopEnabled).length
  if (count === 0) return 'Auto-stop: no pod'
  if (count < stoppable.length)
    return `Auto-stop: ${formatNumber(count)} of ${formatNumber(stoppable.length)}`
  return `Auto-stop: ${count === 1 ? '1 pod' : `${formatNumber(count)} pods`}`
}
