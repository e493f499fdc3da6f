import { escapeMarkup, plainText } from '../../core/base/plain-text'
import type { Alert } from '../../core/alerts/alert'

/*
 * Native notifications by node-notifier, for where there is nothing better. That one sets no limit to the program it
 * starts and hands it the whole environment, so it runs in a process of its own (notify-program.ts), with what a
 * notification needs and no longer than `NOTIFY_MS`. Neither buttons nor clicks.
 */

export const NOTIFY_MS = 5_000

/** How the process is told: unlike its arguments, nobody else on the machine can read it. */
export const NOTIFICATION_VARIABLE = 'PODKEEPER_NOTIFICATION'

export interface ProgramNotification {
  readonly title: string
  readonly message: string
}

/** The environment of the process that shows `alert`. */
export function notifyEnvironment(
  alert: Pick<Alert, 'title' | 'body'>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return { ...notifierEnvironment(env), [NOTIFICATION_VARIABLE]: JSON.stringify(notificationOf(alert)) }
}

/** The words of a notification: one line each, nothing that reads as an option, and no markup in the body. */
export function notificationOf(
  { title, body }: Pick<Alert, 'title' | 'body'>,
  platform: NodeJS.Platform = process.platform,
): ProgramNotification {
  const plainTitle = plainText(title).trim().replace(/^-+/, '') || 'Podkeeper'
  const plainBody = plainText(body).trim().replace(/^-+/, '') || ' '
  return { title: plainTitle, message: platform === 'linux' ? escapeMarkup(plainBody) : plainBody }
}

/** What a desktop's notifications need to be found, and no more. */
export function notifierEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed =
    /^(PATH|HOME|USER|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_SESSION_BUS_ADDRESS|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE)$/i
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => passed.test(entry[0])),
  )
}
