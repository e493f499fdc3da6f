import { plainText } from '../../core/plain-text'
import type { Alert, AlertButton, AlertKey, Notifier } from '../../core/ports'
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

/** Native notifications, by whatever way works here. Each is heard once: a press or a click uses it up. */
export function createNotifier({ channels, onClick, onPress }: NotifierOptions): NativeNotifier {
  /** Oldest first. */
  const live = new Map<string, { readonly key: AlertKey; readonly shown: ShownNotification }>()

  function take(id: string): ShownNotification | null {
    const found = live.get(id)
    live.delete(id)
    return found?.shown ?? null
  }

  function hear(id: string, key: AlertKey, event: NotificationEvent): void {
    const shown = take(id)
    // It was used up, or is over.
    if (shown === null) return
    if (event.kind === 'closed') return
    shown.withdraw()
    if (event.kind === 'pressed') onPress(key, event.button)
    else onClick(key)
  }

  return {
    async show({ key, title, body, isCritical, buttons }: Alert) {
      const id = JSON.stringify([key.kind, key.accountId, key.podId, key.episode])
      const content = {
        title: plainText(title).trim() || 'Podkeeper',
        body: plainText(body).trim(),
        isCritical,
        buttons: buttons.map((button) => ({ id: button, label: labels[button] })),
      }
      for (const channel of channels) {
        const shown = await channel.show(content, (event) => hear(id, key, event))
        if (shown === null) continue
        // The same alert again takes the place of the one before.
        take(id)?.withdraw()
        live.set(id, { key, shown })
        const [oldest] = live.keys()
        if (live.size > MAX_LIVE && oldest !== undefined) take(oldest)?.withdraw()
        return 'shown'
      }
      return 'failed'
    },
    withdraw(isOver) {
      for (const [id, { key }] of live) if (isOver(key)) take(id)?.withdraw()
    },
  }
}
