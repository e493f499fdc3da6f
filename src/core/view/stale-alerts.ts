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
 * Whether what the alert says is over for good, so that it need not stay on the screen. In doubt it is not: a pressed
 * button is checked again (`guard/alert-actions.ts`). An alert about no pod, or one without buttons, is a message and
 * stays until somebody closes it.
 */
export function isAlertStale(key: AlertKey, snapshot: Snapshot): boolean {
  if (key.podId === null || !actionableKinds.includes(key.kind)) return false
  const isOfAccount = snapshot.account?.id === key.accountId
  const pod = isOfAccount ? snapshot.pods.find(({ id }) => id === key.podId) : undefined
  if (pod === undefined) return true
  const { phase, activity, guard } = pod
  const warningStatus = (cause: StopCause): AlertStatus => plannedStopStatus(pod, cause)
  return alertStatus(key, { phase, activity, keepOn: guard.keepOn, warningStatus }) === 'stale'
}

/** A stop that is only blocked may still come. */
function plannedStopStatus({ guard: { autoStop } }: PodView, cause: StopCause): AlertStatus {
  if (autoStop.kind === 'off' || autoStop.kind === 'watching' || autoStop.cause !== cause) return 'stale'
  return autoStop.kind === 'planned' ? 'current' : 'unknown'
}
