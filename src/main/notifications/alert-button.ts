import type { AlertActionResult } from '../../core/guard/alert-actions'
import type { Alert, AlertButton, AlertKey } from '../../core/alerts/alert'
import { type PodKey, podKeyOf } from '../../core/pods/pod'
import { newPodKey } from '../../core/queue/schedule/pod-offers'
import type { Queue } from '../../core/queue/queue'
import { ok, type Result } from '../../core/base/result'
import type { AccountSession } from '../account/account-session-types'
import type { PodRequests } from '../account/requests/pod-requests'
import { notificationText } from './notification-text'

export interface AlertButtonActions extends Pick<PodRequests, 'confirmStop'> {
  readonly showPod: (podKey: PodKey | null) => void
  readonly notifyFailure: (result: Result<void, string>, podKey: PodKey | null) => void
}

/**
 * Performs the action of a pressed button if its alert still applies, otherwise only opens the pod. After a
 * stop the pod is also opened, because the stop can be undone there.
 */
export async function handleAlertButton(
  session: Pick<AccountSession, 'withMonitor'>,
  queue: Queue,
  key: AlertKey,
  button: AlertButton,
  actions: AlertButtonActions,
): Promise<void> {
  if (button === 'run-next-job' || button === 'skip-job')
    return handleJobButton(session, queue, key, button, actions)
  if (button === 'was-me') {
    const recognized = session.withMonitor(key.accountId, (monitor) => ok(monitor.recognizeAppearance(key)))
    if (!recognized.ok || !recognized.value) actions.showPod(podKeyOfAlert(key))
    return
  }
  const confirmed = button === 'stop' ? await confirmStop(session, key, actions) : ok(true)
  if (confirmed.ok && !confirmed.value) return
  let outcome: AlertActionResult = 'stale'
  const run = (): Result<void, string> =>
    session.withMonitor(key.accountId, (monitor) => {
      const result = monitor.runAlertAction(key, button)
      if (!result.ok) return result
      outcome = result.value
      return ok(undefined)
    })
  const podKey = podKeyOfAlert(key)
  actions.notifyFailure(confirmed.ok ? run() : confirmed, podKey)
  if (outcome === 'stale' || button !== 'keep-on') actions.showPod(podKey)
}

/** A job starts only while the idle alert still applies. */
async function handleJobButton(
  session: Pick<AccountSession, 'withMonitor'>,
  queue: Queue,
  key: AlertKey,
  button: 'run-next-job' | 'skip-job',
  { notifyFailure, showPod }: AlertButtonActions,
): Promise<void> {
  const podKey = podKeyOfAlert(key)
  if (button === 'skip-job')
    return notifyFailure(queue.requests.skipStart(podKey ?? newPodKey(key.accountId)), podKey)
  if (podKey === null) return showPod(podKey)
  const pod = session.withMonitor(key.accountId, (monitor) => ok(monitor.podOfAlert(key)))
  if (!pod.ok || pod.value === null) return showPod(podKey)
  notifyFailure(await queue.requests.runNextJob(podKey), podKey)
}

/** Nothing is asked about an alert that no longer applies. */
async function confirmStop(
  session: Pick<AccountSession, 'withMonitor'>,
  key: AlertKey,
  actions: AlertButtonActions,
): Promise<Result<boolean, string>> {
  const pod = session.withMonitor(key.accountId, (monitor) => ok(monitor.podOfAlert(key)))
  return pod.ok && pod.value !== null ? actions.confirmStop(podKeyOf(key.accountId, pod.value)) : ok(true)
}

/** Null for an alert about no pod. */
export const podKeyOfAlert = ({ accountId, podId }: AlertKey): PodKey | null =>
  podId === null ? null : podKeyOf(accountId, podId)

/** A notification that the user requests as a test. */
export function testAlert(nowMs: number): Alert {
  return {
    key: { kind: 'app', accountId: '', podId: null, episode: `test-${nowMs}` },
    title: notificationText.testTitle,
    body: notificationText.testBody,
    isCritical: false,
    buttons: [],
  }
}
