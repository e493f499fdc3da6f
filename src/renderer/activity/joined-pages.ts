import type { ActivityPage } from '../../core/audit-log/audit-log'

/** The newest page, with what was read before it and still follows it without a gap. */
export function joined(newest: ActivityPage, earlier: ActivityPage | null): ActivityPage {
  const oldest = newest.entries[newest.entries.length - 1]
  if (earlier === null || oldest === undefined || newest.before === null) return newest
  const isAdjacent = earlier.entries.some(({ seq }) => seq >= oldest.seq)
  if (!isAdjacent) return newest
  return {
    entries: [...newest.entries, ...earlier.entries.filter(({ seq }) => seq < oldest.seq)],
    before: earlier.before,
  }
}
