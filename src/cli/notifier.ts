import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Alert } from '../core/ports'
import { plainText } from './text'

const CAP_MS = 5_000

/**
 * Native notifications by node-notifier. That one sets no limit to the program it starts and hands it the whole
 * environment, so it runs in a process of its own, with what a notification needs and no longer than 5 s. Where
 * none can be shown nothing is lost: the watch says everything itself.
 */
export function showNatively(alert: Alert): void {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'notify.mjs')], {
    env: notifierEnvironment(process.env),
    stdio: ['pipe', 'ignore', 'ignore'],
    // A group of its own: what it starts ends with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(notificationOf(alert)))
  const cap = setTimeout(() => endGroup(child.pid), CAP_MS)
  child.on('exit', () => clearTimeout(cap))
}

/** The words of a notification: one line each, nothing that reads as an option, and no markup in the body. */
export function notificationOf(
  { title, body }: Pick<Alert, 'title' | 'body'>,
  platform: NodeJS.Platform = process.platform,
) {
  const plainTitle = plainText(title).trim().replace(/^-+/, '') || 'Podkeeper'
  const plainBody = plainText(body).trim().replace(/^-+/, '') || ' '
  return { title: plainTitle, message: platform === 'linux' ? escapeMarkup(plainBody) : plainBody }
}

/** What a desktop's notifications need to be found, and no more. */
export function notifierEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed =
    /^(PATH|HOME|USER|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_SESSION_BUS_ADDRESS|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => passed.test(name)))
}

const escapeMarkup = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
