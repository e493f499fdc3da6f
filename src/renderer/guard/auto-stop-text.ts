import { formatNumber } from '../../core/base/text/format'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'

export type ChosenAutoStopMode = Exclude<AutoStopMode, 'undecided'>

export const autoStopModes: readonly { readonly id: ChosenAutoStopMode; readonly label: string }[] = [
  { id: 'off', label: 'Off' },
  { id: 'ticked', label: 'Selected pods' },
  { id: 'all', label: 'All pods' },
]

const oneComputer = 'If you use several computers, turn it on for only one of them'

/** What a mode means for the pods of an account; `selected` of `total` may be stopped. */
export function autoStopHelp(mode: AutoStopMode, selected: number, total: number): string {
  const help = modeHelp(mode, selected, total)
  return mode === 'off' || mode === 'undecided' ? help : `${help}. ${oneComputer}`
}

function modeHelp(mode: AutoStopMode, selected: number, total: number): string {
  const pods = total === 1 ? '1 pod' : `${total} pods`
  switch (mode) {
    case 'undecided':
      return 'Off until you choose, so no pod is stopped'
    case 'off':
      return 'You get alerts, and no pod is stopped'
    case 'ticked':
      return total === 0
        ? 'New pods aren’t selected'
        : `${selected} of ${pods} selected. New pods aren’t selected`
    case 'all':
      return total === 0 ? 'New pods are selected' : `${selected} of ${pods} selected. New pods are, too`
  }
}

export const autoStopText = {
  /** `account`: null where there is one. */
  label: (account: string | null) =>
    account === null ? 'Auto-stop idle pods' : `Auto-stop idle pods of ${account}`,
  /** `account`: null where there is one. */
  stopAt: (account: string | null) =>
    account === null ? 'Stop all pods at' : `Stop all pods of ${account} at`,
  stopAtHelp: (zone: string | null) =>
    `Unless in use: then once that’s over, within 8 h. Works without auto-stop. A pod’s own time comes first.${zone === null ? '' : ` Time in ${zone}.`}`,
  stopDays: (account: string | null) =>
    account === null ? 'Stop all pods on' : `Stop all pods of ${account} on`,
  noStopTime: (label: string) => `${label}: no time`,
  pods: 'Pods selected for auto-stop',
  search: 'Search these pods',
  searchHint: 'Name, id, GPU, place',
  more: (count: number) => `${formatNumber(count)} more. Search to find them`,
  noResults: 'No results',
  notChanged: (pod: string, isAutoStopped: boolean) =>
    `${pod} was not ${isAutoStopped ? 'selected' : 'deselected'}`,
  losesAllData: '· not stopped: it has no volume, and its rules don’t allow losing its data',
} as const
