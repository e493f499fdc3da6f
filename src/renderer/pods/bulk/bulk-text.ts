import { impactSentence } from '../../../core/pods/data-impact-text'
import { stopSaving, wouldLoseData } from '../../../core/view/stops/stop-plan'
import { leftOutText, podsText, savesText, stopPodsTitle } from '../../../core/view/stops/stop-plan-text'
import type { PodView } from '../../../core/view/snapshot'

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
  const text = leftOutText(losing)
  if (text === null) return null
  return losing.length === 1
    ? `${text} Select it to stop it too.`
    : `${text} Select them to stop them too. You’ll be asked about each.`
}

export const bulkText = {
  keys: 'Keyboard shortcuts',
  autoStop: 'Auto-stop',
  autoStopAll: 'Auto-stop for all selected pods',
  /** "Stop 25 idle pods?": those that are selected, or all where none is. */
  stopQuestion: (pods: readonly PodView[], chosen: readonly PodView[]) =>
    stopPodsTitle(chosen.length > 0 ? chosen : pods),
  selectFirst: 'Select a pod first',
  podsToStop: 'Pods to stop',
  stop: 'Stop',
  stopChosen: (pods: readonly PodView[]) => `Stop ${podsText(pods)}, ${savesText(stopSaving(pods))}`,
} as const
