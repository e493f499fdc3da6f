import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorText, fileNotWritten } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { desktopText } from './desktop-text'

export interface AutostartOptions {
  /** The value of XDG_CONFIG_HOME. */
  readonly configHome: string
  /** The program and its arguments; `--hidden` is appended. */
  readonly command: readonly string[]
  /** False when the app starts, so that an entry disabled in the desktop's own settings stays disabled. */
  readonly isUserRequest: boolean
}

/** Starts the app at login on Linux, through an entry in the desktop's autostart folder. */
export function setAutostart(
  isOn: boolean,
  { configHome, command, isUserRequest }: AutostartOptions,
): Result<void, string> {
  const path = join(configHome, 'autostart', 'podkeeper.desktop')
  try {
    if (!isOn) rmSync(path, { force: true })
    else if (isUserRequest || !isSwitchedOff(path))
      replaceFile(path, autostartEntry([...command, '--hidden']))
    return ok(undefined)
  } catch (cause) {
    return fail(fileNotWritten(path, errorText(cause)))
  }
}

/**
 * The program to start. An AppImage runs from a temporary folder, so its own path must be used; where another AppImage
 * started this program, APPIMAGE names that one.
 */
export function programPath(env: NodeJS.ProcessEnv, executable: string): string {
  const { APPIMAGE: image, APPDIR: mount } = env
  return image && mount && executable.startsWith(`${mount.replace(/\/+$/, '')}/`) ? image : executable
}

/** Desktops disable an entry in one of these two ways. */
function isSwitchedOff(path: string): boolean {
  if (!existsSync(path)) return false
  return /^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/im.test(readFileSync(path, 'utf8'))
}

/** A file that runs `command`, according to the Desktop Entry Specification 1.5. */
export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Podkeeper',
    `Comment=${desktopText.comment}`,
    `Exec=${command.map(execArgument).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** Quoted for `Exec`, then escaped like every string in the file. */
function execArgument(argument: string): string {
  const quoted = `"${argument.replaceAll('%', '%%').replace(/["`$\\]/g, '\\$&')}"`
  return quoted.replaceAll('\\', '\\\\')
}
