import { Notification } from 'electron'
import type { Notifier } from '../core/ports'
import type { Log } from './log'

/** Native notifications. Their click leads to the pod; a system that cannot show one leaves it to the tray. */
export function createNotifier(onClick: (podId: string) => void, log: Pick<Log, 'warn'>): Notifier {
  // Electron drops a notification's handlers when it is collected as garbage.
  const shown = new Set<Notification>()
  return {
    show({ podId, title, body }) {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title: plain(title), body: escapeBody(plain(body)) })
      shown.add(notification)
      const forget = (): void => void shown.delete(notification)
      notification.on('click', () => {
        forget()
        onClick(podId)
      })
      notification.on('close', forget)
      notification.on('failed', (_event, error) => {
        forget()
        log.warn(`A notification could not be shown: ${error}`)
      })
      notification.show()
    },
  }
}

/** Bodies are markup on Linux. */
function escapeBody(text: string): string {
  if (process.platform !== 'linux') return text
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()
