import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Alert, Delivery } from '../core/ports'
import { NOTIFY_MS, notifyEnvironment } from '../node/notification-program'

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
