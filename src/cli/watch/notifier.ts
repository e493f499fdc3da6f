import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { alertName } from '../../core/alerts/alert-history'
import type { Alert, Delivery, Notifier } from '../../core/alerts/alert'
import { NOTIFICATION_TIMEOUT_MS, notificationEnvironment } from '../../node/notifications/spawn-notification'

/**
 * Tells the watch of each alert once, and the system whenever it is asked to: a critical alert that the system did not
 * take is tried again and again, and the watch has said it already.
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

/** Resolves once the system took it, or did not. Where none can be shown nothing is lost: the watch says it itself. */
export function showDesktopNotification(alert: Alert): Promise<Delivery> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'notify.mjs')], {
    env: notificationEnvironment(alert),
    stdio: 'ignore',
    // A group of its own: what it starts ends with it.
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
    // It ended by itself in the meantime.
  }
}
