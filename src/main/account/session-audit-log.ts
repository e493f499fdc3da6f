import {
  allAuditEntries,
  type AuditEntry,
  type AuditFilter,
  type AuditLog,
  type AuditPage,
  type ReadableAuditLog,
} from '../../core/audit-log/audit-log'
import { endEntry, keyEntry, startEntry } from '../../core/audit-log/audit-text'
import { createNotices } from '../../core/view/notices'
import { settingEntries } from '../../core/audit-log/settings-audit'
import type { Result } from '../../core/base/result'
import type { AccountView, Snapshot } from '../../core/view/snapshot'
import { openAuditLog } from '../../node/data-folder/audit-log'
import { createMemoryAuditLog } from '../../node/in-memory/memory-audit-log'
import { ACTIVITY_PAGE } from '../../shared/ipc'
import type { AccountSession } from './account-session'
import type { AppStore } from '../settings/app-store'

export interface SessionAuditLogOptions {
  /** Where the log of the data folder lies. */
  readonly folder: string
  /** Whether this process may write it; if not, why, in words. */
  readonly mayWrite: () => Result<void, string>
  readonly nowMs: () => number
  readonly onSettings: AppStore['onSettings']
  readonly session: () => AccountSession
}

/** The activity log of the app: of the data folder, or while the demo runs of the demo. */
export interface SessionAuditLog {
  /** The log for an account that is watched from now on; that it is becomes its next entry. */
  logForAccount(account: Omit<AccountView, 'isMonitorOnly'>): AuditLog
  page(before: number | null, filter: AuditFilter): AuditPage
  /** This process acts from now on. */
  recordStart(): void
  hide(secret: string): void
  /** The snapshot, with what windows see of the log. */
  withAuditLog(snapshot: Snapshot): Snapshot
  /** `session`, whose snapshots have that, and whose end of an account is written down. */
  decorate(session: AccountSession): AccountSession
  close(): void
}

const WRITE_PROBLEM = 'activity-log'

export function createSessionAuditLog(options: SessionAuditLogOptions): SessionAuditLog {
  const { folder, mayWrite, nowMs, session } = options
  const notices = createNotices([], 0)
  const file = openAuditLog({
    folder,
    mayWrite,
    onRecord: schedulePublish,
    onWriteProblem: handleWriteProblem,
  })
  let current: ReadableAuditLog = file
  let lastKey: Pick<AccountView, 'id' | 'keyEnding'> | null = null
  let publishedSeq = 0
  let isPublishScheduled = false

  /** What was written down during a turn is shown with it; anything else is shown by itself. */
  function schedulePublish(): void {
    if (isPublishScheduled) return
    isPublishScheduled = true
    setImmediate(() => {
      isPublishScheduled = false
      if (current.view().lastSeq !== publishedSeq) session().republish()
    })
  }

  function handleWriteProblem(problem: string | null): void {
    if (problem === null) notices.dismiss(WRITE_PROBLEM)
    else notices.add(WRITE_PROBLEM, null, problem, nowMs())
    publishedSeq = -1
    schedulePublish()
  }

  function withActivity(snapshot: Snapshot): Snapshot {
    const auditLog = current.view()
    publishedSeq = auditLog.lastSeq
    return { ...snapshot, auditLog, notices: [...snapshot.notices, ...notices.all()] }
  }

  const record = (entry: AuditEntry): void => void current.record(entry)

  options.onSettings((after, before) => {
    for (const entry of settingEntries(after, before, nowMs())) record(entry)
  })

  return {
    logForAccount(account) {
      current = account.isDemo ? createMemoryAuditLog(schedulePublish) : file
      if (account.isDemo) return current
      const isReplaced = lastKey?.id === account.id && lastKey.keyEnding !== account.keyEnding
      record(keyEntry(isReplaced ? 'replaced' : 'connected', account, nowMs()))
      lastKey = account
      return current
    },
    page: (before, filter) => current.page(before, filter, ACTIVITY_PAGE),
    recordStart: () =>
      void file.record(
        startEntry('Podkeeper', file.page(null, allAuditEntries, ACTIVITY_PAGE).entries, nowMs()),
      ),
    hide: (secret) => file.hide(secret),
    withAuditLog: withActivity,
    decorate: (inner) => ({
      ...inner,
      snapshot: () => withActivity(inner.snapshot()),
      dismissNotice(noticeId) {
        notices.dismiss(noticeId)
        inner.dismissNotice(noticeId)
      },
      async disconnect() {
        const { account } = inner.snapshot()
        const disconnected = await inner.disconnect()
        current = file
        if (disconnected.ok && account !== null && !account.isDemo)
          record(keyEntry('forgotten', account, nowMs()))
        return disconnected
      },
    }),
    close() {
      file.record(endEntry('Podkeeper', nowMs()))
      file.close()
    },
  }
}
