import { jitterMs } from '../base/time/jitter'
import type { TerminalState } from './terminal'
import type { HostKeyQuestion, SshFailure } from './host-key'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time/time'

/** The state machine of a terminal. See the diagram in terminal.ts. */
export interface TerminalLifecycle {
  readonly state: TerminalState
  /** Whether a shell was open since the user requested one, so that a lost connection is retried. */
  readonly wasOpen: boolean
  /** Consecutive attempts that led to no lasting shell. */
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
  /** The attempt to connect failed. */
  | { readonly kind: 'failed'; readonly failure: SshFailure }
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: string | null }
  /** The connection was lost. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** A retry is due, or a condition that it waits for is met. */
  | { readonly kind: 'retry' }
  /** The user requested a new connection. */
  | { readonly kind: 'connect' }
  /** The pod is stopped, or pod or account are gone, so there is nothing to connect to. */
  | { readonly kind: 'close'; readonly reason: string; readonly isPodStopped: boolean }
  /** The pod of a terminal that ended with it, or whose failure a start may solve, runs again. */
  | { readonly kind: 'pod-runs-again' }

export const newTerminalLifecycle: TerminalLifecycle = {
  state: { kind: 'connecting', step: 'reaching' },
  wasOpen: false,
  attempts: 0,
  openedAt: null,
}

/** Of a terminal whose session is on the pod since an earlier run. */
export const restoredLifecycle: TerminalLifecycle = {
  ...newTerminalLifecycle,
  state: { kind: 'detached', reason: 'This session stayed on the pod while Podkeeper was closed.' },
  wasOpen: true,
}

/** A shell that lasted less than this does not reset the number of attempts. */
const STABLE_AFTER_MS = 10 * SECOND_MS

/** The state after an event. Events that do not apply to the state are ignored. `random`: 0 ≤ random < 1. */
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
        ? { ...lifecycle, state: endedState(exitText(event), event.exitCode) }
        : lifecycle
    case 'lost':
      return lifecycle.state.kind === 'open' ? toWaiting(lifecycle, event.reason, now, random) : lifecycle
    case 'retry':
      return lifecycle.state.kind === 'waiting' || lifecycle.state.kind === 'detached'
        ? { ...lifecycle, state: newTerminalLifecycle.state }
        : lifecycle
    case 'connect':
      return canReconnect(lifecycle) ? newTerminalLifecycle : lifecycle
    case 'close':
      return canClose(lifecycle, event)
        ? { ...lifecycle, state: { ...endedState(event.reason, null), isPodStopped: event.isPodStopped } }
        : lifecycle
    case 'pod-runs-again':
      // Through `waiting`, because the shell that comes is another one: what was typed is not for it.
      return isSolvedByStart(lifecycle)
        ? {
            state: { kind: 'waiting', reason: POD_RUNS_AGAIN, nextTryAtMs: now.wallMs, tries: 0 },
            wasOpen: true,
            attempts: 0,
            openedAt: null,
          }
        : lifecycle
  }
}

export const POD_RUNS_AGAIN = 'The pod is running again.'
export const POD_NOT_READY = 'The pod is not ready yet.'

const endedState = (
  reason: string,
  exitCode: number | null,
): Extract<TerminalState, { readonly kind: 'ended' }> => ({
  kind: 'ended',
  exitCode,
  reason,
  isPodStopped: false,
})

/**
 * A terminal that ended with its pod may get another reason, such as that the pod is gone by now. A stopped pod explains
 * most failures; what was found out about a host key stays.
 */
function canClose(
  { state }: TerminalLifecycle,
  { reason, isPodStopped }: Extract<TerminalEvent, { readonly kind: 'close' }>,
): boolean {
  if (state.kind === 'ended') return state.isPodStopped && state.reason !== reason
  return state.kind !== 'failed' || (isPodStopped && startSolves.has(state.failure.kind))
}

/** Whether it ended with its pod, so that it reconnects when the pod runs again. */
export const isEndedWithPod = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  state.kind === 'ended' && state.isPodStopped

/** Failures of a pod that doesn't run, or that had no key of this computer when it started. */
const startSolves: ReadonlySet<SshFailure['kind']> = new Set([
  'no-route',
  'no-ssh-server',
  'unreachable',
  'no-shell',
  'no-key',
  'no-registered-key',
  'keys-refused',
])

/** Whether it reconnects once its pod runs again: it ended with the pod, or failed by what a start may solve. */
export const isSolvedByStart = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  isEndedWithPod({ state }) || (state.kind === 'failed' && startSolves.has(state.failure.kind))

/** Whether an attempt to connect is in progress. */
export const isConnecting = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  state.kind === 'connecting' || state.kind === 'asking' || state.kind === 'asking-passphrase'

/** Whether nothing is in progress, so that the user may reconnect. */
export const canReconnect = ({ state }: Pick<TerminalLifecycle, 'state'>): boolean =>
  state.kind === 'waiting' || state.kind === 'detached' || state.kind === 'ended' || state.kind === 'failed'

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

/**
 * Failures that may resolve while a lost connection is retried: network problems, or a pod that is
 * restarting.
 */
const isTransient = ({ kind }: SshFailure): boolean =>
  kind === 'unreachable' || kind === 'no-route' || kind === 'no-ssh-server'

function transientFailureText(failure: SshFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return failure.message
    case 'no-ssh-server':
      return 'No SSH server answers there now.'
    default:
      return 'The pod offers no SSH access now.'
  }
}

function exitText({ exitCode, signal }: Extract<TerminalEvent, { readonly kind: 'exited' }>): string {
  if (signal !== null) return `The shell was ended by ${signal}.`
  return exitCode === null || exitCode === 0 ? 'The shell ended.' : `The shell ended with code ${exitCode}.`
}
