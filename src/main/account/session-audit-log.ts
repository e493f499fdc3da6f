import type {
  AuditEntry,
  AuditFilter,
  AuditLog,
  AuditLogView,
  AuditPage,
  ReadableAuditLog,
} from '../../core/audit-log/audit-log'
import { accountEntries, keyEntry } from '../../core/audit-log/audit-text'
import { createListeners } from '../../core/base/listeners'
import { settingEntries } from '../../core/audit-log/settings-audit'
import type { AccountId } from '../../core/pods/pod'
import type { AccountRecord } from '../../core/settings/account-record'
import type { AccountView } from '../../core/view/snapshot'
import type { OpenAuditLog } from '../../node/data-folder/records/audit-log'
import { createMemoryAuditLog } from '../../node/in-memory/memory-files'
import { ACTIVITY_PAGE } from '../../shared/requests/activity-requests'
import type { AppStore } from '../settings/app-store'

export interface SessionAuditLogOptions {
  /** Of the data folder. */
  readonly file: OpenAuditLog
  /** Calls back after every entry of that. */
  readonly onRecord: (listener: () => void) => void
  readonly nowMs: () => number
  readonly onSettings: AppStore['onSettings']
}

/** The activity log of the app: that of the data folder, or of the demo while it runs. */
export interface SessionAuditLog {
  /** The log for an account that is now watched. Adds an entry about that. */
  logForAccount(account: Omit<AccountView, 'isMonitorOnly'>): AuditLog
  /** The log for entries about no account, or about all of them. */
  logForProgram(): Pick<AuditLog, 'record'>
  /** Call when the demo ended. */
  endDemo(): void
  /** Call when an account was removed and its key erased. */
  recordRemoval(account: AccountRecord): void
  recordChange(before: AccountRecord, after: AccountRecord): void
  /** By default a page as windows get it. */
  page(before: number | null, filter: AuditFilter, limit?: number): AuditPage
  /** The part of the log that windows get. */
  view(): AuditLogView
  /** Calls back after every entry. */
  readonly onChange: (listener: () => void) => () => void
}

export function createSessionAuditLog(options: SessionAuditLogOptions): SessionAuditLog {
  const { file, nowMs } = options
  const listeners = createListeners()
  let current: ReadableAuditLog = file
  /** By account: the ending of the key that was used last. */
  const lastKeys = new Map<AccountId, string | undefined>()

  const record = (entry: AuditEntry): void => void current.record(entry)

  options.onRecord(listeners.notify)
  options.onSettings((after, before) => {
    for (const entry of settingEntries(after, before, nowMs())) record(entry)
  })

  return {
    logForAccount(account) {
      if (account.isDemo) {
        // All accounts of the demo share a log.
        if (current === file) current = createMemoryAuditLog(listeners.notify)
        return current
      }
      current = file
      const { id, keyEnding } = account
      const isReplaced = lastKeys.has(id) && lastKeys.get(id) !== keyEnding
      record(keyEntry(isReplaced ? 'replaced' : 'connected', account, nowMs()))
      lastKeys.set(id, keyEnding)
      return current
    },
    logForProgram: () => ({ record: (entry) => current.record(entry) }),
    endDemo() {
      current = file
      listeners.notify()
    },
    recordRemoval: ({ baseUrl, ...account }) =>
      record(keyEntry('forgotten', { ...account, host: new URL(baseUrl).host }, nowMs())),
    recordChange(before, after) {
      for (const entry of accountEntries(before, after, nowMs())) record(entry)
    },
    page: (before, filter, limit = ACTIVITY_PAGE) => current.page(before, filter, limit),
    view: () => current.view(),
    onChange: listeners.add,
  }
}
