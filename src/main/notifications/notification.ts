import type { AlertButton } from '../../core/alerts/alert'

/** What a person is to read and may press: plain text on one line each, without anything unseen. */
export interface NotificationContent {
  readonly title: string
  readonly body: string
  readonly isCritical: boolean
  readonly buttons: readonly { readonly id: AlertButton; readonly label: string }[]
}

/** What became of one that was shown. */
export type NotificationEvent =
  | { readonly kind: 'clicked' }
  | { readonly kind: 'pressed'; readonly button: AlertButton }
  /** It is not on the screen any more; nothing comes after this. */
  | { readonly kind: 'closed' }

export interface ShownNotification {
  /** Takes it off the screen, where that can be done. Whoever presses it before it is gone is still heard. */
  withdraw(): void
}

/** A way to the eyes of a person. */
export interface NotificationChannel {
  /**
   * Resolves once the system took it; null: it did not, and nothing of it will be seen. Never rejects, ends within
   * seconds. `hear` is called only after that.
   */
  show(
    content: NotificationContent,
    hear: (event: NotificationEvent) => void,
  ): Promise<ShownNotification | null>
}
