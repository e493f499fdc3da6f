import type { AlertActionResult } from '../../core/guard/alert-actions'
import type { Alert, AlertButton, AlertKey } from '../../core/alerts/alert'
import { ok, type Result } from '../../core/base/result'
import type { AccountSession } from '../account/account-session'

/**
 * Does what a pressed button says, if its alert still holds. Pressed late it does nothing but open the pod. Of a stop
 * the pod is shown as well: there it can be taken back.
 */
export function handleAlertButton(
  session: Pick<AccountSession, 'withMonitor'>,
  key: AlertKey,
  button: AlertButton,
  actions: {
    readonly showPod: (podId: string | null) => void
    readonly notifyFailure: (result: Result<void, string>, podId: string | null) => void
  },
): void {
  let outcome: AlertActionResult = 'stale'
  const done = session.withMonitor((monitor) => {
    const result = monitor.runAlertAction(key, button)
    if (!result.ok) return result
    outcome = result.value
    return ok(undefined)
  })
  actions.notifyFailure(done, key.podId)
  if (outcome === 'stale' || button === 'stop') actions.showPod(key.podId)
}

/** What a person asks for to see whether notifications arrive. */
export function testAlert(nowMs: number): Alert {
  return {
    key: { kind: 'app', accountId: '', podId: null, episode: `test ${nowMs}` },
    title: 'Podkeeper can reach you',
    body: 'This is how it says that a pod sits idle.',
    isCritical: false,
    buttons: [],
  }
}
