import type { Pod, PodAction } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { isAutoStopEnabled, keptOn, rulesOf, type UserState } from './user-commands'

/** Why a pod in this last observed state must not be auto-stopped, regardless of activity; null if it may be. */
export function forbiddenReasonOf(
  seen: Pod | undefined,
  userState: UserState,
  settings: Settings,
  now: { readonly trueMs: number; readonly wallMs: number },
  action: PodAction = 'stop',
): string | null {
  if (seen === undefined) return 'it was never seen'
  if (seen.phase !== 'running') return `it was ${seen.phase}`
  if (!seen.actions.includes(action)) return 'the API did not offer it'
  if (seen.isLocked !== false) return 'it was locked, or not known to be unlocked'
  if (seen.clusterId !== null) return 'it belongs to a cluster'
  if (!isAutoStopEnabled(userState, seen.id)) return 'it was not ticked'
  if (keptOn(userState, seen.id, now) === 'confirmed') return 'it was kept on'
  if (settings.areAutoStopsPaused) return 'automatic stops were paused'
  const hasVolume = seen.persistentMount !== null || seen.networkMounts.length > 0
  const mayLoseData = rulesOf(userState, seen.id).mayLoseData === true
  // A user who chose to terminate was told what will be destroyed.
  if (action !== 'terminate' && !mayLoseData && !(seen.areMountsKnown && hasVolume))
    return 'data would have been lost'
  return null
}
