import type { AutoStopMode, KeepOn, PodRules } from '../pod-rules/pod-rules'
import { type StopCause, stopCauses } from '../intents/intent'
import type { Hold, Standing, Standings } from './policy'
import type { GuardRule } from './stop-conditions'

interface Told {
  /** When the standings were judged, Unix ms. */
  readonly lookedAtMs: number
  readonly isTicked: boolean
  readonly rules: PodRules
  readonly keepOn: KeepOn | null
}

/** Where a pod stands with the guard, as windows show it: what comes first of its causes, else what is held back. */
export function viewOfStandings(standings: Standings | undefined, told: Told): AutoStopView {
  const { lookedAtMs, isTicked, rules, keepOn } = told
  if (!isTicked && rules.maxHours === undefined && rules.atBudget === undefined) return { kind: 'off' }
  if (standings === undefined || keepOn !== null) return { kind: 'watching', dueAtMs: null }
  const ofAll = stopCauses.map((cause) => ({ cause, standing: standings[cause] }))
  const [soonest] = ofAll
    .flatMap(({ cause, standing }) =>
      standing.kind === 'planned' && standing.held === null ? [{ cause, standing }] : [],
    )
    .sort((a, b) => a.standing.leftMs - b.standing.leftMs)
  if (soonest) {
    const { plan, leftMs } = soonest.standing
    return { kind: 'planned', because: plan.cause, action: plan.action, atMs: lookedAtMs + leftMs }
  }
  for (const { cause, standing } of ofAll) {
    const held = holdOf(standing)
    if (held !== null) return { kind: 'held', because: cause, ...held }
  }
  // When a budget would be spent is far off, and goes by what the pod costs then.
  const lefts = ofAll.flatMap(({ cause, standing }) =>
    cause !== 'budget' && standing.kind === 'clear' && standing.leftMs !== null ? [standing.leftMs] : [],
  )
  return { kind: 'watching', dueAtMs: lefts.length === 0 ? null : lookedAtMs + Math.min(...lefts) }
}

/** What forbids the stop now; null: nothing that is known. */
export function holdOf(standing: Standing): Hold | null {
  if (standing.kind === 'held') return { by: standing.by, words: standing.words }
  return standing.kind === 'planned' ? standing.held : null
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
      readonly because: StopCause
      readonly action: 'stop' | 'terminate'
      readonly atMs: number
    }
  /** It is due, or past its first warning, and something forbids it. */
  | {
      readonly kind: 'held'
      readonly because: StopCause
      readonly by: readonly GuardRule[]
      readonly words: string
    }

export interface PodGuardView {
  /** As a person set them. */
  readonly rules: PodRules
  /** Whether it may be stopped automatically, by its own tick or the account's mode. */
  readonly isAutoStopped: boolean
  /** In force now. */
  readonly keepOn: KeepOn | null
  readonly autoStop: AutoStopView
}

export const noGuard: PodGuardView = {
  rules: {},
  isAutoStopped: false,
  keepOn: null,
  autoStop: { kind: 'off' },
}

export interface AccountGuardView {
  readonly autoStop: AutoStopMode
  readonly areAutoStopsPaused: boolean
  /** What would be stopped is written down, and nothing is stopped. */
  readonly isDryRun: boolean
}
