import type { AccountId, PodId, PodKey } from '../pods/pod'
import type { TerminalNotice } from './kept-session'
import type { TerminalTabs } from './panes/tab-layouts'
import type { HostKeyQuestion, HostKeyView, SshFailure, SshServerName } from './host-key'

/*
 * A terminal on a pod, as its window shows it. Sessions live in the main process.
 *
 *   connecting ─▶ asking ─▶ connecting ─▶ open ─▶ waiting ─▶ connecting …   (connection lost: retried automatically)
 *        │           │                      ├──▶ ended                       (the shell ended; Enter starts another)
 *        │           │                      └──▶ ended ─▶ waiting            (the pod stopped, and runs again)
 *        └───────────┴──────────▶ failed                                     (not retried until the user asks)
 *
 *   detached ─▶ connecting …                  (a session that an earlier run of Podkeeper left; attaches when it is shown)
 */

export type TerminalId = string

/** In characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export type TerminalState =
  | {
      readonly kind: 'connecting'
      readonly step: 'reaching' | 'checking-host-key' | 'signing-in' | 'opening-shell'
    }
  | { readonly kind: 'asking'; readonly question: HostKeyQuestion }
  /** Asked in a small window that main owns, so that a passphrase never passes through a page of the app. */
  | { readonly kind: 'asking-passphrase'; readonly keyName: string }
  | { readonly kind: 'open' }
  /** Its session is to be on the pod since an earlier run. `reason` is for display. */
  | { readonly kind: 'detached'; readonly reason: string }
  /** The connection was lost and is retried automatically. `reason` is for display. */
  | {
      readonly kind: 'waiting'
      readonly reason: string
      readonly nextTryAtMs: number
      readonly tries: number
    }
  /** The shell or the pod ended. `exitCode` is null when unknown. */
  | {
      readonly kind: 'ended'
      readonly exitCode: number | null
      readonly reason: string
      /** It ended with its pod and reconnects when that runs again. */
      readonly isPodStopped: boolean
    }
  | { readonly kind: 'failed'; readonly failure: SshFailure }

/** The connection of an open terminal, for its header. */
export interface TerminalConnection {
  readonly server: SshServerName
  readonly hostKey: HostKeyView
  /** The round-trip time over SSH in milliseconds; null when not measured yet. */
  readonly roundTripMs: number | null
}

/** Input typed before the shell was open: `kept` until the shell opens, or `dropped`. */
export type BufferedInput = 'kept' | 'dropped'

export interface TerminalView {
  readonly id: TerminalId
  readonly podKey: PodKey
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  /** The tab name set by the user; null: the pod's name, numbered if it has several tabs. */
  readonly name: string | null
  /** The title that the shell sets, sanitized; "" when there is none. It does not identify the pod. */
  readonly title: string
  readonly state: TerminalState
  /** Null unless it is open. */
  readonly connection: TerminalConnection | null
  /** Null when there was no early input or it was already handled. */
  readonly bufferedInput: BufferedInput | null
  /** Whether it is in a session on the pod that outlives its connection. */
  readonly isKept: boolean
  /** Whether a person asked to be notified when the command in it ends. */
  readonly isCommandWatched: boolean
  /** What was lost when it was connected again; null: nothing, or it was dismissed. */
  readonly notice: TerminalNotice | null
  /** The tab of another pod whose place it took; absent: none. */
  readonly continues?: TerminalId
}

export interface TerminalsView {
  /** Increases with every publication. */
  readonly revision: number
  /** In the order of tabs and of their panes. */
  readonly terminals: readonly TerminalView[]
  readonly tabs: TerminalTabs
}

/**
 * What a window needs to continue showing a terminal that lives in main. Output may arrive before this;
 * output with this attachment number follows it.
 */
export interface TerminalSnapshot {
  /** Identifies this attachment in output and acknowledgements. A later attachment ends it. */
  readonly attachment: number
  /** Escape sequences that restore screen, scrollback and modes, from `@xterm/addon-serialize`. */
  readonly screen: string
  readonly size: TerminalSize
}

/**
 * Bytes as the pod sent them, in order. The pod is paused once `MAX_UNACKNOWLEDGED_BYTES` are unacknowledged.
 */
export interface TerminalOutput {
  readonly terminalId: TerminalId
  readonly attachment: number
  readonly bytes: Uint8Array
}

/** Above this the pod is paused. See docs/quality.md#41-flow-control. */
export const MAX_UNACKNOWLEDGED_BYTES = 192 * 1024

export const MAX_TERMINALS = 50

/** Maximum length of a tab name. */
export const MAX_TERMINAL_NAME = 60
