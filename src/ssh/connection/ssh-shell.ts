import type { PassphraseRequester } from '../keys/key-ring'
import type { AccountId, PodId, PodSsh } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { NoSessionReason } from '../../core/terminal/kept-session'
import type { JobHostKeys } from '../../core/terminal/seen-host-key'
import type { TerminalSize } from '../../core/terminal/terminal'
import type {
  HostKeyQuestion,
  HostKeyView,
  NotAsked,
  SshFailure,
  SshServerName,
} from '../../core/terminal/host-key'

/** The pod to connect to, as of its latest snapshot. */
export interface SshTarget {
  readonly accountId: AccountId
  readonly podId: PodId
  /**
   * Unix ms; null if unknown. If the pod started later than its host key was last seen, a new key is
   * expected.
   */
  readonly startedAtMs: number | null
  readonly ssh: PodSsh
  /** The request that the pod was created by, which may have a key of its own. */
  readonly runId?: string
}

/** What a connection asks the user, and the progress it reports. */
export interface ConnectPrompts extends PassphraseRequester {
  /**
   * Nobody is there to answer: keys that need a passphrase first are left out, so that it is never requested,
   * and a host key is never asked about with success.
   */
  readonly isUnattended?: true
  /** The connection is for jobs. Absent: it is not. */
  readonly jobHostKeys?: JobHostKeys
  /** Asked before anything is sent that identifies the user. False declines. */
  confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean | NotAsked>
  onStep(step: 'reaching' | 'checking-host-key' | 'signing-in' | 'opening-shell'): void
}

/** A session that is to outlive the connection. See docs/product-rules.md#131-sessions. */
export interface SessionRequest {
  /** See `isSessionName`. */
  readonly name: string
  /** Lines that the pod keeps of it. */
  readonly historyLines: number
  /** Whether it was there before, so that nothing else is opened while it may still be there. */
  readonly isExpected: boolean
  /** Sessions of that pod that are no longer wanted, and are ended first. */
  readonly endedNames: readonly string[]
}

/** What a shell runs in, where a session was requested. */
export type ShellSession =
  | { readonly kind: 'none'; readonly reason: NoSessionReason; readonly installCommand: string | null }
  | KeptSession

export interface KeptSession {
  /** `attached`: it was there before, and its output starts with all that it shows. */
  readonly kind: 'attached' | 'created'
  /** Calls back with the program in the foreground, as the pod names it, whenever it changes. */
  onCommand(listener: (name: string) => void): void
  /** The folder that its foreground program is in, absolute; null: unknown. */
  folder(): Promise<string | null>
  /** Forgets the lines that scrolled off the screen. */
  clearHistory(): void
  /** Ends it and everything in it. Resolves to whether it is certainly over. */
  end(): Promise<boolean>
}

/** A shell on a pod. */
export interface SshShell {
  /** Absent: none was requested. */
  readonly session?: ShellSession
  readonly server: SshServerName
  readonly hostKey: HostKeyView
  /** Measures the SSH round-trip time in ms; null if the connection is closed. */
  measureRoundTrip(): Promise<number | null>
  write(bytes: Uint8Array): void
  /** Bytes of input that the server has not taken yet. */
  unsentBytes(): number
  resize(size: TerminalSize): void
  /** Asks the server to stop sending, apart from what its window still allows. */
  pause(): void
  resume(): void
  /**
   * How fast what arrives can be used, bytes per ms: a slow reader needs less of it on its way. Null: as fast as a
   * terminal draws at best.
   */
  setReadingSpeed(bytesPerMs: number | null): void
  /** Data in order. Nothing is lost between opening the shell and attaching a listener. */
  onData(listener: (bytes: Uint8Array) => void): void
  /** Called once, after the last data. */
  onEnd(listener: (end: ShellEnd) => void): void
  /** Closes the shell and its connection. */
  close(): void
}

/** `lost`: the connection below the shell broke; `reason` is user-facing text. */
export type ShellEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'lost'; readonly reason: string }

/** Opens a shell on a pod, with a PTY; in a session, if one is requested and the pod can keep it. See `Connect`. */
export type OpenShell = (
  target: SshTarget,
  size: TerminalSize,
  prompts: ConnectPrompts,
  signal: AbortSignal,
  session?: SessionRequest,
) => Promise<Result<SshShell, SshFailure>>
