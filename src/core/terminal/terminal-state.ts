import { jitterMs } from '../base/jitter'
import type { TerminalState } from './terminal'
import type { HostKeyQuestion, SshFailure } from './host-key'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time'

/** A terminal from its opening to its end, as far as its states go. See the diagram in terminal.ts. */
export interface TerminalLifecycle {
  readonly state: TerminalState
  /** Whether a shell was open since a person asked for one: then what is lost is sought again. */
  readonly wasOpen: boolean
  /** Tries in a row that led to no shell that lasted. */
  readonly attempts: number
  readonly openedAt: Instant | null
}

export type TerminalEvent =
  | {
      readonly kind: 'step'
      readonly step: Extract<TerminalState, { readonly kind: 'connecting' }>['step']
    }
  | { readonly kind: 'host-key'; readonly question: HostKeyQuestion }
  | { readonly kind: 'passphrase'; readonly keyName: string }
  | { readonly kind: 'opened' }
  /** The try to connect came to nothing. */
  | { readonly kind: 'failed'; readonly failure: SshFailure }
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: string | null }
  /** The connection went away below the shell. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The time to try again has come, or something that it waits for. */
  | { readonly kind: 'retry' }
  /** Connects anew, since a person says so. */
  | { readonly kind: 'connect' }
  /** There is nothing to connect to any more: the pod stopped or went, or the account did. */
  | { readonly kind: 'close'; readonly reason: string }

export const newTerminalLifecycle: TerminalLifecycle = {
  state: { kind: 'connecting', step: 'reaching' },
  wasOpen: false,
  attempts: 0,
  openedAt: null,
}

/** A shell that lasted less than this does not end a row of failed tries. */
const STABLE_AFTER_MS = 10 * SECOND_MS

/** The life after an event; an event that makes no sense in its state changes nothing. `random`: 0 ≤ random < 1. */
export function withTerminalEvent(
  lifecycle: TerminalLifecycle,
  event: TerminalEvent,
  now: Instant,
  random: number,
): TerminalLifecycle {
  switch (event.kind) {
    case 'step':
      return isConnecting(lifecycle)
        ? { ...lifecycle, state: { kind: 'connecting', step: event.step } }
        : lifecycle
    case 'host-key':
      return isConnecting(lifecycle)
        ? { ...lifecycle, state: { kind: 'asking', question: event.question } }
        : lifecycle
    case 'passphrase':
      return isConnecting(lifecycle)
        ? { ...lifecycle, state: { kind: 'asking-passphrase', keyName: event.keyName } }
        : lifecycle
    case 'opened':
      return isConnecting(lifecycle)
        ? { ...lifecycle, state: { kind: 'open' }, wasOpen: true, openedAt: now }
        : lifecycle
    case 'failed':
      if (!isConnecting(lifecycle)) return lifecycle
      return lifecycle.wasOpen && isTransient(event.failure)
        ? toWaiting(lifecycle, transientFailureText(event.failure), now, random)
        : { ...lifecycle, state: { kind: 'failed', failure: event.failure } }
    case 'exited':
      return lifecycle.state.kind === 'open'
        ? { ...lifecycle, state: { kind: 'ended', exitCode: event.exitCode, reason: exitText(event) } }
        : lifecycle
    case 'lost':
      return lifecycle.state.kind === 'open' ? toWaiting(lifecycle, event.reason, now, random) : lifecycle
    case 'retry':
      return lifecycle.state.kind === 'waiting'
        ? { ...lifecycle, state: newTerminalLifecycle.state }
        : lifecycle
    case 'connect':
      return canReconnect(lifecycle) ? newTerminalLifecycle : lifecycle
    case 'close':
      return canReconnect(lifecycle) && lifecycle.state.kind !== 'waiting'
        ? lifecycle
        : { ...lifecycle, state: { kind: 'ended', exitCode: null, reason: event.reason } }
  }
}

/** Whether a try to connect is under way. */
export const isConnecting = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  state.kind === 'connecting' || state.kind === 'asking' || state.kind === 'asking-passphrase'

/** Whether nothing is under way, and a person may have it connect. */
export const canReconnect = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  state.kind === 'waiting' || state.kind === 'ended' || state.kind === 'failed'

function toWaiting(
  lifecycle: TerminalLifecycle,
  reason: string,
  now: Instant,
  random: number,
): TerminalLifecycle {
  const wasStable = lifecycle.openedAt !== null && elapsedMs(lifecycle.openedAt, now) >= STABLE_AFTER_MS
  const attempts = wasStable ? 0 : lifecycle.attempts
  const nextTryAtMs = now.wallMs + Math.floor(jitterMs(attempts, random))
  return {
    ...lifecycle,
    attempts: attempts + 1,
    openedAt: null,
    state: { kind: 'waiting', reason, nextTryAtMs, tries: attempts + 1 },
  }
}

/** What may pass by itself while a lost connection is sought: the way, or a pod that is just coming back. */
const isTransient = ({ kind }: SshFailure): boolean =>
  kind === 'unreachable' || kind === 'no-route' || kind === 'no-ssh-server'

function transientFailureText(failure: SshFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return failure.message
    case 'no-ssh-server':
      return 'No SSH server answers there now.'
    default:
      return 'The pod publishes no way in now.'
  }
}

function exitText({ exitCode, signal }: Extract<TerminalEvent, { readonly kind: 'exited' }>): string {
  if (signal !== null) return `The shell was ended by ${signal}.`
  return exitCode === null || exitCode === 0 ? 'The shell ended.' : `The shell ended with code ${exitCode}.`
}
