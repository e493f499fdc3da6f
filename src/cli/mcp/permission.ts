import { randomUUID } from 'node:crypto'
import { MINUTE_MS } from '../../core/base/time/time'
import type { ApprovalRequest } from '../../core/pods-api/access/approval-request'
import { type AgentStart, isWithinLimit } from '../../core/pods-api/access/standing-limit'
import type { ServedAccount } from '../../node/pods-api/accounts/served-account'
import { mcpText } from './mcp-text'
import { refusedProblem, type ToolContext, ToolProblem } from './tool'

/** Something that runs or spends. A person has to agree to it, unless their standing limit covers it. */
export interface Wish {
  readonly account: ServedAccount
  readonly request: ApprovalRequest
  /** To follow "to". */
  readonly action: string
  /** All that a person agrees to. */
  readonly terms: string
  /** The same with what was previewed, which is all that the limit covers. */
  readonly preview: string
  /** What it uses of the limit. Null: that is not known, so the limit doesn't cover it. */
  readonly use: Pick<AgentStart, 'perHourUsd' | 'maxHours' | 'podId'> | null
}

export type WishOutcome =
  /** Nothing was done yet: what to tell the agent. */
  | { readonly kind: 'wait'; readonly heading: string }
  | {
      readonly kind: 'granted'
      /** What a person agreed to; null: the limit covers it. */
      readonly agreed: ApprovalRequest | null
      /** Says which pod it became. Null: none, so that it uses nothing of the limit. */
      readonly settle: (podId: string | null) => void
    }

/**
 * Without a token, says what would happen and gives one out; with it, says whether it may be done. Throws a
 * `ToolProblem`. See docs/product-rules.md#163-agents.
 */
export async function permissionFor(
  context: ToolContext,
  wish: Wish,
  token: string | undefined,
): Promise<WishOutcome> {
  const { holder, caller, confirmTokens, now } = context
  if (token === undefined) {
    const heading = (await isCovered(context, wish))
      ? mcpText.preview(wish.action, confirmTokens.give(wish.preview, now()))
      : await askPerson(context, wish)
    return { kind: 'wait', heading }
  }
  const taken = confirmTokens.take(token, { byAgent: wish.preview, byPerson: wish.terms }, now())
  if (taken === null) throw new ToolProblem(mcpText.badConfirm)
  const { approval, putBack } = taken
  if (approval === null) return useLimit(context, wish)
  const state = await holder.ask(null, (requests) => requests.takeApproval(caller.name, approval.id))
  if (!state.ok || state.value === 'open') putBack()
  if (!state.ok) throw refusedProblem(state.error.message)
  if (state.value === 'open') throw new ToolProblem(mcpText.notAnswered)
  if (state.value === 'gone') throw new ToolProblem(mcpText.notAgreed)
  return { kind: 'granted', agreed: approval.request, settle: () => {} }
}

async function askPerson(context: ToolContext, { account, request, terms, action }: Wish): Promise<string> {
  const { holder, caller, confirmTokens, now } = context
  const asked = await holder.ask(account.id, (requests) =>
    requests.requestApproval(caller.name, account.name, request),
  )
  if (!asked.ok) throw refusedProblem(asked.error.message)
  return mcpText.asked(action, confirmTokens.give(terms, now(), { id: asked.value, request }))
}

async function isCovered(context: ToolContext, { use }: Wish): Promise<boolean> {
  const { limit, starts, caller, now } = context
  if (use === null) return false
  const earlier = starts.list(caller.name, now().wallMs)
  return earlier.ok && isWithinLimit(limit, use, earlier.value, await runningCheck(context))
}

/** Writes it down before it is done, so that two at once don't use the same part of the limit. */
async function useLimit(context: ToolContext, { account, use }: Wish): Promise<WishOutcome> {
  const { limit, starts, caller, now } = context
  if (use === null) throw new ToolProblem(mcpText.badConfirm)
  const mayRun = await runningCheck(context)
  const id = randomUUID()
  const start = { ...use, id, agent: caller.name, accountId: account.id, atMs: now().wallMs }
  const added = starts.add(start, (earlier) => isWithinLimit(limit, use, earlier, mayRun))
  if (!added.ok) throw new ToolProblem(`${mcpText.refused} ${added.error}`)
  if (!added.value) throw new ToolProblem(mcpText.overLimit)
  // Where that can't be written, it goes on to count.
  return { kind: 'granted', agreed: null, settle: (podId) => void starts.settle(id, podId) }
}

/** For so long a pod may still be listed as it was before its start. */
const OBSERVED_AFTER_MS = 15 * MINUTE_MS

/** What could not be read, or isn't known, may run. */
async function runningCheck({ access, caller, now }: ToolContext): Promise<(start: AgentStart) => boolean> {
  const { read } = await access.readAll(caller)
  const { wallMs } = now()
  return ({ accountId, podId, atMs }) => {
    const details = read.find(({ account }) => account.id === accountId)?.details
    if (details === undefined || podId === null || wallMs - atMs < OBSERVED_AFTER_MS) return true
    const pod = details.pods.find(({ id }) => id === podId)
    return (
      pod !== undefined &&
      (pod.openAction !== null || (pod.phase !== 'stopped' && pod.phase !== 'terminated'))
    )
  }
}
