import { jitterMs } from '../base/jitter'
import type { TerminalState } from './terminal'
import type { HostKeyQuestion, SshFailure } from './host-key'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time'

/** A terminal from its opening to its end, as far as its states go. See the diagram in terminal.ts. */
export interface TerminalLife {
  readonly state: TerminalState
  /** Whether a shell was open since a person asked for one: then what is lost is sought again. */
  readonly wasOpen: boolean
  /** Tries in a row that led to no shell that lasted. */
  readonly tries: number
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
  | { readonly kind: 'due' }
  /** Connects anew, since a person says so. */
  | { readonly kind: 'asked' }
  /** There is nothing to connect to any more: the pod stopped or went, or the account did. */
  | { readonly kind: 'over'; readonly reason: string }

export const newTerminalLife: TerminalLife = {
  state: { kind: 'connecting', step: 'reaching' },
  wasOpen: false,
  tries: 0,
  openedAt: null,
}

/** A shell that lasted less than this does not end a row of failed tries. */
const LASTED_MS = 10 * SECOND_MS

/** The life after an event; an event that makes no sense in its state changes nothing. `random`: 0 ≤ random < 1. */
export function withTerminalEvent(
  life: TerminalLife,
  event: TerminalEvent,
  now: Instant,
  random: number,
): TerminalLife {
  switch (event.kind) {
    case 'step':
      return isConnecting(life) ? { ...life, state: { kind: 'connecting', step: event.step } } : life
    case 'host-key':
      return isConnecting(life) ? { ...life, state: { kind: 'asking', question: event.question } } : life
    case 'passphrase':
      return isConnecting(life)
        ? { ...life, state: { kind: 'asking-passphrase', keyName: event.keyName } }
        : life
    case 'opened':
      return isConnecting(life) ? { ...life, state: { kind: 'open' }, wasOpen: true, openedAt: now } : life
    case 'failed':
      if (!isConnecting(life)) return life
      return life.wasOpen && isPassing(event.failure)
        ? waiting(life, passingWords(event.failure), now, random)
        : { ...life, state: { kind: 'failed', failure: event.failure } }
    case 'exited':
      return life.state.kind === 'open'
        ? { ...life, state: { kind: 'ended', exitCode: event.exitCode, reason: exitWords(event) } }
        : life
    case 'lost':
      return life.state.kind === 'open' ? waiting(life, event.reason, now, random) : life
    case 'due':
      return life.state.kind === 'waiting' ? { ...life, state: newTerminalLife.state } : life
    case 'asked':
      return isResting(life) ? newTerminalLife : life
    case 'over':
      return isResting(life) && life.state.kind !== 'waiting'
        ? life
        : { ...life, state: { kind: 'ended', exitCode: null, reason: event.reason } }
  }
}

/** Whether a try to connect is under way. */
export const isConnecting = ({ state }: Pick<TerminalLife, 'state'>): boolean =>
  state.kind === 'connecting' || state.kind === 'asking' || state.kind === 'asking-passphrase'

/** Whether nothing is under way, and a person may have it connect. */
export const isResting = ({ state }: Pick<TerminalLife, 'state'>): boolean =>
  state.kind === 'waiting' || state.kind === 'ended' || state.kind === 'failed'

function waiting(life: TerminalLife, reason: string, now: Instant, random: number): TerminalLife {
  const hasLasted = life.openedAt !== null && elapsedMs(life.openedAt, now) >= LASTED_MS
  const tries = hasLasted ? 0 : life.tries
  const nextTryAtMs = now.wallMs + Math.floor(jitterMs(tries, random))
  return {
    ...life,
    tries: tries + 1,
    openedAt: null,
    state: { kind: 'waiting', reason, nextTryAtMs, tries: tries + 1 },
  }
}

/** What may pass by itself while a lost connection is sought: the way, or a pod that is just coming back. */
const isPassing = ({ kind }: SshFailure): boolean =>
  kind === 'unreachable' || kind === 'no-route' || kind === 'no-ssh-server'

function passingWords(failure: SshFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return failure.message
    case 'no-ssh-server':
      return 'No SSH server answers there now.'
    default:
      return 'The pod publishes no way in now.'
  }
}

function exitWords({ exitCode, signal }: Extract<TerminalEvent, { readonly kind: 'exited' }>): string {
  if (signal !== null) return `The shell was ended by ${signal}.`
  return exitCode === null || exitCode === 0 ? 'The shell ended.' : `The shell ended with code ${exitCode}.`
}
