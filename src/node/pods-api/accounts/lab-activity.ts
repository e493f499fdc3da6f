import { join } from 'node:path'
import { allAuditEntries, type ListedAuditEntry } from '../../../core/audit-log/audit-log'
import { findAuditEntries, readAuditPage } from '../../../core/audit-log/audit-page'
import { auditLines } from '../../data-folder/records/audit-log-files'
import type { ServedAccount } from './served-account'

const MAX_ENTRIES = 200

/** What happened in an account lately, from its activity log, the newest first. */
export function labActivity(folder: string, { id, hubifyLabId }: ServedAccount): readonly unknown[] {
  const log = {
    page: (before: number | null, filter: typeof allAuditEntries, entries: number) =>
      readAuditPage((from) => auditLines(join(folder, 'activity'), from), before, filter, { entries }),
  }
  const found: ListedAuditEntry[] = []
  for (const entries of findAuditEntries(log, { ...allAuditEntries, accountId: id })) {
    found.push(...entries)
    if (found.length >= MAX_ENTRIES) break
  }
  return found
    .sort((a, b) => b.seq - a.seq)
    .slice(0, MAX_ENTRIES)
    .map(({ seq, kind, what, text, podId, atMs }) => ({
      _id: `activity-${seq}`,
      labId: hubifyLabId ?? id,
      type: `${kind}.${what.replaceAll(' ', '-')}`,
      message: text,
      podId: podId === null || hubifyLabId !== null ? podId : `pod_${podId}`,
      createdAt: Math.round(atMs),
    }))
}
