import { plainText } from '../../core/base/text/plain-text'
import type { Alert, AlertButton, AlertKey, Notifier } from '../../core/alerts/alert'
import type { NotificationChannel, NotificationEvent, ShownNotification } from './notification'
import { notificationText } from './notification-text'

export interface NotifierOptions {
  /** Tried in order until one accepts the notification. */
  readonly channels: readonly NotificationChannel[]
  readonly onClick: (key: AlertKey) => void
  readonly onPress: (key: AlertKey, button: AlertButton) => void
}

export interface NativeNotifier extends Notifier {
  /** Removes outdated notifications from the screen, so that their buttons cannot be pressed. */
  readonly withdraw: (isStale: (key: AlertKey) => boolean) => void
}

/** Maximum number on the screen, so that a user who returns does not have to close a hundred. */
export const MAX_VISIBLE = 20

interface LiveNotification {
  /** Equal for the same alert. */
  readonly name: string
  readonly key: AlertKey
  readonly shown: ShownNotification
  isWithdrawn: boolean
}

/** System notifications through the first channel that works. Each reports at most one click or press. */
export function createNotifier({ channels, onClick, onPress }: NotifierOptions): NativeNotifier {
  /** Oldest first, including withdrawn ones until the system confirms their removal. */
  const live = new Set<LiveNotification>()

  function withdraw(notification: LiveNotification): void {
    if (notification.isWithdrawn) return
    notification.isWithdrawn = true
    notification.shown.withdraw()
  }

  function handleEvent(notification: LiveNotification, event: NotificationEvent): void {
    if (!live.delete(notification) || event.kind === 'closed') return
    withdraw(notification)
    if (event.kind === 'pressed') onPress(notification.key, event.button)
    else onClick(notification.key)
  }

  function track(notification: LiveNotification): void {
    // A repeated alert replaces its earlier notification.
    for (const other of live) if (other.name === notification.name) withdraw(other)
    live.add(notification)
    const [oldest] = live
    if (live.size <= MAX_VISIBLE || oldest === undefined) return
    withdraw(oldest)
    live.delete(oldest)
  }

  return {
    async show({ key, title, body, isCritical, buttons }: Alert) {
      const content = {
        title: plainText(title).trim() || 'Podkeeper',
        body: plainText(body).trim(),
        isCritical,
        buttons: buttons.map((button) => ({ id: button, label: notificationText.buttons[button] })),
      }
      for (const channel of channels) {
        let notification: LiveNotification | null = null
        const shown = await channel.show(content, (event) => notification && handleEvent(notification, event))
        if (shown === null) continue
        const { kind, accountId, podId, episode } = key
        notification = {
          name: JSON.stringify([kind, accountId, podId, episode]),
          key,
          shown,
          isWithdrawn: false,
        }
        track(notification)
        return 'shown'
      }
      return 'failed'
    },
    withdraw(isStale) {
      for (const notification of live) if (isStale(notification.key)) withdraw(notification)
    },
  }
}
