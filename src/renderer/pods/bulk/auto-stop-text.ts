import { accountName } from '../../../core/view/account-name'
import { partOf, type PodView, type Snapshot } from '../../../core/view/snapshot'
import { isAutoStopOn, wouldLoseAllData } from '../../guard/auto-stop-pods'

export const autoStopChoices = [
  { id: 'on', label: 'Turn on', isAutoStopped: true },
  { id: 'off', label: 'Turn off', isAutoStopped: false },
  { id: 'account', label: 'Use account setting', isAutoStopped: null },
] as const

/** What pods were, after their names: see `failureText`. */
export const autoStopFailure = { notChanged: 'not changed', notChangedBack: 'not changed back' } as const

/** "Auto-stop is on for 3 pods". */
export function autoStopDoneText(isAutoStopped: boolean | null, count: number): string {
  const pods = count === 1 ? '1 pod' : `${count} pods`
  if (isAutoStopped === null) return `Auto-stop of ${pods} follows the account setting`
  return `Auto-stop is ${isAutoStopped ? 'on' : 'off'} for ${pods}`
}

/** How many are on already, and what keeps others from being stopped although they are; one sentence each. */
export function autoStopNotes(pods: readonly PodView[], snapshot: Snapshot): readonly string[] {
  const modeOf = ({ accountId }: PodView) => (partOf(snapshot, accountId) ?? snapshot).guard.autoStop
  const on = pods.filter((pod) => isAutoStopOn(pod, modeOf(pod))).length
  const disabled = pods.filter((pod) => modeOf(pod) === 'off' || modeOf(pod) === 'undecided')
  const names = [...new Set(disabled.map(({ accountId }) => accountName(snapshot, accountId)))]
  const where = names.some((name) => name !== null) ? ` for ${names.join(', ')}` : ''
  const losing = pods.filter(wouldLoseAllData).length
  return [
    `On for ${on} of ${pods.length}.`,
    ...(disabled.length > 0 ? [`Automatic stops are off${where}. Turn them on in Settings.`] : []),
    ...(losing === 0
      ? []
      : [
          `${losing === 1 ? '1 pod' : `${losing} pods`} would lose all data, so ${losing === 1 ? 'it isn’t' : 'they aren’t'} stopped unless the pod’s rules allow it.`,
        ]),
  ]
}
