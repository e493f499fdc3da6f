import { createNotices } from '../../core/view/notices'
import type { Snapshot } from '../../core/view/snapshot'
import { journalProblems } from '../../node/data-folder/journal'
import {
  createFolderLock,
  type FolderLock,
  holderText,
  type LockRole,
} from '../../node/data-folder/folder-lock'
import type { AccountSession } from './account-session'

export interface SessionFolderLockOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly nowMs: () => number
  /** There by the time a role is known. */
  readonly session: () => AccountSession
  /** This process acts from now on. */
  readonly onActive: () => void
  readonly report: (what: string) => void
}

/**
 * The app's half of one writer per data folder: while a command line watches, the app shows everything, announces
 * nothing and refuses actions in words; when that one ends the app takes over. See docs/decisions/0010.
 */
export interface SessionFolderLock extends Pick<FolderLock, 'journal' | 'mayWrite' | 'dispose'> {
  /** Connects the stored account once it is known who acts. */
  start(): Promise<void>
  /** False while another process announces. */
  mayAnnounce(): boolean
  /** The snapshot, with a notice of who acts, and of a damaged journal. */
  withNotices(snapshot: Snapshot): Snapshot
  /** `session`, whose snapshots have these notices, and where they can be dismissed. */
  decorate(session: AccountSession): AccountSession
}

const ROLE_NOTICE = 'one-writer'

export function createSessionFolderLock(options: SessionFolderLockOptions): SessionFolderLock {
  const { dataFolder, journalPath, nowMs, session, report } = options
  const notices = createNotices([], 0)
  const folderLock = createFolderLock({
    dataFolder,
    journalPath,
    program: 'app',
    // Electron lets no second app run on this folder, and no command acts without the lock.
    canActUnlocked: true,
    nowMs,
    onRole: applyRole,
  })

  function applyRole(role: LockRole): void {
    if (role.kind === 'unlocked') report(role.problem)
    if (role.kind === 'reading') {
      const holder = `${capitalized(holderText(role.holder))} alerts and acts for this folder.`
      notices.add(ROLE_NOTICE, null, `${holder} Until it ends, Podkeeper only shows.`, nowMs())
      return
    }
    options.onActive()
    for (const problem of journalProblems(folderLock.journal)) notices.add(problem, null, problem, nowMs())
    session().adopt(folderLock.journal.latest())
    // Shows the picture anew as well.
    session().dismissNotice(ROLE_NOTICE)
  }

  function withNotices(snapshot: Snapshot): Snapshot {
    const own = notices.all()
    return own.length === 0 ? snapshot : { ...snapshot, notices: [...snapshot.notices, ...own] }
  }

  return {
    journal: folderLock.journal,
    mayWrite: () => folderLock.mayWrite(),
    dispose: () => folderLock.dispose(),
    async start() {
      applyRole(await folderLock.start())
      await session().restore()
    },
    mayAnnounce: () => folderLock.role().kind !== 'reading',
    withNotices,
    decorate: (inner) => ({
      ...inner,
      snapshot: () => withNotices(inner.snapshot()),
      dismissNotice(noticeId) {
        notices.dismiss(noticeId)
        inner.dismissNotice(noticeId)
      },
    }),
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
