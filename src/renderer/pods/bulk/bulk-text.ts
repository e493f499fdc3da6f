import { type BurnRate, burnRateText } from '../../../core/money/burn-rate'
import { formatNumber } from '../../../core/base/text/format'
import { isIdle } from '../../../core/view/pod-state'
import type { PodView } from '../../../core/view/snapshot'
import { impactSentence } from '../../../core/pods/data-impact-text'
import { wouldLoseData } from '../../pod-model/commands/pod-commands'
import { burnRateOf } from '../../state/arrange/pod-order'

const HOURS_PER_DAY = 24

/**
 * What stopping these pods saves: their rates without what their disks go on costing. At least that, where the price of
 * a pod is not known.
 */
export function savingOf(pods: readonly PodView[]): BurnRate {
  const rate = burnRateOf(pods)
  const savedUsd = pods.map(({ costPerHourUsd, stopImpact }) => {
    const disks = stopImpact.reduce((sum, impact) => sum + (impact.stoppedCostPerDayUsd ?? 0), 0)
    return Math.max(0, (costPerHourUsd ?? 0) - disks / HOURS_PER_DAY)
  })
  return { ...rate, perHourUsd: savedUsd.reduce((sum, usd) => sum + usd, 0) }
}

/** "saves $4.65/hr". */
export const savesText = (saving: BurnRate): string => `saves ${burnRateText(saving)}`

/** "3 pods"; the name of a single one. */
export const podsText = (pods: readonly Pick<PodView, 'name'>[]): string => {
  const [only] = pods
  return pods.length === 1 && only !== undefined ? only.name : `${pods.length} pods`
}

/** "Stop pod", "Stop both idle…", "Stop all 42 idle…": the shortcut to all that were idle for long. */
export function stopIdleLabel(count: number): string {
  return count === 2 ? 'Stop both idle…' : `Stop all ${count} idle…`
}

/** What survives the stop of a pod. */
export function keptText(pod: PodView): string {
  return wouldLoseData(pod) ? 'All data on this pod will be lost' : impactSentence(pod.stopImpact)
}

/** "8 would lose all data and are left out."; null when all are selected. */
export function notSelectedText(losing: readonly PodView[]): string | null {
  if (losing.length === 0) return null
  const [only] = losing
  return losing.length === 1 && only !== undefined
    ? `${only.name} would lose all data and is left out. Select it to stop it too.`
    : `${formatNumber(losing.length)} would lose all data and are left out. Select them to stop them too. You’ll be asked about each.`
}

export const bulkText = {
  keys: 'Keyboard shortcuts',
  autoStop: 'Auto-stop',
  autoStopAll: 'Auto-stop for all selected pods',
  /** "Stop 25 idle pods?": those that are selected, or all where none is. */
  stopQuestion: (pods: readonly PodView[], chosen: readonly PodView[]) => {
    const stopped = chosen.length > 0 ? chosen : pods
    const noun = pods.every(isIdle) ? 'idle pods' : 'pods'
    return stopped.length === 1
      ? `Stop ${podsText(stopped)}?`
      : `Stop ${formatNumber(stopped.length)} ${noun}?`
  },
  selectFirst: 'Select a pod first',
  podsToStop: 'Pods to stop',
  stop: 'Stop',
  stopChosen: (pods: readonly PodView[]) => `Stop ${podsText(pods)}, ${savesText(savingOf(pods))}`,
} as const
