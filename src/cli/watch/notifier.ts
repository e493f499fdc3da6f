import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { alertName } from '../../core/alerts/alert-history'
import type { Alert, Delivery, Notifier } from '../../core/alerts/alert'
import { NOTIFICATION_TIMEOUT_MS, notificationEnvironment } from '../../node/notifications/spawn-notification'

/**
 * Prints each alert once and shows it as a notification. A critical alert that the system doesn't accept is retried,
 * but not printed again.
 */
export function createWatchNotifier(
  showInWatch: (alert: Alert) => void,
  showOnDesktop: (alert: Alert) => Promise<Delivery>,
): Notifier {
  const shownNames = new Set<string>()
  return {
    show(alert) {
      const name = alertName(alert.key)
      if (!shownNames.has(name)) showInWatch(alert)
      if (alert.isCritical) shownNames.add(name)
      return showOnDesktop(alert)
    },
  }
}

/**
 * Resolves once the system accepted the notification or didn't. Without notifications nothing is lost, because the
 * watch prints the alert itself.
 */
export function showDesktopNotification(alert: Alert, env: NodeJS.ProcessEnv): Promise<Delivery> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'notify.mjs')], {
    env: notificationEnvironment(alert, env),
    stdio: 'ignore',
    // A separate process group, so that its child processes can be ended too.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const timeout = setTimeout(() => killProcessGroup(child.pid), NOTIFICATION_TIMEOUT_MS)
  return new Promise((resolve) => {
    const finish = (delivery: Delivery): void => {
      clearTimeout(timeout)
      resolve(delivery)
    }
    child.on('error', () => finish('failed'))
    child.on('exit', (code) => finish(code === 0 ? 'shown' : 'failed'))
  })
}

function killProcessGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It exited in the meantime.
  }
}
