import type { AutoStopMode, KeepOn, PodRules, RuleOrigins } from '../pod-rules/pod-rules'
import { stopTimeOf } from '../pod-rules/stop-time'
import { type StopCause, stopCauses } from '../intents/intent'
import type { MovedTime } from './moved-times'
import type { StopBlock, StopStatus, StopStatuses } from './policy/stop-status'
import type { StopCondition } from './policy/stop-conditions'

interface PodRuleState {
  /** When the statuses were evaluated, Unix ms. */
  readonly evaluatedAtMs: number
  readonly isEnabled: boolean
  readonly rules: PodRules
  readonly origins: RuleOrigins
  readonly keepOn: KeepOn | null
  /** The other computer that keeps it running; null: this one, or none. */
  readonly keptBy: string | null
  readonly movedTime: (cause: StopCause) => MovedTime | null
  /** What keeps the rule from being carried out, as a sentence in place of its time; null: nothing. */
  readonly obstacleText: (cause: StopCause) => string | null
}

/** The guard's view of a pod. */
export function toPodGuardView(statuses: StopStatuses | undefined, ruleState: PodRuleState): PodGuardView {
  const { rules, origins, isEnabled, keepOn, keptBy } = ruleState
  return {
    rules,
    ...(Object.keys(origins).length > 0 && { ruleOrigins: origins }),
    isAutoStopEnabled: isEnabled,
    keepOn,
    ...(keepOn !== null && keptBy !== null && { keptBy }),
    heldStops: toHeldStops(statuses, ruleState),
    autoStop: withObstacle(toAutoStopView(statuses, ruleState), ruleState),
  }
}

/** A rule that nobody here can carry out is nowhere shown with a time. See docs/product-rules.md#39-who-can-act. */
function withObstacle(view: AutoStopView, { obstacleText }: PodRuleState): AutoStopView {
  // What is held already says why.
  if (view.kind === 'off' || (view.kind === 'watching' && view.dueAtMs === null)) return view
  const { cause } = view
  const text = cause === undefined ? null : obstacleText(cause)
  if (cause === undefined || text === null) return view
  return { kind: 'blocked', cause, conditions: view.kind === 'blocked' ? view.conditions : [], text }
}

const hasOwnStop = (rules: PodRules): boolean =>
  rules.maxHours !== undefined || stopTimeOf(rules) !== null || rules.atBudget !== undefined

/** The cause that comes due first, otherwise what is blocked. */
function toAutoStopView(statuses: StopStatuses | undefined, ruleState: PodRuleState): AutoStopView {
  const { evaluatedAtMs, isEnabled, rules, keepOn, movedTime } = ruleState
  if (!isEnabled && !hasOwnStop(rules)) return { kind: 'off' }
  if (statuses === undefined || keepOn !== null) return { kind: 'watching', dueAtMs: null }
  const allStatuses = stopCauses.map((cause) => ({ cause, status: statuses[cause] }))
  const [next] = allStatuses
    .flatMap(({ cause, status }) =>
      status.kind === 'planned' && status.block === null ? [{ cause, status }] : [],
    )
    .sort((a, b) => a.status.leftMs - b.status.leftMs)
  if (next) {
    const { plan, leftMs } = next.status
    const { cause, action } = plan
    return { kind: 'planned', cause, action, atMs: evaluatedAtMs + leftMs, ...movedPart(movedTime(cause)) }
  }
  for (const { cause, status } of allStatuses) {
    const block = blockOf(status)
    if (block !== null) return { kind: 'blocked', cause, conditions: block.conditions, text: block.text }
  }
  return watchingView(allStatuses, ruleState)
}

interface CauseStatus {
  readonly cause: StopCause
  readonly status: StopStatus
}

/** No warning was given yet. A time is shown only for a stop that nothing holds. */
function watchingView(
  allStatuses: readonly CauseStatus[],
  { evaluatedAtMs, movedTime }: PodRuleState,
): AutoStopView {
  const [next] = allStatuses
    .flatMap(({ cause, status }) => {
      // The time at which a budget is spent is excluded: it is far away and depends on future costs.
      const hasTime = cause !== 'budget' && status.kind === 'clear' && status.hold === null
      return hasTime && status.leftMs !== null ? [{ cause, leftMs: status.leftMs }] : []
    })
    .sort((a, b) => a.leftMs - b.leftMs)
  // A rule that was set for this pod alone comes first.
  const [held] = (['max-hours', 'stop-time', 'budget', 'quiet'] as const).flatMap((cause) => {
    const status = allStatuses.find((one) => one.cause === cause)?.status
    return status?.kind === 'clear' && status.hold !== null ? [{ cause, why: status.hold.why }] : []
  })
  return {
    kind: 'watching',
    dueAtMs: next ? evaluatedAtMs + next.leftMs : null,
    ...(next && { cause: next.cause, ...movedPart(movedTime(next.cause)) }),
    ...(held && { held }),
  }
}

