import { type AuditFilter, auditKinds, auditTones } from '../../core/audit-log/audit-log'
import { DAY_MS, HOUR_MS } from '../../core/base/time/time'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { ActivityFilter } from '../../shared/requests/activity-requests'
import { MAX_ACTIVITY_SEARCH } from '../../shared/requests/limits'
import { parseRecord } from '../state/parse-record'

const spans = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const
export type ActivitySpan = keyof typeof spans

/** What is chosen of the activity log; null and an empty search limit nothing. */
export interface ActivityView extends Pick<AuditFilter, 'kind' | 'outcome' | 'accountId' | 'search'> {
  readonly span: ActivitySpan | null
  /** When the span was chosen, Unix ms. What is shown doesn't go away as time passes. */
  readonly chosenAtMs: number
}

export const allActivity: ActivityView = {
  kind: null,
  outcome: null,
  span: null,
  chosenAtMs: 0,
  accountId: null,
  search: '',
}

/** The filter for the part of the log that is about `podKey` and `accountId`; null: all. */
export function toActivityFilter(
  { kind, outcome, span, chosenAtMs, search }: ActivityView,
  podKey: PodKey | null,
  accountId: AccountId | null,
): ActivityFilter {
  const words = search.trim().slice(0, MAX_ACTIVITY_SEARCH)
  return {
    ...(kind !== null && { kind }),
    ...(outcome !== null && { outcome }),
    ...(span !== null && { sinceMs: chosenAtMs - spans[span] }),
    ...(podKey !== null && { podKey }),
    ...(podKey === null && accountId !== null && { accountId }),
    ...(words !== '' && { search: words }),
  }
}

const STORAGE_KEY = 'podkeeper.activity-view'

/** What this window chose last, as far as it is still valid. */
export function loadActivityView(storage: Pick<Storage, 'getItem'>, nowMs: number): ActivityView {
  const stored = parseRecord(storage.getItem(STORAGE_KEY))
  const { span, accountId } = stored
  return {
    ...allActivity,
    kind: auditKinds.find((kind) => kind === stored['kind']) ?? null,
    outcome: auditTones.find((tone) => tone === stored['outcome']) ?? null,
    span: typeof span === 'string' && Object.hasOwn(spans, span) ? (span as ActivitySpan) : null,
    chosenAtMs: nowMs,
    accountId: typeof accountId === 'string' ? accountId : null,
  }
}

/** Stores everything but the search. A full storage only loses the preference. */
export function saveActivityView(storage: Pick<Storage, 'setItem'>, view: ActivityView): void {
  const { kind, outcome, span, accountId } = view
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ kind, outcome, span, accountId }))
  } catch {
    // The view stays valid until the window closes.
  }
}
