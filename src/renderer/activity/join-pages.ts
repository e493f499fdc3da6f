import type { AuditPage } from '../../core/audit-log/audit-log'

/** Joins the newest page with the older entries already loaded, unless there is a gap between the two. */
export function joinPages(newest: AuditPage, earlier: AuditPage | null): AuditPage {
  const oldest = newest.entries[newest.entries.length - 1]
  if (earlier === null || oldest === undefined || newest.before === null) return newest
  const isAdjacent = earlier.entries.some(({ seq }) => seq >= oldest.seq)
  if (!isAdjacent) return newest
  return {
    entries: [...newest.entries, ...earlier.entries.filter(({ seq }) => seq < oldest.seq)],
    before: earlier.before,
  }
}
