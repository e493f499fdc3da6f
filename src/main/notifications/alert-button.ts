import type { AlertActionResult } from '../../core/guard/alert-actions'
import type { Alert, AlertButton, AlertKey } from '../../core/alerts/alert'
import { ok, type Result } from '../../core/base/result'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/pod-requests'

export interface AlertButtonActions extends Pick<PodRequests, 'confirmStop'> {
  readonly showPod: (podId: string | null) => void
  readonly notifyFailure: (result: Result<void, string>, podId: string | null) => void
}

/**
 * Performs the action of a pressed button if its alert still applies, otherwise only opens the pod. After a
 * stop the pod is also opened, because the stop can be undone there.
 */
export async function handleAlertButton(
  session: Pick<AccountSession, 'withMonitor'>,
  key: AlertKey,
  button: AlertButton,
  actions: AlertButtonActions,
): Promise<void> {
  const confirmed = button === 'stop' ? await confirmStop(session, key, actions) : ok(true)
  if (confirmed.ok && !confirmed.value) return
  let outcome: AlertActionResult = 'stale'
  const run = (): Result<void, string> =>
    session.withMonitor((monitor) => {
      const result = monitor.runAlertAction(key, button)
      if (!result.ok) return result
      outcome = result.value
      return ok(undefined)
    })
  actions.notifyFailure(confirmed.ok ? run() : confirmed, key.podId)
  if (outcome === 'stale' || button !== 'keep-on') actions.showPod(key.podId)
}

/** Nothing is asked about an alert that no longer applies. */
async function confirmStop(
  session: Pick<AccountSession, 'withMonitor'>,
  key: AlertKey,
  actions: AlertButtonActions,
): Promise<Result<boolean, string>> {
  const pod = session.withMonitor((monitor) => ok(monitor.podOfAlert(key)))
  return pod.ok && pod.value !== null ? actions.confirmStop(pod.value) : ok(true)
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
