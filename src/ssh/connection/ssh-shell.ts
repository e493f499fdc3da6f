import type { PassphraseRequester } from '../keys/key-ring'
import type { AccountId, PodId, PodSsh } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
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
  /** Asked before anything is sent that identifies the user. False declines. */
  confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean | NotAsked>
  onStep(step: 'reaching' | 'checking-host-key' | 'signing-in' | 'opening-shell'): void
}

/** A shell on a pod. */
export interface SshShell {
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

/** Opens a shell on a pod, with a PTY. See `Connect`. */
export type OpenShell = (
  target: SshTarget,
  size: TerminalSize,
  prompts: ConnectPrompts,
  signal: AbortSignal,
) => Promise<Result<SshShell, SshFailure>>
