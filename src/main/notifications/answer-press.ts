import type { AlertAnswer } from '../../core/guard/alert-actions'
import type { Alert, AlertButton, AlertKey } from '../../core/alerts/alert'
import { ok, type Result } from '../../core/base/result'
import type { Session } from '../account/account-session'

/**
 * Does what a pressed button says, if its alert still holds. Pressed late it does nothing but open the pod. Of a stop
 * the pod is shown as well: there it can be taken back.
 */
export function answerPress(
  session: Pick<Session, 'ask'>,
  key: AlertKey,
  button: AlertButton,
  to: {
    readonly showPod: (podId: string | null) => void
    readonly tell: (result: Result<void, string>, podId: string | null) => void
  },
): void {
  let answer: AlertAnswer = 'stale'
  const done = session.ask((monitor) => {
    const answered = monitor.answerAlert(key, button)
    if (!answered.ok) return answered
    answer = answered.value
    return ok(undefined)
  })
  to.tell(done, key.podId)
  if (answer === 'stale' || button === 'stop') to.showPod(key.podId)
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
