import { alertStatus, type AlertStatus } from '../guard/alert-status'
import type { StopCause } from '../intents/intent'
import type { AlertKey, AlertKind } from '../alerts/alert'
import type { PodView, Snapshot } from './snapshot'

/** The alerts with buttons. */
const actionableKinds: readonly AlertKind[] = [
  'idle',
  'idle-reminder',
  'partly-idle',
  'auto-stop-soon',
  'max-hours-soon',
  'kept-on',
]

/**
 * Whether the alert's condition is over for good, so that its notification can be removed. False in doubt: a
 * pressed button is checked again when it is pressed (alert-actions.ts). Alerts without a pod or without
 * buttons stay until the user closes them.
 */
export function isAlertStale(key: AlertKey, snapshot: Snapshot): boolean {
  if (key.kind === 'unrecognized-pods') return isRecognized(key, snapshot)
  if (key.podId === null || !actionableKinds.includes(key.kind)) return false
  const { accountId, podId } = key
  const pod = snapshot.pods.find((each) => each.accountId === accountId && each.id === podId)
  if (pod === undefined) return true
  const { phase, activity, guard } = pod
  const warningStatus = (cause: StopCause): AlertStatus => plannedStopStatus(pod, cause)
  return alertStatus(key, { phase, activity, keepOn: guard.keepOn, warningStatus }) === 'stale'
}

/** One about several pods stays: which they are is not in the snapshot. */
const isRecognized = ({ accountId, podId }: AlertKey, { pods }: Snapshot): boolean =>
  podId !== null &&
  !pods.some((pod) => pod.accountId === accountId && pod.id === podId && pod.unrecognized !== undefined)

/** A stop that is only blocked may still happen. */
function plannedStopStatus({ guard: { autoStop } }: PodView, cause: StopCause): AlertStatus {
  if (autoStop.kind === 'off' || autoStop.kind === 'watching' || autoStop.cause !== cause) return 'stale'
  return autoStop.kind === 'planned' ? 'current' : 'unknown'
}
