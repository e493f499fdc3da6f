import {
  allAuditEntries,
  type AuditEntry,
  type AuditFilter,
  type AuditLog,
  type AuditLogView,
  type AuditPage,
  type ReadableAuditLog,
} from '../../core/audit-log/audit-log'
import { endEntry, keyEntry, startEntry } from '../../core/audit-log/audit-text'
import { createListeners } from '../../core/base/listeners'
import type { Notices } from '../../core/view/notices'
import { settingEntries } from '../../core/audit-log/settings-audit'
import type { Result } from '../../core/base/result'
import type { AccountView } from '../../core/view/snapshot'
import { openAuditLog } from '../../node/data-folder/audit-log'
import { createMemoryAuditLog } from '../../node/in-memory/memory-audit-log'
import { ACTIVITY_PAGE } from '../../shared/ipc'
import type { AppStore } from '../settings/app-store'

export interface SessionAuditLogOptions {
  /** Where the log of the data folder lies. */
  readonly folder: string
  /** Whether this process may write it; if not, why, in words. */
  readonly mayWrite: () => Result<void, string>
  readonly nowMs: () => number
  readonly onSettings: AppStore['onSettings']
  readonly notices: Notices
}

/** The activity log of the app: of the data folder, or while the demo runs of the demo. */
export interface SessionAuditLog {
  /** The log for an account that is watched from now on; that it is becomes its next entry. */
  logForAccount(account: Omit<AccountView, 'isMonitorOnly'>): AuditLog
  /** The account was disconnected and its key erased; null: none was, or its key could not be erased. */
  endAccount(forgotten: AccountView | null): void
  page(before: number | null, filter: AuditFilter): AuditPage
  /** What windows see of it. */
  view(): AuditLogView
  /** Calls back after every entry. */
  readonly onChange: (listener: () => void) => () => void
  /** This process acts from now on. */
  recordStart(): void
  hide(secret: string): void
  close(): void
}

const WRITE_PROBLEM = 'activity-log'

export function createSessionAuditLog(options: SessionAuditLogOptions): SessionAuditLog {
  const { folder, mayWrite, nowMs, notices } = options
  const listeners = createListeners()
  const file = openAuditLog({
    folder,
    mayWrite,
    onRecord: listeners.notify,
    onWriteProblem(problem) {
      if (problem === null) notices.dismiss(WRITE_PROBLEM)
      else notices.add({ id: WRITE_PROBLEM, podId: null, text: problem, atMs: nowMs() }, 'app')
    },
  })
  let current: ReadableAuditLog = file
  let lastKey: Pick<AccountView, 'id' | 'keyEnding'> | null = null

  const record = (entry: AuditEntry): void => void current.record(entry)

  options.onSettings((after, before) => {
    for (const entry of settingEntries(after, before, nowMs())) record(entry)
  })

  return {
    logForAccount(account) {
      current = account.isDemo ? createMemoryAuditLog(listeners.notify) : file
      if (account.isDemo) return current
      const isReplaced = lastKey?.id === account.id && lastKey.keyEnding !== account.keyEnding
      record(keyEntry(isReplaced ? 'replaced' : 'connected', account, nowMs()))
      lastKey = account
      return current
    },
    endAccount(forgotten) {
      current = file
      if (forgotten !== null && !forgotten.isDemo) record(keyEntry('forgotten', forgotten, nowMs()))
      else listeners.notify()
    },
    page: (before, filter) => current.page(before, filter, ACTIVITY_PAGE),
    view: () => current.view(),
    onChange: listeners.add,
    recordStart: () =>
      void file.record(
        startEntry('Podkeeper', file.page(null, allAuditEntries, ACTIVITY_PAGE).entries, nowMs()),
      ),
    hide: (secret) => file.hide(secret),
    close() {
      file.record(endEntry('Podkeeper', nowMs()))
      file.close()
    },
  }
}
