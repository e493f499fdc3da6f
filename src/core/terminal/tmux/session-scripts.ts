import { isSessionName, type NoSessionReason, tmuxInstallCommand, tmuxInstallers } from '../kept-session'
import type { TerminalSize } from '../terminal'

/*
 * What Podkeeper runs on a pod for its sessions. They belong to a tmux server of their own, without the user's
 * configuration; programs in them don't see that they run in tmux, so that they can use another one.
 */

/** `-u`: text is UTF-8, whatever the locale of a connection without a terminal says. */
const TMUX = 'tmux -u -L podkeeper -f /dev/null'

/** Control mode keeps up with its client, and sends keys as bytes, since then. */
const MIN_VERSION = 3.2

const checked = (name: string): string => {
  if (!isSessionName(name)) throw new RangeError('not a session name')
  return name
}

/** A client that reads nothing any more would hold up the end of its session, and then the server. */
const removeClients = (name: string): string =>
  `for p in $(${TMUX} list-clients -t '=${checked(name)}' -F '#{client_pid}' 2>/dev/null); do kill -9 "$p" 2>/dev/null; done`

const endCommands = (names: readonly string[]): string =>
  names
    .map((name) => `${removeClients(name)}\n${TMUX} kill-session -t '=${checked(name)}' 2>/dev/null\n`)
    .join('')

/** Ends sessions. Prints "ended" once none of them is left. */
export const endScript = (names: readonly string[]): string =>
  `${endCommands(names)}${names.map((name) => `${TMUX} has-session -t '=${checked(name)}' 2>/dev/null && exit 1\n`).join('')}echo ended`

/** Finds out whether a session can be kept and exists already. Ends those that are no longer wanted. */
export const probeScript = (name: string, ended: readonly string[]): string => `
[ -z "\${SSH_ORIGINAL_COMMAND-}" ] || { echo forced-command; exit; }
if ! command -v tmux >/dev/null 2>&1; then
  echo absent
  for p in ${tmuxInstallers.join(' ')}; do command -v $p >/dev/null 2>&1 && { echo "installer $p"; break; }; done
  if [ "$(id -u)" = 0 ]; then echo root; elif command -v sudo >/dev/null 2>&1; then echo sudo; fi
  exit
fi
echo "version $(tmux -V)"
${endCommands(ended)}${TMUX} has-session -t '=${checked(name)}' 2>/dev/null && echo exists
exit 0`

export type SessionProbe =
  | { readonly kind: 'tmux'; readonly hasSession: boolean }
  | { readonly kind: 'none'; readonly reason: NoSessionReason; readonly installCommand: string | null }

/** Reads what `probeScript` printed, among which anything else may be. */
export function parseProbe(output: string): SessionProbe {
  const lines = output.slice(0, 16 * 1024).split(/\r?\n/)
  const none = (reason: NoSessionReason, installCommand: string | null = null): SessionProbe => ({
    kind: 'none',
    reason,
    installCommand,
  })
  if (lines.includes('forced-command')) return none('forced-command')
  if (lines.includes('absent')) {
    const installer = tmuxInstallers.find((one) => lines.includes(`installer ${one}`))
    const mayInstall = lines.includes('root') || lines.includes('sudo')
    return none(
      'absent',
      installer === undefined || !mayInstall ? null : tmuxInstallCommand(installer, !lines.includes('root')),
    )
  }
  const version = lines
    .map((line) => /^version tmux \D{0,20}(\d{1,3}\.\d{1,3})/.exec(line)?.[1])
    .find(Boolean)
  if (version === undefined) return none('failed')
  // "openbsd-7.5" is the version of the system, whose tmux is as new.
  if (Number(version) < MIN_VERSION) return none('too-old')
  return { kind: 'tmux', hasSession: lines.includes('exists') }
}

/** tmux's own option in which a connection says that it is still there. */
const BEAT = '@podkeeper-beat'
/** Between two of them, ms. */
export const BEAT_INTERVAL_MS = 10_000
/** The watcher looks this often whether the server's end of the connection is still there… */
const WATCH_INTERVAL_S = 5
/** …and each time it looked so often, whether there was a beat. */
const LOOKS_PER_BEAT = 6

