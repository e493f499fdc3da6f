import type { ProviderError } from '../pods/provider'
import type { Settings } from '../settings/settings'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time'

/** How the last tries to reach the provider went. */
export interface Link {
  readonly state:
    | { readonly kind: 'connecting' | 'live' }
    | { readonly kind: 'failing'; readonly error: ProviderError }
    | { readonly kind: 'refused'; readonly firstAtMs: number; readonly againAtMs: number }
  readonly failures: number
  readonly failingSinceMs: number | null
  /** The first 401 since the last success. */
  readonly doubtedAt: Instant | null
}

export const newLink: Link = {
  state: { kind: 'connecting' },
  failures: 0,
  failingSinceMs: null,
  doubtedAt: null,
}

export const liveLink: Link = { ...newLink, state: { kind: 'live' } }

/**
 * The link after a failed try. A single 401 leaves the key in doubt; only another one, once the wait of the
 * settings is over, makes it refused. Product rules, "First run".
 */
export function withFailure(link: Link, error: ProviderError, now: Instant, settings: Settings): Link {
  const failingSinceMs = link.failingSinceMs ?? now.wallMs
  const failures = link.failures + 1
  const { doubtedAt } = link
  if (
    error.kind === 'unauthorized' &&
    doubtedAt &&
    elapsedMs(doubtedAt, now) >= settings.keyRetryS * SECOND_MS
  )
    return {
      ...link,
      state: { kind: 'refused', firstAtMs: doubtedAt.wallMs, againAtMs: now.wallMs },
      failures,
      failingSinceMs,
    }
  return {
    state: { kind: 'failing', error },
    failures,
    failingSinceMs,
    doubtedAt: error.kind === 'unauthorized' ? (doubtedAt ?? now) : doubtedAt,
  }
}

/** What sets the pace, besides failures. */
export interface Pace {
  readonly hasOpenIntent: boolean
  readonly hasActivePod: boolean
  /** What the quota asks for, ms. */
  readonly spacingMs: number
}

/**
 * Milliseconds until the next list; null: never by itself (the key is refused). `random` gives 0..1.
 * Product rules, "Pod states"; backing off to a minute at most while there is no answer.
 */
export function nextDelayMs(
  link: Link,
  now: Instant,
  pace: Pace,
  settings: Settings,
  random: () => number,
): number | null {
  const { state } = link
  if (state.kind === 'refused') return null
  if (state.kind === 'failing') {
    const keyWaitMs = settings.keyRetryS * SECOND_MS
    switch (state.error.kind) {
      case 'rate-limited':
        return (state.error.retryAfterMs ?? settings.pollIdleS * SECOND_MS) + random() * SECOND_MS
      case 'unauthorized':
        return link.doubtedAt
          ? Math.max(SECOND_MS / 10, keyWaitMs - elapsedMs(link.doubtedAt, now))
          : keyWaitMs
      case 'forbidden':
        return keyWaitMs
      default: {
        const growing = settings.pollActiveS * SECOND_MS * 2 ** Math.min(link.failures - 1, 10)
        const backoffMs = Math.min(growing, settings.pollIdleS * SECOND_MS) * (0.9 + 0.2 * random())
        return Math.max(backoffMs, pace.spacingMs)
      }
    }
  }
  const seconds = pace.hasOpenIntent
    ? settings.pollTransitionS
    : pace.hasActivePod
      ? settings.pollActiveS
      : settings.pollIdleS
  return Math.max(seconds * SECOND_MS, pace.spacingMs)
}

/** The link in the words of the snapshot. `nextTryAtMs`: Unix ms of the next list. */
export function connectionOf(link: Link, nextTryAtMs: number): Connection {
  const { state } = link
  if (state.kind === 'refused')
    return { kind: 'key-refused', firstAtMs: state.firstAtMs, againAtMs: state.againAtMs }
  if (state.kind !== 'failing') return { kind: state.kind }
  const { error } = state
  const sinceMs = link.failingSinceMs ?? nextTryAtMs
  switch (error.kind) {
    case 'unauthorized':
      return { kind: 'key-doubted', atMs: link.doubtedAt?.wallMs ?? sinceMs, retryAtMs: nextTryAtMs }
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
export type Connection =
  /** No key yet: first run; or, with `keptKey`, one that cannot be used. */
  | { readonly kind: 'no-account'; readonly keptKey?: KeptKey }
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
export interface KeptKey {
  /** Its last four characters. */
  readonly ending: string
  /** A sentence for people. */
  readonly reason: string
  /** Whether the keyring may give it out at another try. */
  readonly canTryAgain: boolean
}
