import { Notification } from 'electron'
import type { PodId } from '../core/pod'
import type { Delivery, Notifier } from '../core/ports'
import type { Log } from './log'

/** Native notifications. Their click leads to the pod; a system that cannot show one leaves it to the tray. */
export function createNotifier(onClick: (podId: PodId | null) => void, log: Pick<Log, 'warn'>): Notifier {
  // Electron drops a notification's handlers when it is collected as garbage.
  const shown = new Set<Notification>()
  return {
    async show({ key, title, body }) {
      if (!Notification.isSupported()) return 'failed'
      const notification = new Notification({ title: plain(title), body: escapeBody(plain(body)) })
      shown.add(notification)
      const forget = (): void => void shown.delete(notification)
      notification.on('click', () => {
        forget()
        onClick(key.podId)
      })
      notification.on('close', forget)
      notification.on('failed', (_event, error) => {
        forget()
        log.warn(`A notification could not be shown: ${error}`)
      })
      const delivery = new Promise<Delivery>((resolve) => {
        notification.on('show', () => resolve('shown'))
        notification.on('failed', () => resolve('failed'))
      })
      notification.show()
      return delivery
    },
  }
}

/** Bodies are markup on Linux. */
function escapeBody(text: string): string {
  if (process.platform !== 'linux') return text
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()
