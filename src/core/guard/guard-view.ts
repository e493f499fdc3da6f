import type { AutoStopMode, KeepOn, PodRules } from '../pod-rules/pod-rules'
import { type StopCause, stopCauses } from '../intents/intent'
import type { Block, StopStatus, StopStatuses } from './policy'
import type { StopCondition } from './stop-conditions'

interface PodRuleState {
  /** When the standings were judged, Unix ms. */
  readonly evaluatedAtMs: number
  readonly isEnabled: boolean
  readonly rules: PodRules
  readonly keepOn: KeepOn | null
}

/** Where a pod stands with the guard, as windows show it: what comes first of its causes, else what is held back. */
export function toAutoStopView(statuses: StopStatuses | undefined, ruleState: PodRuleState): AutoStopView {
  const { evaluatedAtMs, isEnabled, rules, keepOn } = ruleState
  if (!isEnabled && rules.maxHours === undefined && rules.atBudget === undefined) return { kind: 'off' }
  if (statuses === undefined || keepOn !== null) return { kind: 'watching', dueAtMs: null }
  const allStatuses = stopCauses.map((cause) => ({ cause, status: statuses[cause] }))
  const [next] = allStatuses
    .flatMap(({ cause, status }) =>
      status.kind === 'planned' && status.block === null ? [{ cause, status }] : [],
    )
    .sort((a, b) => a.status.leftMs - b.status.leftMs)
  if (next) {
    const { plan, leftMs } = next.status
    return { kind: 'planned', cause: plan.cause, action: plan.action, atMs: evaluatedAtMs + leftMs }
  }
  for (const { cause, status } of allStatuses) {
    const block = blockOf(status)
    if (block !== null) return { kind: 'blocked', cause: cause, ...block }
  }
  // When a budget would be spent is far off, and goes by what the pod costs then.
  const remainingMs = allStatuses.flatMap(({ cause, status }) =>
    cause !== 'budget' && status.kind === 'clear' && status.leftMs !== null ? [status.leftMs] : [],
  )
  return {
    kind: 'watching',
    dueAtMs: remainingMs.length === 0 ? null : evaluatedAtMs + Math.min(...remainingMs),
  }
}

/** What forbids the stop now; null: nothing that is known. */
export function blockOf(status: StopStatus): Block | null {
  if (status.kind === 'blocked') return { conditions: status.conditions, text: status.text }
  return status.kind === 'planned' ? status.block : null
}

/** Where a pod stands with the guard. Times are Unix ms; `words` is a sentence. */
export type AutoStopView =
  /** It would never be stopped automatically. */
  | { readonly kind: 'off' }
  /** Nothing was said yet. `dueAtMs`: when it would be stopped if it stays as it is; null: it is not quiet. */
  | { readonly kind: 'watching'; readonly dueAtMs: number | null }
  /** Its owner was warned. */
  | {
      readonly kind: 'planned'
      readonly cause: StopCause
      readonly action: 'stop' | 'terminate'
      readonly atMs: number
    }
  /** It is due, or past its first warning, and something forbids it. */
  | {
      readonly kind: 'blocked'
      readonly cause: StopCause
      readonly conditions: readonly StopCondition[]
      readonly text: string
    }

export interface PodGuardView {
  /** As a person set them. */
  readonly rules: PodRules
  /** Whether it may be stopped automatically, by its own tick or the account's mode. */
  readonly isAutoStopEnabled: boolean
  /** In force now. */
  readonly keepOn: KeepOn | null
  readonly autoStop: AutoStopView
}

export const noGuard: PodGuardView = {
  rules: {},
  isAutoStopEnabled: false,
  keepOn: null,
  autoStop: { kind: 'off' },
}

export interface AccountGuardView {
  readonly autoStop: AutoStopMode
  readonly areAutoStopsPaused: boolean
  /** What would be stopped is written down, and nothing is stopped. */
  readonly isDryRun: boolean
}
