/** What a confirm token was given out for. `what`: everything that the decision depends on. */
interface Preview {
  readonly what: string
  readonly expiresAtMs: number
}

/** Tokens that carry out exactly what was previewed, once. */
export interface ConfirmTokens {
  give(what: string, nowMs: number): string
  /** Whether it was given for this and is still valid. It is used up in any case. */
  take(token: string, what: string, nowMs: number): boolean
}

export const CONFIRM_VALID_MS = 5 * 60_000
const MAX_TOKENS = 200

/** `newToken`: cannot be guessed. */
export function createConfirmTokens(newToken: () => string): ConfirmTokens {
  const given = new Map<string, Preview>()
  return {
    give(what, nowMs) {
      const token = newToken()
      given.set(token, { what, expiresAtMs: nowMs + CONFIRM_VALID_MS })
      const [oldest] = given.keys()
      if (given.size > MAX_TOKENS && oldest !== undefined) given.delete(oldest)
      return token
    },
    take(token, what, nowMs) {
      const preview = given.get(token)
      given.delete(token)
      return preview !== undefined && preview.what === what && nowMs < preview.expiresAtMs
    },
  }
}
