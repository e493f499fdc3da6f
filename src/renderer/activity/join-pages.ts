import type { AuditPage } from '../../core/audit-log/audit-log'

/** The newest page, with what was read before it and still follows it without a gap. */
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
