import { plainText } from '../../core/base/plain-text'
import type { Alert, AlertButton, AlertKey, Notifier } from '../../core/alerts/alert'
import type { NotificationChannel, NotificationEvent, ShownNotification } from './notification'

export interface NotifierOptions {
  /** The first that takes it shows it. */
  readonly channels: readonly NotificationChannel[]
  readonly onClick: (key: AlertKey) => void
  readonly onPress: (key: AlertKey, button: AlertButton) => void
}

export interface NativeNotifier extends Notifier {
  /** Takes off the screen what tells of something that is over, so that nobody presses its buttons. */
  withdraw(isOver: (key: AlertKey) => boolean): void
}

/** On the screen at once: whoever comes back after a night shall not have to close a hundred. */
export const MAX_LIVE = 20

const labels: { readonly [K in AlertButton]: string } = { 'keep-on': 'Keep on', stop: 'Stop' }

interface Live {
  /** The same for the same alert. */
  readonly name: string
  readonly key: AlertKey
  readonly shown: ShownNotification
  isWithdrawn: boolean
}

/** Native notifications, by whatever way works here. Each is heard once: a press or a click uses it up. */
export function createNotifier({ channels, onClick, onPress }: NotifierOptions): NativeNotifier {
  /** Oldest first; with those that were withdrawn, until the system says that they are gone. */
  const live = new Set<Live>()

  function withdraw(one: Live): void {
    if (one.isWithdrawn) return
    one.isWithdrawn = true
    one.shown.withdraw()
  }

  function hear(one: Live, event: NotificationEvent): void {
    if (!live.delete(one) || event.kind === 'closed') return
    withdraw(one)
    if (event.kind === 'pressed') onPress(one.key, event.button)
    else onClick(one.key)
  }

  function keep(one: Live): void {
    // The same alert again takes the place of the one before.
    for (const other of live) if (other.name === one.name) withdraw(other)
    live.add(one)
    const [oldest] = live
    if (live.size <= MAX_LIVE || oldest === undefined) return
    withdraw(oldest)
    live.delete(oldest)
  }

  return {
    async show({ key, title, body, isCritical, buttons }: Alert) {
      const content = {
        title: plainText(title).trim() || 'Podkeeper',
        body: plainText(body).trim(),
        isCritical,
        buttons: buttons.map((button) => ({ id: button, label: labels[button] })),
      }
      for (const channel of channels) {
        let one: Live | null = null
        const shown = await channel.show(content, (event) => one && hear(one, event))
        if (shown === null) continue
        const { kind, accountId, podId, episode } = key
        one = { name: JSON.stringify([kind, accountId, podId, episode]), key, shown, isWithdrawn: false }
        keep(one)
        return 'shown'
      }
      return 'failed'
    },
    withdraw(isOver) {
      for (const one of live) if (isOver(one.key)) withdraw(one)
    },
  }
}
