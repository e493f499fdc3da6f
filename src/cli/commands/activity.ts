import { allAuditEntries, type ListedAuditEntry } from '../../core/audit-log/audit-log'
import { plainText } from '../../core/base/plain-text'
import { auditLogProblem, entriesFromEnd } from '../../node/data-folder/audit-log-files'
import { CliExit, exitCodes } from '../output/exit'
import { entryJson } from '../output/json'
import { localTime } from '../output/local-time'

export interface ActivityOptions {
  /** A pod's id, or its name at the time; null for all pods. */
  readonly pod: string | null
  readonly count: number
  readonly isJson: boolean
  /** Null for all accounts. */
  readonly accountId: string | null
  /** The names of the accounts that are known, by id. With one of them, text names none. */
  readonly accountNames: ReadonlyMap<string, string>
}

/**
 * Formats the newest entries of the audit log in `folder`, oldest first, one line each. Works regardless of which
 * process writes the log. Throws a `CliExit` if it cannot be read.
 */
export function activityLines(
  folder: string,
  { pod, count, isJson, accountId, accountNames }: ActivityOptions,
): string[] {
  const problem = auditLogProblem(folder)
  if (problem !== null)
    throw new CliExit(exitCodes.failed, `The activity log in ${folder} cannot be read: ${problem}`)
  const lines: string[] = []
  for (const entry of entriesFromEnd(folder, null, { ...allAuditEntries, accountId })) {
    if (pod !== null && entry.podId !== pod && entry.podName !== pod) continue
    const name = accountNames.get(entry.accountId ?? '') ?? null
    lines.push(
      isJson
        ? JSON.stringify(entryJson(entry, name))
        : entryLine(entry, accountNames.size > 1 && accountId === null ? name : null),
    )
    if (lines.length >= count) break
  }
  return lines.reverse()
}

function entryLine({ atMs, text }: ListedAuditEntry, accountName: string | null): string {
  const line = accountName === null ? text : `${accountName}: ${text}`
  return `${localTime(atMs, false)}  ${plainText(line)}`
}
