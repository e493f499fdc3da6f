import type { PassphraseRequester } from '../keys/key-ring'
import type { AccountId, PodId, PodSsh } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { TerminalSize } from '../../core/terminal/terminal'
import type { HostKeyQuestion, HostKeyView, SshFailure, SshServerName } from '../../core/terminal/host-key'

/** Which pod is meant, as it was last seen. */
export interface SshTarget {
  readonly accountId: AccountId
  readonly podId: PodId
  /** A later start than the one at which a host key was seen explains another key. Unix ms; null: not known. */
  readonly startedAtMs: number | null
  readonly ssh: PodSsh
}

/** What a connection asks of a person, and tells on its way. */
export interface ConnectPrompts extends PassphraseRequester {
  /** Asked before anything that says who connects is sent. False: no. */
  confirmHostKey(question: HostKeyQuestion, signal: AbortSignal): Promise<boolean>
  onStep(step: 'reaching' | 'checking-host-key' | 'signing-in' | 'opening-shell'): void
}

/** A shell on a pod, with a PTY. */
export interface SshShell {
  readonly server: SshServerName
  readonly hostKey: HostKeyView
  /** Measures the time of an answer by SSH, in ms; null: the connection is gone. */
  measureRoundTrip(): Promise<number | null>
  write(bytes: Uint8Array): void
  resize(size: TerminalSize): void
  /** Asks the server to send nothing more, as far as its window allows. */
  pause(): void
  resume(): void
  /** Bytes in order; none is lost between opening and listening. */
  onData(listener: (bytes: Uint8Array) => void): void
  /** Once, after the last data. */
  onEnd(listener: (end: ShellEnd) => void): void
  /** Ends it and its connection. */
  close(): void
}

/** `lost`: the connection went away below the shell; `reason` is in words for people. */
export type ShellEnd =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'lost'; readonly reason: string }

/**
 * Opens a shell on a pod: the only way in which Podkeeper connects by SSH, so that no host key goes unchecked. It is
 * opened directly where the pod publishes a port, else through the proxy; also through the proxy where the published port
 * leads to no SSH server. Ends within its deadlines, or when `signal` aborts.
 */
export type OpenShell = (
  target: SshTarget,
  size: TerminalSize,
  prompts: ConnectPrompts,
  signal: AbortSignal,
) => Promise<Result<SshShell, SshFailure>>
