import type { AlertButton } from '../../core/alerts/alert'

/** The content of a notification: plain text, one line each, without invisible characters. */
export interface NotificationContent {
  readonly title: string
  readonly body: string
  readonly isCritical: boolean
  readonly buttons: readonly { readonly id: AlertButton; readonly label: string }[]
}

/** Events of a notification that was shown. */
export type NotificationEvent =
  | { readonly kind: 'clicked' }
  | { readonly kind: 'pressed'; readonly button: AlertButton }
  /** No longer on the screen; the last event. */
  | { readonly kind: 'closed' }

export interface ShownNotification {
  /** Removes it from the screen where possible. A click before that is still reported. */
  withdraw(): void
}

/** One way to show notifications. */
export interface NotificationChannel {
  /**
   * Resolves once the system accepted it; null when it did not and nothing will appear. Never rejects and
   * resolves within seconds. `onEvent` is called only after that.
   */
  show(
    content: NotificationContent,
    onEvent: (event: NotificationEvent) => void,
  ): Promise<ShownNotification | null>
}
