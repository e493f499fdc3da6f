import type { Notifier } from '../../core/alerts/alert'
import type { Clock } from '../../core/base/clock'
import type { Result } from '../../core/base/result'
import type { AccountSession } from '../account/account-session-types'

export type NotifyFailure = (result: Result<void, string>, podId: string | null) => void

/** Shows a failure as a notification where there is no other place for it: menus and notification buttons. */
export function createNotifyFailure(
  notifier: Notifier,
  session: Pick<AccountSession, 'snapshot'>,
  clock: Clock,
): NotifyFailure {
  return (result, podId) => {
    if (result.ok) return
    const accountId = session.snapshot().account?.id ?? ''
    const key = { kind: 'app', accountId, podId, episode: String(clock.now().wallMs) } as const
    void notifier.show({ key, title: 'Nothing was done', body: result.error, isCritical: false, buttons: [] })
  }
}
