import { elapsedMs, type Instant } from '../../core/base/time/time'
import type { ApprovalRequest } from '../../core/pods-api/access/approval-request'
import { APPROVAL_VALID_MS } from '../../core/pods-api/access/approvals'

/** What a person is asked, and by which id they were. */
export interface AskedApproval {
  readonly id: string
  readonly request: ApprovalRequest
}

/** What a confirm token was given out for. `what`: everything that the decision depends on. */
interface Preview {
  readonly what: string
  readonly givenAt: Instant
  /** Null: the agent may confirm it. */
  readonly approval: AskedApproval | null
}

/** Tokens that carry out exactly what was previewed, once. */
export interface ConfirmTokens {
  give(what: string, now: Instant, approval?: AskedApproval): string
  /**
   * Whether it was given for this and is still valid. What it was given for differs where a person is asked. It is used
   * up in any case, unless `putBack` is called. Null: it confirms nothing.
   */
  take(
    token: string,
    what: { readonly byAgent: string; readonly byPerson: string | null },
    now: Instant,
  ): { readonly approval: AskedApproval | null; readonly putBack: () => void } | null
}

export const CONFIRM_VALID_MS = 5 * 60_000
const MAX_TOKENS = 200

/** `newToken`: cannot be guessed. */
export function createConfirmTokens(newToken: () => string): ConfirmTokens {
  const given = new Map<string, Preview>()
  return {
    give(what, now, approval) {
      const token = newToken()
      given.set(token, { what, givenAt: now, approval: approval ?? null })
      const [oldest] = given.keys()
      if (given.size > MAX_TOKENS && oldest !== undefined) given.delete(oldest)
      return token
    },
    take(token, what, now) {
      const preview = given.get(token)
      given.delete(token)
      const expected = preview?.approval === null ? what.byAgent : what.byPerson
      if (preview === undefined || preview.what !== expected || !isRecent(preview, now)) return null
      return { approval: preview.approval, putBack: () => void given.set(token, preview) }
    },
  }
}

/** By both clocks: one of them stands still while the computer sleeps, and a person sets the other one. */
function isRecent({ givenAt, approval }: Preview, now: Instant): boolean {
  const validMs = approval === null ? CONFIRM_VALID_MS : APPROVAL_VALID_MS
  return elapsedMs(givenAt, now) < validMs && Math.abs(now.wallMs - givenAt.wallMs) < validMs
}
