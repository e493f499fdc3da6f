import type { AccountId, PodId } from '../pods/pod'
import type { HostKeyQuestion, HostKeyView, SshFailure, SshServerName } from './host-key'

/*
 * What a terminal on a pod is, as its window draws it. Sessions live in main; nothing here can hold one.
 *
 *   connecting ─▶ asking ─▶ connecting ─▶ open ─▶ waiting ─▶ connecting …   (a connection was lost: tried again by itself)
 *        │           │                      └──▶ ended                       (the shell ended; Enter begins another)
 *        └───────────┴──────────▶ failed                                     (not tried again until a person says so)
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
  /** In the small window that main owns: a passphrase never passes through a page of the app. */
  | { readonly kind: 'asking-passphrase'; readonly keyName: string }
  | { readonly kind: 'open' }
  /** The connection was lost; it is tried again by itself. `reason` is in words for people. */
  | {
      readonly kind: 'waiting'
      readonly reason: string
      readonly nextTryAtMs: number
      readonly tries: number
    }
  /** The shell ended, or the pod did. `exitCode` null: it told none. */
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: SshFailure }

/** The connection of an open terminal, for its header. */
export interface TerminalLink {
  readonly server: SshServerName
  readonly hostKey: HostKeyView
  /** Milliseconds for an answer by SSH; null: not measured yet. */
  readonly roundTripMs: number | null
}

/** What became of what was typed before the shell was open: it waits for it, or it went nowhere. */
export type TypedAhead = 'kept' | 'dropped'

export interface TerminalView {
  readonly id: TerminalId
  readonly accountId: AccountId
  readonly podId: PodId
  readonly podName: string
  /** What the person called the tab; null: the pod's name, and a number where it has several. */
  readonly name: string | null
  /** What the shell calls itself, stripped of everything but text; "": nothing. Never says which pod it is. */
  readonly title: string
  readonly state: TerminalState
  /** Null unless it is open. */
  readonly link: TerminalLink | null
  /** Null: nothing was typed too early, or it is long done. */
  readonly typedAhead: TypedAhead | null
}

export interface TerminalsView {
  /** Rises with every publication. */
  readonly revision: number
  /** In the order of the tabs. */
  readonly terminals: readonly TerminalView[]
}

/** What a window needs to go on drawing a terminal that lives in main. Output may overtake it: what carries its number follows it. */
export interface TerminalScreen {
  /** Names this attachment: output carries it, and acknowledgements do. A later one ends it. */
  readonly attachment: number
  /** Escape sequences that draw screen, scrollback and modes anew, by `@xterm/addon-serialize`. */
  readonly screen: string
  readonly size: TerminalSize
}

/** Bytes as the pod sent them, in order. Once `MAX_UNACKNOWLEDGED_BYTES` are under way the pod waits. */
export interface TerminalOutput {
  readonly terminalId: TerminalId
  readonly attachment: number
  readonly bytes: Uint8Array
}

/** Above this the pod is asked to wait. Source: quality rules for terminals, "pending at most 500 KB". */
export const MAX_UNACKNOWLEDGED_BYTES = 192 * 1024

/** The tab names that a person may give. */
export const MAX_TERMINAL_NAME = 60