const movedPart = (moved: MovedTime | null): { readonly moved?: MovedTime } =>
  moved === null ? {} : { moved }

/**
 * The stops that keep running holds: what comes due before it ends. A budget counts once it is spent, because
 * when it will be depends on future costs. See docs/product-rules.md#31-rules.
 */
function toHeldStops(statuses: StopStatuses | undefined, ruleState: PodRuleState): readonly HeldStop[] {
  const { evaluatedAtMs, keepOn } = ruleState
  if (statuses === undefined || keepOn === null) return []
  return stopCauses.flatMap((cause) => {
    const status = statuses[cause]
    if (status.kind !== 'clear' || status.leftMs === null) return []
    if (cause === 'budget' && status.leftMs > 0) return []
    const dueAtMs = evaluatedAtMs + status.leftMs
    return keepOn.untilMs === null || dueAtMs < keepOn.untilMs ? [{ cause, dueAtMs }] : []
  })
}

/** What blocks the stop now; null when nothing is known to. */
export function blockOf(status: StopStatus): StopBlock | null {
  if (status.kind === 'blocked') return status
  return status.kind === 'planned' ? status.block : null
}

/** The guard's view of a pod. Times are Unix ms; `text` is a sentence. */
export type AutoStopView =
  /** No rule stops this pod automatically. */
  | { readonly kind: 'off' }
  /**
   * No warning was given yet. `dueAtMs`: when it would be stopped, by `cause`, if nothing changes; null when it
   * is not quiet, and while something holds the stop. `held`: the rule that would not stop it, and why, as a
   * clause.
   */
  | {
      readonly kind: 'watching'
      readonly dueAtMs: number | null
      readonly cause?: StopCause
      readonly moved?: MovedTime
      readonly held?: { readonly cause: StopCause; readonly why: string }
    }
  /** The owner was warned. */
  | {
      readonly kind: 'planned'
      readonly cause: StopCause
      readonly action: 'stop' | 'terminate'
      readonly atMs: number
      readonly moved?: MovedTime
    }
  /** A stop is due, or its first warning has passed, and something blocks it. */
  | {
      readonly kind: 'blocked'
      readonly cause: StopCause
      readonly conditions: readonly StopCondition[]
      readonly text: string
    }

/** A stop that keep running holds. `dueAtMs` (Unix ms) may be past. */
export interface HeldStop {
  readonly cause: StopCause
  readonly dueAtMs: number
}

export interface PodGuardView {
  /** Those that apply, as set by the user. */
  readonly rules: PodRules
  /** Where those are from that aren't the pod's own. Absent: all are. */
  readonly ruleOrigins?: RuleOrigins
  /** Whether it may be stopped automatically, by its own selection or the account's mode. */
  readonly isAutoStopEnabled: boolean
  /** In effect now. */
  readonly keepOn: KeepOn | null
  /** The name of the other computer that keeps it running; absent: this one does, or none. */
  readonly keptBy?: string
  /** What keep running holds; empty without it. */
  readonly heldStops: readonly HeldStop[]
  readonly autoStop: AutoStopView
  /** The server that keeps the account, whose view this is; absent: it is this computer's. */
  readonly server?: string
}

export const noGuard: PodGuardView = {
  rules: {},
  isAutoStopEnabled: false,
  keepOn: null,
  heldStops: [],
  autoStop: { kind: 'off' },
}

export interface AccountGuardView {
  readonly autoStop: AutoStopMode
  /** The time of day that stops its pods without one of their own: see `isStopTimeText`. Absent: none does. */
  readonly stopAt?: string
  readonly areAutoStopsPaused: boolean
  /** Stops are logged but not performed. */
  readonly isDryRun: boolean
}

/** The guard's state of one pod, for windows. */
export interface PodGuardState {
  readonly guard: PodGuardView
  /** Observed idle time before the owner is alerted, ms. */
  readonly alertAfterMs: number
}
