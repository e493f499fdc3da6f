import { DAY_MS, elapsedMs, HOUR_MS, type Instant } from '../base/time/time'
import type { PodId } from '../pods/pod'
import type { AccountContext } from './account-context'
import { type AccountRules, type PodRules, podRulesOf } from './pod-rules'

/** For how long a pod has to be missing from every complete list before its rules are dropped. */
export const GONE_RULES_MS = 30 * DAY_MS
const CHECK_EVERY_MS = HOUR_MS
const MAX_NAMED = 5

/** What was observed of the account's pods. */
export interface CompleteListing {
  readonly at: Instant
  /** The trusted time, Unix ms. */
  readonly nowMs: number
  /** Pods that are not known to be gone. */
  readonly podIds: ReadonlySet<PodId>
}

/**
 * Drops the rules of pods that have been gone for 30 days. Call it after each complete list. See
 * docs/product-rules.md#31-rules.
 */
export function createGonePodRules(context: AccountContext): (listed: CompleteListing) => void {
  const { accountId, accountRules: store, auditLog, clock, report } = context
  let checkedAt: Instant | null = null
  /** Pods that the last check missed: one list alone drops nothing. */
  let missed: ReadonlySet<PodId> = new Set()
  let hasFailed = false

  function update(change: (rules: AccountRules) => AccountRules): void {
    const written = store.update(accountId, change)
    if (!written.ok && !hasFailed) report('Rules of pods that are gone could not be saved', written.error)
    hasFailed = !written.ok
  }

  return ({ at, nowMs, podIds }) => {
    const rules = store.load(accountId)
    const hasReturned = [...podIds].some((podId) => podRulesOf(rules, podId).goneSinceMs !== undefined)
    const isDue = checkedAt === null || elapsedMs(checkedAt, at) >= CHECK_EVERY_MS
    if (!hasReturned && !isDue) return
    const gone = goneIn(rules, podIds)
    const dropped = isDue
      ? gone.filter((podId) => missed.has(podId) && isOver(podRulesOf(rules, podId), nowMs))
      : []
    const isMarked = gone.every((podId) => isSince(podRulesOf(rules, podId), nowMs))
    if (isDue) [checkedAt, missed] = [at, new Set(gone)]
    if (dropped.length > 0) {
      const { wallMs: atMs } = clock.now()
      const text = droppedText(dropped)
      const entry = {
        atMs,
        accountId,
        podId: null,
        podName: null,
        kind: 'rule',
        tone: 'plain',
        text,
      } as const
      // What isn't in the activity log stays.
      if (!auditLog.record({ ...entry, what: 'rules-dropped' }).ok) return
    }
    if (hasReturned || dropped.length > 0 || !isMarked)
      update((stored) => withoutGone(stored, podIds, new Set(dropped), nowMs))
  }
}

const goneIn = ({ pods }: AccountRules, podIds: ReadonlySet<PodId>): readonly PodId[] =>
  Object.entries(pods).flatMap(([podId, rules]) =>
    // Rules of another version have no fields here, and are none of this one's.
    podIds.has(podId) || Object.keys(rules).length === 0 ? [] : [podId],
  )

/** A time in the future comes from a clock that was wrong. */
const isSince = ({ goneSinceMs }: Pick<PodRules, 'goneSinceMs'>, nowMs: number): boolean =>
  goneSinceMs !== undefined && goneSinceMs <= nowMs

const isOver = (rules: Pick<PodRules, 'goneSinceMs'>, nowMs: number): boolean =>
  isSince(rules, nowMs) && nowMs - (rules.goneSinceMs ?? nowMs) >= GONE_RULES_MS

function withoutGone(
  rules: AccountRules,
  podIds: ReadonlySet<PodId>,
  dropped: ReadonlySet<PodId>,
  nowMs: number,
): AccountRules {
  const gone = new Set(goneIn(rules, podIds))
  const pods = Object.entries(rules.pods).flatMap(([podId, { goneSinceMs, ...own }]) => {
    if (!gone.has(podId)) return [[podId, own] as const]
    if (dropped.has(podId) && isOver({ goneSinceMs }, nowMs)) return []
    return [[podId, { ...own, goneSinceMs: Math.min(goneSinceMs ?? nowMs, nowMs) }] as const]
  })
  return { ...rules, pods: Object.fromEntries(pods) }
}

function droppedText(podIds: readonly PodId[]): string {
  const named = podIds.slice(0, MAX_NAMED).join(', ')
  const more = podIds.length - MAX_NAMED
  const which = more > 0 ? `${named} and ${more} more` : named
  return `The rules of pods that have been gone for 30 days were removed: ${which}.`
}
