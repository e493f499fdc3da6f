import type { AuditPage, ListedAuditEntry } from '../../core/audit-log/audit-log'

/** The part of the log that is loaded: from its newest entry back to `before`. */
export interface LoadedPart extends AuditPage {
  /** The newest entry that there was, also if the filter leaves it out. */
  readonly topSeq: number
}

/** A filter continues automatically until it has found this many. */
export const ENOUGH = 50

/** How many more entries a filter looks for once the newest piece is joined: a new line of the log ends no search. */
export const missingCount = ({ entries }: LoadedPart, shown: { readonly missing: number } | null): number =>
  Math.max(shown?.missing ?? 0, ENOUGH - entries.length)

/**
 * Joins the newest piece, requested when the log had `lastSeq` entries, with what is loaded already, unless there is a
 * gap between the two. What it covers it replaces, since what became of an action can change whether a filter finds it.
 */
export function joinPages(newest: AuditPage, lastSeq: number, loaded: LoadedPart | null): LoadedPart {
  const { before } = newest
  const isAdjacent = loaded !== null && before !== null && before <= loaded.topSeq + 1
  if (!isAdjacent || lastSeq < loaded.topSeq) return { ...newest, topSeq: lastSeq }
  // The cursor of what is loaded can be newer, if the piece reaches further.
  if (loaded.before !== null && loaded.before >= before) return { ...newest, topSeq: lastSeq }
  const entries = [...newest.entries, ...loaded.entries.filter(({ seq }) => seq < before)]
  return {
    entries,
    companions: without([...newest.companions, ...loaded.companions], entries),
    before: loaded.before,
    looked: { ...loaded.looked, lines: loaded.looked.lines + lastSeq - loaded.topSeq },
    topSeq: lastSeq,
  }
}

/** Adds an older piece. */
export function appendPage(loaded: LoadedPart, older: AuditPage): LoadedPart {
  const entries = [...loaded.entries, ...older.entries]
  return {
    entries,
    companions: without([...loaded.companions, ...older.companions], entries),
    before: older.before,
    looked: {
      lines: loaded.looked.lines + older.looked.lines,
      toMs: older.looked.toMs ?? loaded.looked.toMs,
    },
    topSeq: loaded.topSeq,
  }
}

/** Each once, newest first. */
function without(
  companions: readonly ListedAuditEntry[],
  entries: readonly ListedAuditEntry[],
): readonly ListedAuditEntry[] {
  if (companions.length === 0) return companions
  const seen = new Set(entries.map(({ seq }) => seq))
  const others = companions.filter(({ seq }) => !seen.has(seq) && seen.add(seq))
  return others.sort((a, b) => b.seq - a.seq)
}
