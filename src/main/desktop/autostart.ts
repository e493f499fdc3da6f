import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { replaceFile } from '../../node/data-folder/replace-file'

export interface AutostartOptions {
  /** XDG_CONFIG_HOME. */
  readonly configHome: string
  /** The program and its arguments; `--hidden` is added. */
  readonly command: readonly string[]
  /** False at a start of the app: an entry that the desktop's own settings switched off then stays off. */
  readonly isUserRequest: boolean
}

/** Starts the app at login, on Linux: an entry in the autostart folder of the desktop. */
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
    return fail(`${path} could not be written (${errorText(cause)}).`)
  }
}

/** Desktops switch an entry off in one of these two ways. */
function isSwitchedOff(path: string): boolean {
  if (!existsSync(path)) return false
  return /^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/im.test(readFileSync(path, 'utf8'))
}

/** A file of the Desktop Entry Specification 1.5 that runs `command`. */
export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Podkeeper',
    'Comment=Watches rented GPU pods',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** Quoted as `Exec` wants it, and then escaped as every string of the file. */
function execArgument(argument: string): string {
  const quoted = `"${argument.replaceAll('%', '%%').replace(/["`$\\]/g, '\\$&')}"`
  return quoted.replaceAll('\\', '\\\\')
}
