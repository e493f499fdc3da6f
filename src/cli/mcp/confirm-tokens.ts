import { elapsedMs, type Instant } from '../../core/base/time/time'

/** What a confirm token was given out for. `what`: everything that the decision depends on. */
interface Preview {
  readonly what: string
  readonly givenAt: Instant
}

/** Tokens that carry out exactly what was previewed, once. */
export interface ConfirmTokens {
  give(what: string, now: Instant): string
  /** Whether it was given for this and is still valid. It is used up in any case. */
  take(token: string, what: string, now: Instant): boolean
}

export const CONFIRM_VALID_MS = 5 * 60_000
const MAX_TOKENS = 200

/** `newToken`: cannot be guessed. */
export function createConfirmTokens(newToken: () => string): ConfirmTokens {
  const given = new Map<string, Preview>()
  return {
    give(what, now) {
      const token = newToken()
      given.set(token, { what, givenAt: now })
      const [oldest] = given.keys()
      if (given.size > MAX_TOKENS && oldest !== undefined) given.delete(oldest)
      return token
    },
    take(token, what, now) {
      const preview = given.get(token)
      given.delete(token)
      return preview !== undefined && preview.what === what && isRecent(preview.givenAt, now)
    },
  }
}

/** By both clocks: one of them stands still while the computer sleeps, and a person sets the other one. */
const isRecent = (then: Instant, now: Instant): boolean =>
  elapsedMs(then, now) < CONFIRM_VALID_MS && Math.abs(now.wallMs - then.wallMs) < CONFIRM_VALID_MS
