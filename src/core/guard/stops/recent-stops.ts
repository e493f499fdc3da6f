import type { PendingAlert } from '../../alerts/alert'
import { terminatedAlert } from '../../alerts/alert-text'
import type { Fleet } from '../../polling/fleet'
import type { Intent } from '../../intents/intent'
import { autoStoppedAlert } from '../policy/guard-text'
import { HOUR_MS, type Instant } from '../../base/time/time'

/** An automatic stop is no longer announced after this. */
const RECENT_STOP_MS = 12 * HOUR_MS

/** Alerts about recent automatic stops, while they are still relevant. */
export function recentStopAlerts(
  intents: readonly Intent[],
  fleet: Pick<Fleet, 'observedPod'>,
  now: Instant,
): readonly PendingAlert[] {
  return intents.flatMap((intent) => {
    const { origin, phase, phaseAt, podId } = intent
    const isRecent = Math.abs(now.wallMs - phaseAt.wallMs) <= RECENT_STOP_MS
    if (origin === 'person' || phase !== 'observed' || !isRecent) return []
    if (intent.action === 'terminate') return [terminatedAlert(intent)]
    const seen = fleet.observedPod(podId, now)
    return seen?.pod.phase === 'stopped' ? [autoStoppedAlert({ ...intent, origin }, seen.pod)] : []
  })
}
