import { MAX_ALERT_SEQS, type ReadableAuditLog, sanitizeAuditEntry } from '../../core/audit-log/audit-log'
import { readAuditPage } from '../../core/audit-log/audit-page'
import { ok } from '../../core/base/result'

const MAX_ENTRIES = 1_000

/** For the demo, whose pods exist only while it runs. `onRecord`: see `AuditLogOptions`. */
export function createMemoryAuditLog(onRecord = (): void => {}): ReadableAuditLog {
  /** Newest first. The text is what a file would have. */
  let entries: readonly { readonly seq: number; readonly isAlert: boolean; readonly line: string }[] = []
  return {
    record(entry) {
      const seq = (entries[0]?.seq ?? 0) + 1
      const line = JSON.stringify({ seq, ...sanitizeAuditEntry(entry, []) })
      entries = [{ seq, isAlert: entry.kind === 'alert', line }, ...entries].slice(0, MAX_ENTRIES)
      onRecord()
      return ok(undefined)
    },
    page: (before, filter, limit) =>
      readAuditPage(
        (from) => entries.filter(({ seq }) => from === null || seq < from).map(({ line }) => line),
        before,
        filter,
        { entries: limit },
      ),
    view: () => ({
      lastSeq: entries[0]?.seq ?? 0,
      alertSeqs: entries
        .filter(({ isAlert }) => isAlert)
        .slice(0, MAX_ALERT_SEQS)
        .map(({ seq }) => seq),
    }),
  }
}
