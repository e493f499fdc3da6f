import { formatUsdPerHour } from '../../../core/base/format'
import type { PodView } from '../../../core/view/snapshot'
import { impactSentence } from '../../../core/pods/data-impact-text'
import { wouldLoseData } from '../../pod-model/pod-commands'

/** USD per hour. */
export interface Saving {
  readonly perHourUsd: number
  /** The price of a pod, or of its disk while it is stopped, is not known. */
  readonly isAtLeast: boolean
}

const HOURS_PER_DAY = 24

/** What stopping these pods saves: their rates without what their disks go on costing. */
export function savingOf(pods: readonly PodView[]): Saving {
  let perHourUsd = 0
  let isAtLeast = false
  for (const { costPerHourUsd, stopImpact } of pods) {
    if (costPerHourUsd === null) {
      isAtLeast = true
      continue
    }
    const disks = stopImpact.reduce((sum, impact) => sum + (impact.stoppedCostPerDayUsd ?? 0), 0)
    perHourUsd += Math.max(0, costPerHourUsd - disks / HOURS_PER_DAY)
  }
  return { perHourUsd, isAtLeast }
}

/** "saves $4.65/h". */
export const savesText = ({ perHourUsd, isAtLeast }: Saving): string =>
  `saves ${isAtLeast ? 'at least ' : ''}${formatUsdPerHour(perHourUsd)}`

/** "3 pods"; the name of a single one. */
export const podsText = (pods: readonly Pick<PodView, 'name'>[]): string => {
  const [only] = pods
  return pods.length === 1 && only !== undefined ? only.name : `${pods.length} pods`
}

/** "Stop pod", "Stop both…", "Stop all 42 idle…": the shortcut to all that were idle for long. */
export function stopIdleLabel(count: number): string {
  return count === 2 ? 'Stop both…' : `Stop all ${count} idle…`
}

/** What survives the stop of a pod. */
export function keptText(pod: PodView): string {
  return wouldLoseData(pod) ? 'All data on it will be lost' : impactSentence(pod.stopImpact)
}

/** Why some of the pods are not selected; null when all are. */
export function notSelectedText(losing: readonly PodView[]): string | null {
  if (losing.length === 0) return null
  const [only] = losing
  return losing.length === 1 && only !== undefined
    ? `Pods that would lose everything aren’t selected. Select ${only.name} to stop it, too.`
    : 'Pods that would lose everything aren’t selected. Select them to stop them, too. You are asked about each.'
}
