import { auditExport, type AuditExportFormat } from '../../core/audit-log/audit-export'
import {
  areOfSeveralComputers,
  type AuditFilter,
  type ListedAuditEntry,
} from '../../core/audit-log/audit-log'
import { findAuditEntries, readAuditPage } from '../../core/audit-log/audit-page'
import { plainText } from '../../core/base/text/plain-text'
import { auditLines, auditLogProblem } from '../../node/data-folder/records/audit-log-files'
import { CliExit, exitCodes } from '../output/exit'
import { localTime } from '../output/local-time'
import { activityLogText } from './commands-text'

export interface ActivityOptions {
  readonly filter: AuditFilter
  /** A pod's id, or its name at the time; null for all pods. */
  readonly pod: string | null
  readonly count: number
  readonly format: AuditExportFormat | 'text'
  /** The names of the accounts that are known, by id. With one of them, text names none. */
  readonly accountNames: ReadonlyMap<string, string>
}

/**
 * The newest entries of the audit log in `folder` that are asked for, oldest first, as text or in a format for other
 * programs; empty if there are none. Works regardless of which process writes the log. Throws a `CliExit` if it cannot
 * be read.
 */
export function activityText(folder: string, options: ActivityOptions): string {
  const { filter, format, accountNames } = options
  const problem = auditLogProblem(folder)
  if (problem !== null) throw new CliExit(exitCodes.failed, activityLogText.notRead(folder, problem))
  const entries = newestEntries(folder, options)
  if (entries.length === 0) return ''
  if (format !== 'text') return auditExport(entries, accountNames, format).trimEnd()
  const hasNames = accountNames.size > 1 && filter.accountId === null
  const hasComputers = areOfSeveralComputers(entries)
  return entries
    .map((entry) =>
      entryLine(entry, [
        hasComputers ? entry.computer : undefined,
        hasNames ? accountNames.get(entry.accountId ?? '') : undefined,
      ]),
    )
    .join('\n')
}

function newestEntries(folder: string, { filter, pod, count }: ActivityOptions): readonly ListedAuditEntry[] {
  const found: ListedAuditEntry[] = []
  const log = {
    page: (before: number | null, of: AuditFilter, limit: number) =>
      readAuditPage((from) => auditLines(folder, from), before, of, { entries: limit }),
  }
  for (const entries of findAuditEntries(log, filter)) {
    found.push(...entries.filter(({ podId, podName }) => pod === null || podId === pod || podName === pod))
    if (found.length >= count) break
  }
  return found.sort((a, b) => a.seq - b.seq).slice(-count)
}

/** `names`: which computer and account it is from, as far as that has to be said. */
function entryLine({ atMs, text }: ListedAuditEntry, names: readonly (string | undefined)[]): string {
  const line = [...names.filter((name) => name !== undefined), text].join(': ')
  return `${localTime(atMs, false)}  ${plainText(line)}`
}
