import { formatDuration } from '../../core/base/text/format'
import { HOUR_MS } from '../../core/base/time/time'
import { accountName } from '../../core/view/account-name'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { autoStopModeOf, isAutoStopOff, wouldLoseAllData } from './auto-stop-pods'

export const autoStopChoices = [
  { id: 'on', label: 'Turn on', isAutoStopped: true },
  { id: 'off', label: 'Turn off', isAutoStopped: false },
  { id: 'account', label: 'Use account setting', isAutoStopped: null },
] as const

/** What pods were, after their names: see `failureText`. */
export const autoStopFailure = { notChanged: 'not changed', notChangedBack: 'not changed back' } as const

const maxHours = (hours: number | undefined): string =>
  hours === undefined ? 'No time limit' : `Limit ${formatDuration(hours * HOUR_MS)}`

export const autoStopSwitchText = {
  label: (pod: string) => `Auto-stop ${pod}`,
  on: 'Auto-stop',
  paused: 'Auto-stop paused',
  off: 'Auto-stop off',
  whyOff: (pod: string) => `Auto-stop off for ${pod}: why`,
  maxHours,
  maxHoursOf: (pod: string, hours: number | undefined) => `${maxHours(hours)}: ${pod}`,
  notTurnedOn: 'Auto-stop was not turned on',
  notTurnedOff: 'Auto-stop was not turned off again',
} as const

/** "Auto-stop is on for 3 pods". */
export function autoStopDoneText(isAutoStopped: boolean | null, count: number): string {
  const pods = count === 1 ? '1 pod' : `${count} pods`
  if (isAutoStopped === null) return `Auto-stop of ${pods} follows the account setting`
  return `Auto-stop is ${isAutoStopped ? 'on' : 'off'} for ${pods}`
}

/** How many are on already, and what keeps others from being stopped although they are; one sentence each. */
export function autoStopNotes(pods: readonly PodView[], snapshot: Snapshot): readonly string[] {
  const on = pods.filter(({ guard }) => guard.isAutoStopEnabled).length
  const off = pods.filter(({ accountId }) => isAutoStopOff(autoStopModeOf(snapshot, accountId)))
  const names = [...new Set(off.map(({ accountId }) => accountName(snapshot, accountId)))]
  const where = names.some((name) => name !== null) ? names.join(', ') : 'this account'
  const losing = pods.filter(wouldLoseAllData).length
  return [
    `On for ${on} of ${pods.length}.`,
    ...(off.length > 0 ? [`Auto-stop is off for ${where}. Turning it on asks you once.`] : []),
    ...(losing === 0
      ? []
      : [
          `${losing === 1 ? '1 pod' : `${losing} pods`} would lose all data, so ${losing === 1 ? 'it isn’t' : 'they aren’t'} stopped unless the pod’s rules allow it.`,
        ]),
  ]
}
