import { randomBytes } from 'node:crypto'
import { foregroundCommand, type TerminalNotice } from '../../../core/terminal/kept-session'
import type { RememberedTab } from '../../../core/terminal/remembered-tabs'
import { repliesBesideTmux } from '../../../core/terminal/terminal-input'
import type { TerminalView } from '../../../core/terminal/terminal'
import type { KeptSession, SessionRequest, SshShell } from '../../../ssh/connection/ssh-shell'

export interface SessionMemoryOptions {
  /** The session of an earlier run; null: a new tab. */
  readonly restored: RememberedTab | null
  /** When the pod started, Unix ms; null: unknown. */
  readonly podStartedAtMs: () => number | null
  /** Whether new sessions are to be kept, by the settings. */
  readonly isWanted: () => boolean
  readonly historyLines: () => number
  /** Sessions of the pod that its owner closed. */
  readonly endedNames: () => readonly string[]
  /** These are over now. */
  readonly onOver: (names: readonly string[]) => void
  /** The owner closed a session, which is not known to be over. `isEnding`: its own connection ends it. */
  readonly onEnd: (name: string, isEnding: boolean) => void
  /** What runs in the foreground of a session, as it is seen; null: a shell. */
  readonly onForeground: (command: string | null) => void
  readonly onChange: () => void
}

/** Knows what a tab's shell runs in, and what was lost when it is connected again. See docs/product-rules.md#131-sessions. */
export interface SessionMemory {
  /** For the next connection; undefined: a plain shell. */
  request(): SessionRequest | undefined
  onOpened(shell: SshShell): void
  /** The shell ended, so that the next one is none that was lost. */
  onExited(): void
  /** The owner cleared the terminal. */
  clearHistory(): void
  /** The part of automatic replies that is for the shell. */
  replies(text: string): string
  view(): Pick<TerminalView, 'isKept' | 'notice'>
  dismissNotice(): void
  /** For the next run; null: nothing to come back to. */
  remembered(): Pick<RememberedTab, 'session' | 'wasOpen' | 'podStartedAtMs' | 'command'> | null
  /** The owner closed the tab: ends its session, if there is one. Returns the shell that is left to close. */
  end(shell: SshShell | null): SshShell | null
}

/** What the next connection has to find. */
type Expected = 'session' | 'shell' | null

export function createSessionMemory(options: SessionMemoryOptions): SessionMemory {
  const { restored } = options
  const name = restored?.session ?? randomBytes(8).toString('hex')
  let expected: Expected = restored?.wasOpen === true ? 'session' : null
  /** Whether a session of this name may be on the pod. */
  let mayExist = restored !== null
  let podStartedAtMs = restored?.podStartedAtMs ?? null
  let command = restored?.command ?? null
  let live: KeptSession | null = null
  let requestedEnds: readonly string[] = []
  let notice: TerminalNotice | null = null

  function lost(shell: SshShell): TerminalNotice | null {
    const { session } = shell
    const startedAtMs = options.podStartedAtMs()
    const isPodRestarted = startedAtMs !== null && podStartedAtMs !== null && startedAtMs > podStartedAtMs
    if (expected === 'session')
      return session?.kind === 'attached' ? null : { kind: 'session-lost', isPodRestarted, command }
    if (expected !== 'shell') return null
    const none = session?.kind === 'none' ? session : null
    const installCommand = none?.installCommand ?? null
    return {
      kind: 'shell-lost',
      isPodRestarted,
      installCommand,
      isTooOld: none?.reason === 'too-old',
      isByProxy: none?.reason === 'proxy',
    }
  }

  function onOpened(shell: SshShell): void {
    notice = lost(shell) ?? notice
    podStartedAtMs = options.podStartedAtMs()
    const { session } = shell
    live = session === undefined || session.kind === 'none' ? null : session
    expected = live === null ? 'shell' : 'session'
    mayExist = live !== null
    if (live?.kind !== 'attached') command = null
    if (live === null) return
    options.onOver(requestedEnds)
    const current = live
    live.onCommand((reported) => {
      const now = foregroundCommand(reported)
      if (live !== current) return
      options.onForeground(now)
      if (now === command) return
      command = now
      options.onChange()
    })
  }

  return {
    request() {
      if (!options.isWanted() && !mayExist) return undefined
      mayExist = true
      requestedEnds = options.endedNames()
      return {
        name,
        historyLines: options.historyLines(),
        isExpected: expected === 'session',
        endedNames: requestedEnds,
      }
    },
    onOpened,
    onExited() {
      live = null
      expected = null
      mayExist = false
      command = null
    },
    clearHistory: () => live?.clearHistory(),
    replies: (text) => (live === null ? text : repliesBesideTmux(text)),
    view: () => ({ isKept: expected === 'session', notice }),
    dismissNotice() {
      notice = null
      options.onChange()
    },
    remembered: () =>
      mayExist ? { session: name, wasOpen: expected === 'session', podStartedAtMs, command } : null,
    end(shell) {
      const current = live
      live = null
      if (!mayExist) return shell
      options.onEnd(name, current !== null)
      if (shell === null || current === null) return shell
      void current.end().then((isOver) => {
        if (isOver) options.onOver([name])
        shell.close()
      })
      return null
    },
  }
}
