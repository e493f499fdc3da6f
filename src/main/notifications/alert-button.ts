import type { AlertActionResult } from '../../core/guard/alert-actions'
import type { Alert, AlertButton, AlertKey } from '../../core/alerts/alert'
import { ok, type Result } from '../../core/base/result'
import type { AccountSession } from '../account/account-session'

/**
 * Performs the action of a pressed button if its alert still applies, otherwise only opens the pod. After a
 * stop the pod is also opened, because the stop can be undone there.
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
  if (outcome === 'stale' || button !== 'keep-on') actions.showPod(key.podId)
}

/** A notification that the user requests as a test. */
export function testAlert(nowMs: number): Alert {
  return {
    key: { kind: 'app', accountId: '', podId: null, episode: `test ${nowMs}` },
    title: 'Podkeeper can reach you',
    body: 'This is how it says that a pod sits idle.',
    isCritical: false,
    buttons: [],
  }
}
