import {
  type ActivityBook,
  type ActivityEntry,
  type ActivityFilter,
  type ActivityLog,
  type ActivityPage,
  allActivity,
} from '../../core/audit-log/audit-log'
import { endEntry, keyEntry, startEntry } from '../../core/audit-log/audit-text'
import { createNotices } from '../../core/view/notices'
import { settingEntries } from '../../core/audit-log/settings-audit'
import type { Result } from '../../core/base/result'
import type { AccountView, Snapshot } from '../../core/view/snapshot'
import { openActivityLog } from '../../node/data-folder/activity-log'
import { createMemoryActivity } from '../../node/in-memory/memory-activity'
import { ACTIVITY_PAGE } from '../../shared/ipc'
import type { Session } from './account-session'
import type { AppStore } from '../settings/app-store'

export interface ActivityKeeperOptions {
  /** Where the log of the data folder lies. */
  readonly folder: string
  /** Whether this process may write it; if not, why, in words. */
  readonly mayWrite: () => Result<void, string>
  readonly nowMs: () => number
  readonly onSettings: AppStore['onSettings']
  readonly session: () => Session
}

/** The activity log of the app: of the data folder, or while the demo runs of the demo. */
export interface ActivityKeeper {
  /** The log for an account that is watched from now on; that it is becomes its next entry. */
  logFor(account: Omit<AccountView, 'isMonitorOnly'>): ActivityLog
  page(before: number | null, filter: ActivityFilter): ActivityPage
  /** This process acts from now on. */
  begin(): void
  hide(secret: string): void
  /** The snapshot, with what windows see of the log. */
  withActivity(snapshot: Snapshot): Snapshot
  /** `session`, whose snapshots have that, and whose end of an account is written down. */
  around(session: Session): Session
  close(): void
}

const TROUBLE = 'activity-log'

export function createActivityKeeper(options: ActivityKeeperOptions): ActivityKeeper {
  const { folder, mayWrite, nowMs, session } = options
  const notices = createNotices([], 0)
  const file = openActivityLog({ folder, mayWrite, onRecord: showSoon, onTrouble: handleTrouble })
  let current: ActivityBook = file
  let lastKey: Pick<AccountView, 'id' | 'keyEnding'> | null = null
  let shownSeq = 0
  let isShowing = false

  /** What was written down during a turn is shown with it; anything else is shown by itself. */
  function showSoon(): void {
    if (isShowing) return
    isShowing = true
    setImmediate(() => {
      isShowing = false
      if (current.view().lastSeq !== shownSeq) session().redraw()
    })
  }

  function handleTrouble(problem: string | null): void {
    if (problem === null) notices.dismiss(TROUBLE)
    else notices.add(TROUBLE, null, problem, nowMs())
    shownSeq = -1
    showSoon()
  }

  function withActivity(snapshot: Snapshot): Snapshot {
    const activity = current.view()
    shownSeq = activity.lastSeq
    return { ...snapshot, activity, notices: [...snapshot.notices, ...notices.all()] }
  }

  const record = (entry: ActivityEntry): void => void current.record(entry)

  options.onSettings((after, before) => {
    for (const entry of settingEntries(after, before, nowMs())) record(entry)
  })

  return {
    logFor(account) {
      current = account.isDemo ? createMemoryActivity(showSoon) : file
      if (account.isDemo) return current
      const isOther = lastKey?.id === account.id && lastKey.keyEnding !== account.keyEnding
      record(keyEntry(isOther ? 'replaced' : 'connected', account, nowMs()))
      lastKey = account
      return current
    },
    page: (before, filter) => current.page(before, filter, ACTIVITY_PAGE),
    begin: () =>
      void file.record(startEntry('Podkeeper', file.page(null, allActivity, ACTIVITY_PAGE).entries, nowMs())),
    hide: (secret) => file.hide(secret),
    withActivity,
    around: (inner) => ({
      ...inner,
      snapshot: () => withActivity(inner.snapshot()),
      dismissNotice(noticeId) {
        notices.dismiss(noticeId)
        inner.dismissNotice(noticeId)
      },
      async disconnect() {
        const { account } = inner.snapshot()
        const left = await inner.disconnect()
        current = file
        if (left.ok && account !== null && !account.isDemo) record(keyEntry('forgotten', account, nowMs()))
        return left
      },
    }),
    close() {
      file.record(endEntry('Podkeeper', nowMs()))
      file.close()
    },
  }
}
