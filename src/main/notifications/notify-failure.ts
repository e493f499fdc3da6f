import type { Notifier } from '../../core/alerts/alert'
import type { Clock } from '../../core/base/time/clock'
import type { Result } from '../../core/base/result'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import { notificationText } from './notification-text'

export type NotifyFailure = (result: Result<void, string>, podKey: PodKey | null) => void

/** Shows a failure as a notification where there is no other place for it: menus and notification buttons. */
export function createNotifyFailure(notifier: Notifier, clock: Pick<Clock, 'now'>): NotifyFailure {
  return (result, podKey) => {
    if (result.ok) return
    const pod = podKey === null ? { accountId: '', podId: null } : parsePodKey(podKey)
    const key = { kind: 'app', ...pod, episode: String(clock.now().wallMs) } as const
    void notifier.show({
      key,
      title: notificationText.nothingDone,
      body: result.error,
      isCritical: false,
      buttons: [],
    })
  }
}
