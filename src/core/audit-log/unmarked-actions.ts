import type { ListedAuditEntry } from './audit-log'
import { canFollow, CONFIRMED, isRequest, loggedPhase, loggedRequester } from './intent-phases'

/**
 * Finds the actions among entries of earlier versions, which don't carry the action they belong to. Two entries belong
 * together only if they are of the same pod, account and action, if one can follow the other, and if every line of the
 * log between them is listed: a line that is missing could have been the end of one action and the beginning of
 * another. So can what happened around a start or an end of the program, or while the log could not be written.
 */
export interface UnmarkedActions {
  /**
   * The row that `entry` belongs to; undefined: it begins one. Call it for each entry without an intent, newest first.
   */
  rowOf(entry: ListedAuditEntry): ListedAuditEntry[] | undefined
  /** `entry` is the newest of `row`. */
  begin(entry: ListedAuditEntry, row: ListedAuditEntry[]): void
  /** Call it for each entry with an intent: no action of an earlier version goes on across one on its pod. */
  break(entry: ListedAuditEntry): void
}

interface Chain {
  readonly row: ListedAuditEntry[]
  /** The oldest entry so far. */
  readonly oldest: ListedAuditEntry
  /** See `stretch`. */
  readonly stretch: number
}

export function createUnmarkedActions(): UnmarkedActions {
  /** By pod. */
  const chains = new Map<string, Chain>()
  let lastSeq: number | null = null
  /** Counts the stretches of the log of which each line is listed. */
  let stretch = 0

  const podOf = ({ accountId, podId }: ListedAuditEntry): string => JSON.stringify([accountId, podId])

  function visit({ seq, kind }: ListedAuditEntry): void {
    if (lastSeq !== null && seq !== lastSeq - 1) stretch += 1
    if (kind === 'app') stretch += 1
    lastSeq = seq
  }

  return {
    rowOf(entry) {
      visit(entry)
      const chain = chains.get(podOf(entry))
      if (chain === undefined || chain.stretch !== stretch) return undefined
      const isDirectlyBefore = entry.seq === chain.oldest.seq - 1
      if (isDirectlyBefore && isReasonFor(entry, chain.oldest)) {
        chains.delete(podOf(entry))
        return chain.row
      }
      if (!canFollow(entry, chain.oldest)) return undefined
      chains.set(podOf(entry), { ...chain, oldest: entry })
      return chain.row
    },
    begin(entry, row) {
      if (loggedPhase(entry) !== null) chains.set(podOf(entry), { row, oldest: entry, stretch })
    },
    break(entry) {
      visit(entry)
      chains.delete(podOf(entry))
    },
  }
}

/** Whether `entry` says why `request` is made: the decision of a rule, or the confirmation of a terminate. */
function isReasonFor(entry: ListedAuditEntry, request: ListedAuditEntry): boolean {
  if (!isRequest(request)) return false
  const requester = loggedRequester(request)
  if (entry.kind === 'decision')
    return entry.what === 'auto-stop' && entry.tone === 'warning' && requester !== 'person'
  return (
    entry.kind === 'intent' &&
    entry.what === CONFIRMED &&
    loggedPhase(request)?.action === 'terminate' &&
    requester === 'person'
  )
}
