import { escapeMarkup } from '../../core/base/text/plain-text'
import { ANSWER_TIMEOUT_MS, startAnswerTimeout } from './answer-timeout'
import type { NotificationChannel, NotificationContent, NotificationEvent } from './notification'

/** The part of Electron's notifications that is used. See electron-notifications.ts. */
export interface ElectronNotifications {
  isSupported(): boolean
  /** Shows a notification; returns a function that closes it. */
  open(
    notification: ElectronNotification,
    on: {
      readonly show: () => void
      readonly failed: (why: string) => void
      readonly click: () => void
      /** `index` of the button in `actions`. */
      readonly action: (index: number) => void
      readonly close: () => void
    },
  ): () => void
}

export interface ElectronNotification {
  readonly title: string
  readonly body: string
  readonly urgency: 'normal' | 'critical'
  /** Labels of the buttons; empty where the system does not support them. */
  readonly actions: readonly string[]
}

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
      // Bodies are parsed as markup on Linux.
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
          cancelTimeout()
          if (isAbandoned) return
          isAbandoned = true
          report(`A notification could not be shown: ${why}`)
          resolve(null)
          // If it is shown later after all, it would be a duplicate.
          close()
        }
        const emit = (event: NotificationEvent): void => {
          if (!isAbandoned) onEvent(event)
        }
        const cancelTimeout = startAnswerTimeout(answerTimeoutMs, () => abandon('timeout'))
        close = notifications.open(toElectronNotification(content), {
          show() {
            cancelTimeout()
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
