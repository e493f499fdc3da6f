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
const ANSWER_MS = 3_000

export interface ElectronChannelOptions {
  readonly notifications: ElectronNotifications
  readonly platform: NodeJS.Platform
  readonly report: (what: string) => void
  readonly answerMs?: number
}

/** Electron's own notifications, with buttons on macOS and Windows. */
export function createElectronChannel(options: ElectronChannelOptions): NotificationChannel {
  const { notifications, platform, report, answerMs = ANSWER_MS } = options

  function notificationOf({ title, body, isCritical, buttons }: NotificationContent): ElectronNotification {
    return {
      title,
      // Bodies are markup on Linux.
      body: platform === 'linux' ? escapeMarkup(body) : body,
      urgency: isCritical ? 'critical' : 'normal',
      actions: platform === 'linux' ? [] : buttons.map(({ label }) => label),
    }
  }

  return {
    show(content, hear) {
      if (!notifications.isSupported()) return Promise.resolve(null)
      return new Promise((resolve) => {
        let isGivenUp = false
        let close = (): void => {}
        const giveUp = (why: string): void => {
          clearTimeout(timer)
          if (isGivenUp) return
          isGivenUp = true
          report(`A notification could not be shown: ${why}`)
          resolve(null)
          // Should it be shown after all, it would be the second one of its kind.
          close()
        }
        const tell = (event: NotificationEvent): void => {
          if (!isGivenUp) hear(event)
        }
        const timer = setTimeout(() => giveUp(`no word of it in ${answerMs} ms`), answerMs)
        close = notifications.open(notificationOf(content), {
          show() {
            clearTimeout(timer)
            if (isGivenUp) close()
            else resolve({ withdraw: close })
          },
          failed: giveUp,
          click: () => tell({ kind: 'clicked' }),
          action(index) {
            const button = content.buttons[index]
            if (button !== undefined) tell({ kind: 'pressed', button: button.id })
          },
          close: () => tell({ kind: 'closed' }),
        })
      })
    },
  }
}
