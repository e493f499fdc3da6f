import {
  type ListedAuditEntry,
  MAX_ALERT_SEQS,
  type ReadableAuditLog,
  sanitizeAuditEntry,
} from '../../core/audit-log/audit-log'
import { ok } from '../../core/base/result'

const MAX_ENTRIES = 1_000

/** For the demo, whose pods exist only while it runs. `onRecord`: see `AuditLogOptions`. */
export function createMemoryAuditLog(onRecord = (): void => {}): ReadableAuditLog {
  /** Newest first. */
  let entries: readonly ListedAuditEntry[] = []
  return {
    record(entry) {
      const seq = (entries[0]?.seq ?? 0) + 1
      entries = [{ seq, ...sanitizeAuditEntry(entry, []) }, ...entries].slice(0, MAX_ENTRIES)
      onRecord()
      return ok(undefined)
    },
    page(before, { kind, accountId, podId }, limit) {
      const matching = entries.filter(
        (entry) =>
          (before === null || entry.seq < before) &&
          (accountId === null || entry.accountId === accountId) &&
          (podId === null || entry.podId === podId) &&
          (kind === null || entry.kind === kind),
      )
      const taken = matching.slice(0, limit)
      return { entries: taken, before: matching.length > taken.length ? (taken.at(-1)?.seq ?? null) : null }
    },
    view: () => ({
      lastSeq: entries[0]?.seq ?? 0,
      alertSeqs: entries
        .filter(({ kind }) => kind === 'alert')
        .slice(0, MAX_ALERT_SEQS)
        .map(({ seq }) => seq),
    }),
  }
}
