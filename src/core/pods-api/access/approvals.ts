import type { AuditEntry } from '../../audit-log/audit-log'
import type { Clock } from '../../base/time/clock'
import { fail, ok, type Result } from '../../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import { isSameText, type Question } from '../../confirmation/question-queue'

/** What an agent asks a person to agree to. The question shows all of it. */
export interface OpenApproval {
  readonly id: string
  readonly agent: string
  readonly accountId: string
  /** Null: it is about none that there is. */
  readonly podId: string | null
  /** "a start of train-1". */
  readonly what: string
  readonly question: Question
}

export const approvalStates = ['open', 'agreed', 'gone'] as const
/** `open`: nobody answered yet. `gone`: it was declined, used up or is too old, or nobody was asked. */
export type ApprovalState = (typeof approvalStates)[number]

/**
 * What agents wait for a person to agree to. A yes is for one request of one agent, and for one use. It is in memory
 * only: once the program ends, nothing was agreed to. See docs/product-rules.md#163-agents.
 */
export interface Approvals {
  /**
   * Asks, and replies with an id: that of the same request while it is open. The error says in a sentence why nobody is
   * asked.
   */
  request(asked: Omit<OpenApproval, 'id'>): Result<string, string>
  /** Says what became of a request of this agent. A yes is used up by that. */
  take(agent: string, id: string): ApprovalState
  open(): readonly OpenApproval[]
  /** The answer of a person. */
  answer(id: string, isAgreed: boolean): Result<OpenApproval, string>
}

export interface ApprovalsOptions {
  readonly clock: Clock
  /** Cannot be guessed. */
  readonly newId: () => string
  /**
   * Shows the question to a person; returns what takes it back. `answered` is called with each answer, and not where
   * nobody could be asked that way.
   */
  readonly show: (approval: OpenApproval, answered: (isAgreed: boolean) => void) => () => void
  /** Writes to the activity log. */
  readonly record: (entry: AuditEntry) => void
}

export const APPROVAL_VALID_MS = 15 * MINUTE_MS
/** More would never be looked at. */
const MAX_OPEN = 10

interface KeptApproval extends OpenApproval {
  readonly askedAt: Instant
  isAgreed: boolean
  takeBack: () => void
  readonly cancelExpiry: () => void
}

export function createApprovals({ clock, newId, show, record }: ApprovalsOptions): Approvals {
  const kept = new Map<string, KeptApproval>()

  /** By both clocks: one of them stands still while the computer sleeps, and a person sets the other one. */
  function isValid({ askedAt }: KeptApproval): boolean {
    const now = clock.now()
    const ageMs = Math.max(elapsedMs(askedAt, now), Math.abs(now.wallMs - askedAt.wallMs))
    return ageMs < APPROVAL_VALID_MS
  }

  function drop(id: string): void {
    const known = kept.get(id)
    kept.delete(id)
    known?.cancelExpiry()
    known?.takeBack()
  }

  const open = (): readonly KeptApproval[] =>
    [...kept.values()].filter((one) => !one.isAgreed && isValid(one))

  function answer(id: string, isAgreed: boolean): Result<OpenApproval, string> {
    const known = kept.get(id)
    if (known === undefined || known.isAgreed || !isValid(known))
      return fail('This was answered already, or is too old, so nothing was done.')
    if (!isAgreed) drop(id)
    else {
      known.isAgreed = true
      known.takeBack()
    }
    record(answerEntry(known, isAgreed, clock.now().wallMs))
    return ok(known)
  }

  return {
    request(asked) {
      const isSame = (one: OpenApproval): boolean =>
        one.agent === asked.agent &&
        one.accountId === asked.accountId &&
        isSameText(one.question, asked.question)
      const same = open().find(isSame)
      if (same !== undefined) return ok(same.id)
      if (open().length >= MAX_OPEN)
        return fail('Too many requests of agents wait for an answer. Answer them first.')
      const id = newId()
      const approval: KeptApproval = {
        ...asked,
        id,
        askedAt: clock.now(),
        isAgreed: false,
        takeBack: () => {},
        cancelExpiry: clock.schedule(APPROVAL_VALID_MS, () => drop(id)),
      }
      kept.set(id, approval)
      approval.takeBack = show(approval, (isAgreed) => void answer(id, isAgreed))
      return ok(id)
    },
    take(agent, id) {
      const known = kept.get(id)
      if (known === undefined || known.agent !== agent || !isValid(known)) return 'gone'
      if (!known.isAgreed) return 'open'
      drop(id)
      return 'agreed'
    },
    open,
    answer,
  }
}

const answerEntry = (
  { accountId, podId, agent, what }: OpenApproval,
  isAgreed: boolean,
  atMs: number,
): AuditEntry => ({
  atMs,
  accountId,
  podId,
  podName: null,
  kind: 'app',
  what: isAgreed ? 'agent-allowed' : 'agent-declined',
  text: `You ${isAgreed ? 'agreed to' : 'declined'} ${what}, which the agent ${agent} asked for.`,
  tone: 'plain',
})
