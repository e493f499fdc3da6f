import type { AutoStopView, KeepOn, PodRules } from '../pod-rules/pod-rules'
import { stopCauses } from '../pod-rules/pod-rules'
import type { Hold, Standing, Standings } from './policy'

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
