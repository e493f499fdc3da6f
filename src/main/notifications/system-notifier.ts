import { join } from 'node:path'
import { Notification, utilityProcess } from 'electron'
import type { AlertButton, AlertKey } from '../../core/alerts/alert'
import { createListeners } from '../../core/base/listeners'
import { NOTIFICATION_TIMEOUT_MS, notificationEnvironment } from '../../node/notifications/spawn-notification'
import { sessionBusAddress } from '../tray/tray-host-watcher'
import { createBusChannel } from './bus-channel'
import { createElectronChannel, type ElectronNotifications } from './electron-channel'
import type { NotificationChannel } from './notification'
import { notificationText } from './notification-text'
import { createNotifier, type NativeNotifier } from './notifier'

export interface SystemNotifier extends NativeNotifier {
  readonly onClick: (listener: (key: AlertKey) => void) => () => void
  readonly onPress: (listener: (key: AlertKey, button: AlertButton) => void) => () => void
}

/**
 * Notifications of this system: with buttons where possible, otherwise without, otherwise through another
 * program.
 */
export function createSystemNotifier(report: (what: string, cause?: unknown) => void): SystemNotifier {
  const { platform } = process
  const clicks = createListeners<[AlertKey]>()
  const presses = createListeners<[AlertKey, AlertButton]>()
  const electron = createElectronChannel({
    notifications: createElectronNotifications(),
    platform,
    report,
  })
  const bus = { busAddress: sessionBusAddress(process.env), report }
  const notifier = createNotifier({
    channels: [...(platform === 'linux' ? [createBusChannel(bus)] : []), electron, createProgramChannel()],
    onClick: clicks.notify,
    onPress: presses.notify,
  })
  return { ...notifier, onClick: clicks.add, onPress: presses.add }
}

/** Adapts Electron's notifications, without any logic. */
function createElectronNotifications(): ElectronNotifications {
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

/** The last resort: node-notifier in a separate process, without buttons, clicks and removal. */
function createProgramChannel(): NotificationChannel {
  return {
    show: (content) =>
      new Promise((resolve) => {
        const child = utilityProcess.fork(join(__dirname, 'notify.js'), [], {
          env: notificationEnvironment(content),
          stdio: 'ignore',
          serviceName: notificationText.serviceName,
        })
        const timeout = setTimeout(() => child.kill(), NOTIFICATION_TIMEOUT_MS)
        child.on('exit', (code) => {
          clearTimeout(timeout)
          resolve(code === 0 ? { withdraw() {} } : null)
        })
      }),
  }
}
