import { join } from 'node:path'
import { utilityProcess } from 'electron'
import { NOTIFY_MS, notifyEnvironment } from '../../node/notifications/spawn-notification'
import type { NotificationChannel } from './notification'

/** The last resort: node-notifier, in a process of its own. No buttons, no clicks, and nothing can be taken back. */
export function createProgramChannel(): NotificationChannel {
  return {
    show: (content) =>
      new Promise((resolve) => {
        const child = utilityProcess.fork(join(__dirname, 'notify.js'), [], {
          env: notifyEnvironment(content),
          stdio: 'ignore',
          serviceName: 'Podkeeper notification',
        })
        const cap = setTimeout(() => child.kill(), NOTIFY_MS)
        child.on('exit', (code) => {
          clearTimeout(cap)
          resolve(code === 0 ? { withdraw() {} } : null)
        })
      }),
  }
}
