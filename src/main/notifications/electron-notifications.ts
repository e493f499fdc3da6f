import { Notification } from 'electron'
import type { ElectronNotifications } from './electron-channel'

/** Electron's notifications themselves. Nothing is decided here. */
export function createElectronNotifications(): ElectronNotifications {
  // Electron drops a notification's handlers when it is collected as garbage.
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
      // Older Electrons give the number of the button beside the event only.
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
