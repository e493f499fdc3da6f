import { rateLimitPauseMs } from '../base/time/jitter'
import type { ProviderError } from '../pods/provider'
import type { Settings } from '../settings/settings'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/** The state of the connection to the provider, from its recent requests. */
export interface ConnectionState {
  readonly state:
    | { readonly kind: 'connecting' | 'live' }
    | { readonly kind: 'failing'; readonly error: ProviderError }
    | { readonly kind: 'refused'; readonly firstAtMs: number; readonly againAtMs: number }
  readonly failureCount: number
  readonly failingSinceMs: number | null
  /** The first 401 since the last success. */
  readonly firstUnauthorizedAt: Instant | null
  /** How often the key was refused since the last success, the first doubt not counted. */
  readonly refusalCount: number
}

export const initialConnection: ConnectionState = {
  state: { kind: 'connecting' },
  failureCount: 0,
  failingSinceMs: null,
  firstUnauthorizedAt: null,
  refusalCount: 0,
}

export const liveConnection: ConnectionState = { ...initialConnection, state: { kind: 'live' } }

/**
 * The connection after a failed request. A single 401 only makes the key doubtful; a second one, after the
 * delay in the settings, means that it is refused. See docs/quality.md#5-network-time-and-power.
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
      refusalCount: connection.refusalCount + 1,
    }
  return {
    ...connection,
    state: { kind: 'failing', error },
    failureCount,
    failingSinceMs,
    firstUnauthorizedAt: error.kind === 'unauthorized' ? (firstUnauthorizedAt ?? now) : firstUnauthorizedAt,
  }
}

/** What determines the polling interval, besides failures. */
export interface PollConditions {
  readonly hasOpenIntent: boolean
  readonly hasActivePod: boolean
  /** A rule may stop a pod that was last seen running. */
  readonly hasArmedPod: boolean
  /** The interval that the quota requires, ms. */
  readonly minIntervalMs: number
}

/** Between a refusal of the key and the first tries after it. */
const REFUSED_WAITS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS] as const
const REFUSED_ARMED_WAIT_MS = 15 * MINUTE_MS
const REFUSED_WAIT_MS = 60 * MINUTE_MS

/**
 * Milliseconds until the next list. Backs off up to one minute while there is no reply, and up to an hour while
 * the key is refused, because an outage of the provider's login refuses valid keys, too. 0 ≤ `random` < 1. See
 * docs/product-rules.md#13-polling.
 */
export function nextPollDelayMs(
  connection: ConnectionState,
  now: Instant,
  conditions: PollConditions,
  settings: Settings,
  random: () => number,
): number {
  const { state } = connection
  if (state.kind === 'refused') {
    const waitMs =
      REFUSED_WAITS_MS[connection.refusalCount - 1] ??
      (conditions.hasArmedPod ? REFUSED_ARMED_WAIT_MS : REFUSED_WAIT_MS)
    return Math.max(waitMs, conditions.minIntervalMs)
  }
  if (state.kind === 'failing') {
    const keyWaitMs = settings.keyRetryS * SECOND_MS
    switch (state.error.kind) {
      case 'rate-limited': {
        const retryAfterMs = state.error.retryAfterMs ?? settings.pollIdleS * SECOND_MS
        return rateLimitPauseMs(connection.failureCount, retryAfterMs, random()) + random() * SECOND_MS
      }
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
  return Math.max(pollIntervalMs(conditions, settings), conditions.minIntervalMs)
}

/** The interval between two lists if the quota allows it, ms. See docs/product-rules.md#13-polling. */
export function pollIntervalMs(
  { hasOpenIntent, hasActivePod }: Pick<PollConditions, 'hasOpenIntent' | 'hasActivePod'>,
  settings: Settings,
): number {
  const { pollTransitionS, pollActiveS, pollIdleS } = settings
  return (hasOpenIntent ? pollTransitionS : hasActivePod ? pollActiveS : pollIdleS) * SECOND_MS
}

/**
 * The connection as the snapshot shows it. `nextTryAtMs`: Unix ms of the next list. `slowedToMs`: the interval
 * between lists while the quota demands a longer one than usual, ms.
 */
export function toConnectionView(
  connection: ConnectionState,
  nextTryAtMs: number,
  slowedToMs: number | null = null,
): ConnectionView {
  const { state } = connection
  if (state.kind === 'refused')
    return {
      kind: 'key-refused',
      firstAtMs: state.firstAtMs,
      againAtMs: state.againAtMs,
      nextTryAtMs,
    }
  if (state.kind === 'live' && slowedToMs !== null)
    return { kind: 'live', slowedToMs: Math.ceil(slowedToMs / SECOND_MS) * SECOND_MS }
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

/** The state of the connection for display. Times are Unix milliseconds. */
export type ConnectionView =
  /** No key yet (first run), or a `keptKey` that cannot be used. */
  | { readonly kind: 'no-account'; readonly keptKey?: UnusableKey }
  /** No reply yet. `isAskingKeyring`: nor the key. Only where pods of an earlier run are shown. */
  | { readonly kind: 'connecting'; readonly isAskingKeyring?: true }
  /** `slowedToMs`: present while the quota demands a longer interval between lists than usual, ms. */
  | { readonly kind: 'live'; readonly slowedToMs?: number }
  /** The last requests failed, and the last good data is shown. `failure` is for display. */
  | {
      readonly kind: 'offline'
      readonly sinceMs: number
      readonly nextTryAtMs: number
      readonly failure: string
    }
  | { readonly kind: 'rate-limited'; readonly untilMs: number }
  /** Replies arrive but not from the API: a proxy's page or a partial list. */
  | {
      readonly kind: 'unreadable'
      readonly sinceMs: number
      readonly nextTryAtMs: number
      readonly failure: string
    }
  /** After one 401. The key is tried again at `retryAtMs` before it counts as refused. */
  | { readonly kind: 'key-doubted'; readonly atMs: number; readonly retryAtMs: number }
  | {
      readonly kind: 'key-refused'
      readonly firstAtMs: number
      readonly againAtMs: number
      readonly nextTryAtMs: number
    }
  /** 403 on the list: the key is valid but may not list pods. */
  | { readonly kind: 'forbidden'; readonly atMs: number; readonly failure: string }

/**
 * A key from an earlier run that cannot be used now. It is kept until it is removed or another key is
 * accepted.
 */
export interface UnusableKey {
  /** Its last four characters. */
  readonly ending: string
  /** A sentence for display. */
  readonly reason: string
  /** Whether another attempt may get it from the keyring. */
  readonly canTryAgain: boolean
  /** The keyring is being asked for it. */
  readonly isAsked?: true
}
