import { setImmediate } from 'node:timers/promises'
import { auditExport, type AuditExportFormat } from '../../core/audit-log/audit-export'
import { allAuditEntries, type AuditFilter, type ListedAuditEntry } from '../../core/audit-log/audit-log'
import { findAuditEntries } from '../../core/audit-log/audit-page'
import { errorText, fileNotWritten } from '../../core/base/text/error-text'
import { fail, ok } from '../../core/base/result'
import { parsePodKey } from '../../core/pods/pod'
import { replaceUserFile } from '../../node/data-folder/files/replace-file'
import type { SessionAuditLog } from '../account/session-audit-log'
import type { ActivityFilter } from '../../shared/requests/activity-requests'
import type { Handlers } from '../../shared/ipc'

export interface ActivityHandlerOptions {
  readonly log: Pick<SessionAuditLog, 'page'>
  /** Of the accounts that are known now, by id. */
  readonly accountNames: () => ReadonlyMap<string, string>
  readonly chooseSavePath: (suggestedName: string, format: AuditExportFormat) => Promise<string | null>
}

/** Reads and exports the activity log. Main asks for the file, so windows cannot choose a path. */
export function createActivityHandlers({
  log,
  accountNames,
  chooseSavePath,
}: ActivityHandlerOptions): Pick<Handlers, 'auditPage' | 'exportActivity'> {
  return {
    auditPage: (before, filter) => ok(log.page(before, toAuditFilter(filter))),
    async exportActivity(filter, format) {
      const path = await chooseSavePath(`podkeeper-activity.${format}`, format)
      if (path === null) return ok(null)
      const found: ListedAuditEntry[] = []
      for (const entries of findAuditEntries(log, toAuditFilter(filter))) {
        found.push(...entries)
        // A piece takes some ten milliseconds, and the app has other things to do.
        await setImmediate()
      }
      try {
        replaceUserFile(path, auditExport(found, accountNames(), format))
        return ok(path)
      } catch (cause) {
        return fail(fileNotWritten(path, errorText(cause)))
      }
    },
  }
}

function toAuditFilter({ podKey, ...filter }: ActivityFilter): AuditFilter {
  return { ...allAuditEntries, ...filter, ...(podKey !== undefined && parsePodKey(podKey)) }
}