/**
 * A client that is so far behind, in s, gets no output until it asks for it. Without that tmux keeps all of it in
 * memory, or makes programs wait, by chance.
 */
const MAX_BEHIND_S = 3

export const beatCommand = (nonce: string, count: number): string => `set-option ${BEAT} ${nonce}:${count}`

/** The line that follows the end of tmux: whether the session ended, or is left alone. */
export const OVER = '%podkeeper over'

/**
 * Attaches to a session in control mode. A client whose connection was lost is removed: tmux makes programs wait for
 * it. This one is removed, too, if it doesn't send a beat. For `sh`, which reads nothing of the input after that.
 */
export const attachScript = (name: string, nonce: string): string =>
  inControlMode(name, nonce, `attach-session ${FLAGS} -t '=${checked(name)}'`)

/** Starts a session in control mode, of this size. */
export const createScript = (
  name: string,
  nonce: string,
  { columns, rows }: TerminalSize,
  historyLines: number,
): string => {
  const options = [
    'status off',
    'prefix None',
    'prefix2 None',
    'mouse off',
    'escape-time 0',
    'set-clipboard off',
    'automatic-rename off',
    'allow-rename off',
    'destroy-unattached off',
    'remain-on-exit off',
    'default-terminal xterm-256color',
    `history-limit ${historyLines}`,
  ]
  const settings = options.map((option) => `set-option -g ${option} \\; `).join('')
  return inControlMode(
    name,
    nonce,
    `${settings}new-session ${FLAGS} -s ${checked(name)} -x ${columns} -y ${rows} -- sh -c '${SHELL}'`,
  )
}

const FLAGS = `-f pause-after=${MAX_BEHIND_S}`

/** tmux tells a client that it gets no more output. */
export const isPauseNotice = (notice: string): boolean => notice.startsWith('%pause ')

export const continueCommand = (pane: number): string => `refresh-client -A '%${pane}:continue'`

/** The login shell, as SSH starts it. */
const SHELL = `unset TMUX TMUX_PANE TERM_PROGRAM TERM_PROGRAM_VERSION; exec "\${SHELL:-/bin/sh}" -l`

function inControlMode(name: string, nonce: string, command: string): string {
  const removeThem = removeClients(name)
  return `{
${TMUX} set-option -t '=${name}:' ${BEAT} ${nonce}:0 2>/dev/null
${removeThem}
server=$PPID
( last= looks=0
while sleep ${WATCH_INTERVAL_S}; do
  beat=$(${TMUX} show-options -qv -t '=${name}:' ${BEAT} 2>/dev/null)
  case $beat in ${nonce}:*) ;; *) exit;; esac
  kill -0 "$server" 2>/dev/null || { ${removeThem}; exit; }
  looks=$((looks + 1))
  [ $looks = ${LOOKS_PER_BEAT} ] || continue
  looks=0
  if [ "$beat" = "$last" ]; then ${removeThem}; exit; fi
  last=$beat
done ) </dev/null >/dev/null 2>&1 &
${TMUX} -C ${command}
${TMUX} has-session -t '=${name}' 2>/dev/null || echo '${OVER}'
exit
}
`
}

/** Keys as bytes, so that no character has a meaning for tmux. */
export function keyCommands(bytes: Uint8Array): readonly string[] {
  const commands: string[] = []
  for (let from = 0; from < bytes.length; from += MAX_KEYS) {
    const hex = Array.from(bytes.subarray(from, from + MAX_KEYS), (byte) =>
      byte.toString(16).padStart(2, '0'),
    )
    commands.push(`send-keys -H ${hex.join(' ')}`)
  }
  return commands
}

const MAX_KEYS = 500

export const sizeCommand = ({ columns, rows }: TerminalSize): string => `refresh-client -C ${columns}x${rows}`

/** Prints the folder that the foreground program is in. */
export const FOLDER_COMMAND = `display-message -p '#{pane_current_path}'`

/** Asks tmux to report the foreground program whenever it changes. */
export const WATCH_COMMAND = `refresh-client -B 'command:%*:#{pane_current_command}'`

/** The program that a notice of `WATCH_COMMAND` reports; null: it is another notice. */
export const reportedCommand = (notice: string): string | null =>
  /^%subscription-changed command [^:]* : (.*)$/.exec(notice)?.[1] ?? null
