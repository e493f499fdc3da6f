import { join } from 'node:path'
import { utilityProcess } from 'electron'
import { NOTIFICATION_TIMEOUT_MS, notificationEnvironment } from '../../node/notifications/spawn-notification'
import type { NotificationChannel } from './notification'
import { notificationText } from './notification-text'

/** The last resort: node-notifier in a separate process, without buttons, clicks and removal. */
export function createProgramChannel(): NotificationChannel {
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
