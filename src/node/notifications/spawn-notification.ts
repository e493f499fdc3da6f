import { escapeMarkup, plainText } from '../../core/base/text/plain-text'
import type { Alert } from '../../core/alerts/alert'

/*
 * System notifications through node-notifier, as a fallback. It runs in a separate process
 * (notification-worker.ts), because node-notifier sets no time limit for the programs that it starts and
 * passes the whole environment to them. Neither buttons nor clicks are supported.
 */

export const NOTIFICATION_TIMEOUT_MS = 5_000

/** Passes the notification in the environment, because other users can read the arguments of a process. */
export const NOTIFICATION_VARIABLE = 'PODKEEPER_NOTIFICATION'

export interface ProgramNotification {
  readonly title: string
  readonly message: string
}

/** The environment of the process that shows `alert`. */
export function notificationEnvironment(
  alert: Pick<Alert, 'title' | 'body'>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return {
    ...notifierEnvironment(env),
    [NOTIFICATION_VARIABLE]: JSON.stringify(toProgramNotification(alert)),
  }
}

/**
 * Sanitizes the text: one line each, nothing that could be parsed as an option, and no markup in the body.
 */
export function toProgramNotification(
  { title, body }: Pick<Alert, 'title' | 'body'>,
  platform: NodeJS.Platform = process.platform,
): ProgramNotification {
  const plainTitle = plainText(title).trim().replace(/^-+/, '') || 'Podkeeper'
  const plainBody = plainText(body).trim().replace(/^-+/, '') || ' '
  return { title: plainTitle, message: platform === 'linux' ? escapeMarkup(plainBody) : plainBody }
}

/** The variables that desktop notifications need, and no others. */
export function notifierEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed =
    /^(PATH|HOME|USER|LANG|LC_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_.*|DBUS_SESSION_BUS_ADDRESS|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE)$/i
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => passed.test(entry[0])),
  )
}
