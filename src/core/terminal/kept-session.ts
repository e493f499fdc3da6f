/*
 * Sessions that outlive the connection of a terminal: `tmux` on the pod, with a server and session names of its own.
 * See docs/product-rules.md#131-sessions.
 */

/** Package managers that Podkeeper knows how to install tmux with. */
export const tmuxInstallers = ['apt-get', 'dnf', 'yum', 'apk', 'pacman', 'zypper'] as const
export type TmuxInstaller = (typeof tmuxInstallers)[number]

const installCommands: Readonly<Record<TmuxInstaller, readonly string[]>> = {
  'apt-get': ['apt-get update', 'apt-get install -y tmux'],
  dnf: ['dnf install -y tmux'],
  yum: ['yum install -y tmux'],
  apk: ['apk add tmux'],
  pacman: ['pacman -Sy --noconfirm tmux'],
  zypper: ['zypper --non-interactive install tmux'],
}

/** The command line that installs tmux. Nothing of it comes from the pod. */
export const tmuxInstallCommand = (installer: TmuxInstaller, needsSudo: boolean): string =>
  installCommands[installer].map((one) => `${needsSudo ? 'sudo ' : ''}${one}`).join(' && ')

/** Why a shell ends with its connection. */
export type NoSessionReason = 'absent' | 'too-old' | 'forced-command' | 'proxy' | 'failed'

/** What a reconnected terminal lost. It stays until it is dismissed. */
export type TerminalNotice =
  /** The session did not exist any more. `command`: what ran in it when it was last seen, sanitized; null: nothing. */
  | { readonly kind: 'session-lost'; readonly isPodRestarted: boolean; readonly command: string | null }
  /** A shell without a session ended with its connection. `installCommand`: would keep the next ones; null: none. */
  | {
      readonly kind: 'shell-lost'
      readonly isPodRestarted: boolean
      readonly installCommand: string | null
      /** The pod has a tmux that is too old. */
      readonly isTooOld: boolean
      /** Nothing but a plain shell could be reached through the proxy. */
      readonly isByProxy: boolean
    }

/** A session name as Podkeeper makes it. Only such a name ever gets into a command. */
export const isSessionName = (name: string): boolean => /^[a-z0-9]{8,40}$/.test(name)

/** Sessions named in one file, so that a damaged or crafted one can't hold up a connection. */
export const MAX_ENDED_SESSIONS = 200

const SHELLS: ReadonlySet<string> = new Set(
  'sh bash dash ash zsh fish ksh mksh tcsh csh nu xonsh login sudo su tmux'.split(' '),
)

const MAX_COMMAND_CHARS = 60

/** The program in the foreground, from tmux's name of it; null: a shell that waits for input. */
export function foregroundCommand(name: string): string | null {
  const printable = name.replace(/[^\x20-\x7e]/g, '').trim()
  return printable === '' || SHELLS.has(printable.replace(/^-/, ''))
    ? null
    : printable.slice(0, MAX_COMMAND_CHARS)
}
