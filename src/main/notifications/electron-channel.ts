import { escapeMarkup } from '../../core/base/plain-text'
import type { NotificationChannel, NotificationContent, NotificationEvent } from './notification'

/** As much of Electron's notifications as is used; see electron-notifications.ts. */
export interface ElectronNotifications {
  isSupported(): boolean
  /** Shows one; returns what closes it. */
  open(
    notification: ElectronNotification,
    on: {
      readonly show: () => void
      readonly failed: (why: string) => void
      readonly click: () => void
      /** `index`: of the button in `actions`. */
      readonly action: (index: number) => void
      readonly close: () => void
    },
  ): () => void
}

export interface ElectronNotification {
  readonly title: string
  readonly body: string
  readonly urgency: 'normal' | 'critical'
  /** The labels of its buttons; empty where the system would not show them. */
  readonly actions: readonly string[]
}

/** Longer than any system took; one that says neither "shown" nor "failed" counts as failed, ms. */
const ANSWER_TIMEOUT_MS = 3_000

export interface ElectronChannelOptions {
  readonly notifications: ElectronNotifications
  readonly platform: NodeJS.Platform
  readonly report: (what: string) => void
  readonly answerTimeoutMs?: number
}

/** Electron's own notifications, with buttons on macOS and Windows. */
export function createElectronChannel(options: ElectronChannelOptions): NotificationChannel {
  const { notifications, platform, report, answerTimeoutMs = ANSWER_TIMEOUT_MS } = options

  function toElectronNotification({
    title,
    body,
    isCritical,
    buttons,
  }: NotificationContent): ElectronNotification {
    return {
      title,
      // Bodies are markup on Linux.
      body: platform === 'linux' ? escapeMarkup(body) : body,
      urgency: isCritical ? 'critical' : 'normal',
      actions: platform === 'linux' ? [] : buttons.map(({ label }) => label),
    }
  }

  return {
    show(content, onEvent) {
      if (!notifications.isSupported()) return Promise.resolve(null)
      return new Promise((resolve) => {
        let isAbandoned = false
        let close = (): void => {}
        const abandon = (why: string): void => {
          clearTimeout(timer)
          if (isAbandoned) return
          isAbandoned = true
          report(`A notification could not be shown: ${why}`)
          resolve(null)
          // Should it be shown after all, it would be the second one of its kind.
          close()
        }
        const emit = (event: NotificationEvent): void => {
          if (!isAbandoned) onEvent(event)
        }
        const timer = setTimeout(() => abandon(`no word of it in ${answerTimeoutMs} ms`), answerTimeoutMs)
        close = notifications.open(toElectronNotification(content), {
          show() {
            clearTimeout(timer)
            if (isAbandoned) close()
            else resolve({ withdraw: close })
          },
          failed: abandon,
          click: () => emit({ kind: 'clicked' }),
          action(index) {
            const button = content.buttons[index]
            if (button !== undefined) emit({ kind: 'pressed', button: button.id })
          },
          close: () => emit({ kind: 'closed' }),
        })
      })
    },
  }
}
