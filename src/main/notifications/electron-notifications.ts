import { Notification } from 'electron'
import type { ElectronNotifications } from './electron-channel'

/** Adapts Electron's notifications, without any logic. */
export function createElectronNotifications(): ElectronNotifications {
  // References to open notifications, because Electron drops the handlers of garbage-collected ones.
  const open = new Set<Notification>()
  return {
    isSupported: () => Notification.isSupported(),
    open({ title, body, urgency, actions }, on) {
      const notification = new Notification({
        title,
        body,
        urgency,
        actions: actions.map((text) => ({ type: 'button', text })),
      })
      const forget = (): void => void open.delete(notification)
      open.add(notification)
      notification.on('show', on.show)
      notification.on('click', on.click)
      // Older versions of Electron pass the index as a separate argument only.
      notification.on('action', (details, index) => on.action(details.actionIndex ?? index))
      notification.on('close', () => {
        forget()
        on.close()
      })
      notification.on('failed', (_event, why) => {
        forget()
        on.failed(why)
      })
      notification.show()
      return () => {
        forget()
        notification.close()
      }
    },
  }
}
