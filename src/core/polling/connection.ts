import type { ProviderError } from '../pods/provider'
import type { Settings } from '../settings/settings'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time'

/** How the last tries to reach the provider went. */
export interface ConnectionState {
  readonly state:
    | { readonly kind: 'connecting' | 'live' }
    | { readonly kind: 'failing'; readonly error: ProviderError }
    | { readonly kind: 'refused'; readonly firstAtMs: number; readonly againAtMs: number }
  readonly failureCount: number
  readonly failingSinceMs: number | null
  /** The first 401 since the last success. */
  readonly firstUnauthorizedAt: Instant | null
}

export const initialConnection: ConnectionState = {
  state: { kind: 'connecting' },
  failureCount: 0,
  failingSinceMs: null,
  firstUnauthorizedAt: null,
}

export const liveConnection: ConnectionState = { ...initialConnection, state: { kind: 'live' } }

/**
 * The link after a failed try. A single 401 leaves the key in doubt; only another one, once the wait of the
 * settings is over, makes it refused. Product rules, "First run".
 */
export function withFailure(
  connection: ConnectionState,
  error: ProviderError,
  now: Instant,
  settings: Settings,
): ConnectionState {
  const failingSinceMs = connection.failingSinceMs ?? now.wallMs
  const failureCount = connection.failureCount + 1
  const { firstUnauthorizedAt } = connection
  if (
    error.kind === 'unauthorized' &&
    firstUnauthorizedAt &&
    elapsedMs(firstUnauthorizedAt, now) >= settings.keyRetryS * SECOND_MS
  )
    return {
      ...connection,
      state: { kind: 'refused', firstAtMs: firstUnauthorizedAt.wallMs, againAtMs: now.wallMs },
      failureCount,
      failingSinceMs,
    }
  return {
    state: { kind: 'failing', error },
    failureCount,
    failingSinceMs,
    firstUnauthorizedAt: error.kind === 'unauthorized' ? (firstUnauthorizedAt ?? now) : firstUnauthorizedAt,
  }
}

/** What sets the pace, besides failures. */
export interface PollConditions {
  readonly hasOpenIntent: boolean
  readonly hasActivePod: boolean
  /** What the quota asks for, ms. */
  readonly minIntervalMs: number
}

/**
 * Milliseconds until the next list; null: never by itself (the key is refused). `random` gives 0..1.
 * Product rules, "Pod states"; backing off to a minute at most while there is no answer.
 */
export function nextPollDelayMs(
  connection: ConnectionState,
  now: Instant,
  conditions: PollConditions,
  settings: Settings,
  random: () => number,
): number | null {
  const { state } = connection
  if (state.kind === 'refused') return null
  if (state.kind === 'failing') {
    const keyWaitMs = settings.keyRetryS * SECOND_MS
    switch (state.error.kind) {
      case 'rate-limited':
        return (state.error.retryAfterMs ?? settings.pollIdleS * SECOND_MS) + random() * SECOND_MS
      case 'unauthorized':
        return connection.firstUnauthorizedAt
          ? Math.max(SECOND_MS / 10, keyWaitMs - elapsedMs(connection.firstUnauthorizedAt, now))
          : keyWaitMs
      case 'forbidden':
        return keyWaitMs
      default: {
        const exponentialMs =
          settings.pollActiveS * SECOND_MS * 2 ** Math.min(connection.failureCount - 1, 10)
        const backoffMs = Math.min(exponentialMs, settings.pollIdleS * SECOND_MS) * (0.9 + 0.2 * random())
        return Math.max(backoffMs, conditions.minIntervalMs)
      }
    }
  }
  const seconds = conditions.hasOpenIntent
    ? settings.pollTransitionS
    : conditions.hasActivePod
      ? settings.pollActiveS
      : settings.pollIdleS
  return Math.max(seconds * SECOND_MS, conditions.minIntervalMs)
}

/** The link in the words of the snapshot. `nextTryAtMs`: Unix ms of the next list. */
export function toConnectionView(connection: ConnectionState, nextTryAtMs: number): ConnectionView {
  const { state } = connection
  if (state.kind === 'refused')
    return { kind: 'key-refused', firstAtMs: state.firstAtMs, againAtMs: state.againAtMs }
  if (state.kind !== 'failing') return { kind: state.kind }
  const { error } = state
  const sinceMs = connection.failingSinceMs ?? nextTryAtMs
  switch (error.kind) {
    case 'unauthorized':
      return {
        kind: 'key-doubted',
        atMs: connection.firstUnauthorizedAt?.wallMs ?? sinceMs,
        retryAtMs: nextTryAtMs,
      }
    case 'forbidden':
      return { kind: 'forbidden', atMs: sinceMs, failure: error.message }
    case 'rate-limited':
      return { kind: 'rate-limited', untilMs: nextTryAtMs }
    case 'unreachable':
      return { kind: 'offline', sinceMs, nextTryAtMs, failure: error.message }
    default:
      return { kind: 'unreadable', sinceMs, nextTryAtMs, failure: error.message }
  }
}

/** Why there is no news, or whether there is. Times are Unix milliseconds. */
export type ConnectionView =
  /** No key yet: first run; or, with `keptKey`, one that cannot be used. */
  | { readonly kind: 'no-account'; readonly keptKey?: UnusableKey }
  /** Nothing was answered yet. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** The last tries failed; the picture is the last good one. `failure` is in words for people. */
  | {
      readonly kind: 'offline'
      readonly sinceMs: number
      readonly nextTryAtMs: number
      readonly failure: string
    }
  | { readonly kind: 'rate-limited'; readonly untilMs: number }
  /** Answers come, but not the API's: a proxy's page, half a list. */
  | {
      readonly kind: 'unreadable'
      readonly sinceMs: number
      readonly nextTryAtMs: number
      readonly failure: string
    }
  /** One 401: tried once more at `retryAtMs` before the key is called refused (product rule, first run). */
  | { readonly kind: 'key-doubted'; readonly atMs: number; readonly retryAtMs: number }
  | { readonly kind: 'key-refused'; readonly firstAtMs: number; readonly againAtMs: number }
  /** 403 on the list: the key is valid and may not look at pods. */
  | { readonly kind: 'forbidden'; readonly atMs: number; readonly failure: string }

/** A key of an earlier run that cannot be used now. It stays kept until it is forgotten or another is accepted. */
export interface UnusableKey {
  /** Its last four characters. */
  readonly ending: string
  /** A sentence for people. */
  readonly reason: string
  /** Whether the keyring may give it out at another try. */
  readonly canTryAgain: boolean
}
