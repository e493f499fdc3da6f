import type { PodAction } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import type { WarningCause } from './oracle-warnings'
import { isAutoStopEnabled, keptOn, rulesOf, type UserState } from './user-commands'
import type { Observation } from './virtual-provider'

/**
 * Why a pod in this last observed state must not be auto-stopped, regardless of activity; null if it may be. Quiet
 * stops are for selected pods only, while whoever sets maximum hours or a budget means that pod.
 */
export function forbiddenReasonOf(
  seen: Observation | undefined,
  cause: WarningCause,
  userState: UserState,
  settings: Settings,
  now: { readonly trueMs: number; readonly wallMs: number },
  action: PodAction = 'stop',
): string | null {
  if (seen === undefined) return 'it was never seen'
  const { podId, pod, known } = seen
  if (pod.phase !== 'running') return `it was ${pod.phase}`
  if (!known.isActionOffered(action)) return 'the API did not offer it'
  if (!known.isUnlocked) return 'it was locked, or not known to be unlocked'
  if (!known.hasStartTime) return 'it was not known when it started'
  if (pod.clusterId !== null) return 'it belongs to a cluster'
  if (cause === 'quiet' && !isAutoStopEnabled(userState, podId)) return 'it was not ticked'
  if (keptOn(userState, podId, now) === 'confirmed') return 'it was kept on'
  if (settings.areAutoStopsPaused) return 'automatic stops were paused'
  const mayLoseData = rulesOf(userState, podId).mayLoseData === true
  // A user who chose to terminate was told what will be destroyed.
  if (action !== 'terminate' && !mayLoseData && !known.hasVolume) return 'data would have been lost'
  return null
}
