import type { AutoStopMode } from '../../core/pod-rules/pod-rules'

export type ChosenAutoStopMode = Exclude<AutoStopMode, 'undecided'>

export const autoStopModes: readonly { readonly id: ChosenAutoStopMode; readonly label: string }[] = [
  { id: 'off', label: 'Off' },
  { id: 'ticked', label: 'Selected pods' },
  { id: 'all', label: 'All pods' },
]

/** What a mode means for the pods of an account; `selected` of `total` may be stopped. */
export function autoStopHelp(mode: AutoStopMode, selected: number, total: number): string {
  const pods = total === 1 ? '1 pod' : `${total} pods`
  switch (mode) {
    case 'undecided':
      return 'Not chosen yet, so no pod is stopped'
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
