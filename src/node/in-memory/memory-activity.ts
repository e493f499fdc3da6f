import {
  type ActivityBook,
  cleanActivity,
  type ListedActivity,
  MAX_ALERT_SEQS,
} from '../../core/audit-log/audit-log'
import { ok } from '../../core/base/result'

const KEPT = 1_000

/** A log for the demo, whose pods do not outlive it. `onRecord`: see `ActivityLogOptions`. */
export function createMemoryActivity(onRecord = (): void => {}): ActivityBook {
  /** Newest first. */
  let entries: readonly ListedActivity[] = []
  return {
    record(entry) {
      const seq = (entries[0]?.seq ?? 0) + 1
      entries = [{ seq, ...cleanActivity(entry, []) }, ...entries].slice(0, KEPT)
      onRecord()
      return ok(undefined)
    },
    page(before, { kind, podId }, limit) {
      const asked = entries.filter(
        (entry) =>
          (before === null || entry.seq < before) &&
          (podId === null || entry.podId === podId) &&
          (kind === null || entry.kind === kind),
      )
      const taken = asked.slice(0, limit)
      return { entries: taken, before: asked.length > taken.length ? (taken.at(-1)?.seq ?? null) : null }
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
