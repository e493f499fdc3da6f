import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { nameOfAlert } from '../../core/alerts/alert-history'
import type { Alert, Delivery, Notifier } from '../../core/alerts/alert'
import { NOTIFY_MS, notifyEnvironment } from '../../node/notifications/spawn-notification'

/**
 * Tells the watch of each alert once, and the system whenever it is asked to: a critical alert that the system did not
 * take is tried again and again, and the watch has said it already.
 */
export function createWatchNotifier(
  tellWatch: (alert: Alert) => void,
  tellSystem: (alert: Alert) => Promise<Delivery>,
): Notifier {
  const told = new Set<string>()
  return {
    show(alert) {
      const name = nameOfAlert(alert.key)
      if (!told.has(name)) tellWatch(alert)
      if (alert.isCritical) told.add(name)
      return tellSystem(alert)
    },
  }
}

/** Resolves once the system took it, or did not. Where none can be shown nothing is lost: the watch says it itself. */
export function showNatively(alert: Alert): Promise<Delivery> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'notify.mjs')], {
    env: notifyEnvironment(alert),
    stdio: 'ignore',
    // A group of its own: what it starts ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const cap = setTimeout(() => endGroup(child.pid), NOTIFY_MS)
  return new Promise((resolve) => {
    const end = (delivery: Delivery): void => {
      clearTimeout(cap)
      resolve(delivery)
    }
    child.on('error', () => end('failed'))
    child.on('exit', (code) => end(code === 0 ? 'shown' : 'failed'))
  })
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
