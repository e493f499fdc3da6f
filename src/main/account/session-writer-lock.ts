import { createNotices } from '../../core/view/notices'
import type { Snapshot } from '../../core/view/snapshot'
import { problemsOfJournal } from '../../node/data-folder/journal'
import { createWriter, holderWords, type Role, type Writer } from '../../node/data-folder/folder-lock'
import type { Session } from './account-session'

export interface OneWriterOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly nowMs: () => number
  /** There by the time a role is known. */
  readonly session: () => Session
  /** This process acts from now on. */
  readonly onActing: () => void
  readonly report: (what: string) => void
}

/**
 * The app's half of one writer per data folder: while a command line watches, the app shows everything, announces
 * nothing and refuses actions in words; when that one ends the app takes over. See docs/decisions/0010.
 */
export interface OneWriter extends Pick<Writer, 'journal' | 'mayWrite' | 'dispose'> {
  /** Connects the stored account once it is known who acts. */
  start(): Promise<void>
  /** False while another process announces. */
  mayAnnounce(): boolean
  /** The snapshot, with a notice of who acts, and of a damaged journal. */
  withNotices(snapshot: Snapshot): Snapshot
  /** `session`, whose snapshots have these notices, and where they can be dismissed. */
  around(session: Session): Session
}

const ROLE = 'one-writer'

export function createOneWriter(options: OneWriterOptions): OneWriter {
  const { dataFolder, journalPath, nowMs, session, report } = options
  const notices = createNotices([], 0)
  const writer = createWriter({
    dataFolder,
    journalPath,
    program: 'app',
    // Electron lets no second app run on this folder, and no command acts without the lock.
    actsUnlocked: true,
    nowMs,
    onRole: takeRole,
  })

  function takeRole(role: Role): void {
    if (role.kind === 'unlocked') report(role.problem)
    if (role.kind === 'reading') {
      const words = `${capitalised(holderWords(role.holder))} alerts and acts for this folder.`
      notices.add(ROLE, null, `${words} Until it ends, Podkeeper only shows.`, nowMs())
      return
    }
    options.onActing()
    for (const problem of problemsOfJournal(writer.journal)) notices.add(problem, null, problem, nowMs())
    session().adopt(writer.journal.latest())
    // Shows the picture anew as well.
    session().dismissNotice(ROLE)
  }

  function withNotices(snapshot: Snapshot): Snapshot {
    const own = notices.all()
    return own.length === 0 ? snapshot : { ...snapshot, notices: [...snapshot.notices, ...own] }
  }

  return {
    journal: writer.journal,
    mayWrite: () => writer.mayWrite(),
    dispose: () => writer.dispose(),
    async start() {
      takeRole(await writer.start())
      await session().restore()
    },
    mayAnnounce: () => writer.role().kind !== 'reading',
    withNotices,
    around: (inner) => ({
      ...inner,
      snapshot: () => withNotices(inner.snapshot()),
      dismissNotice(noticeId) {
        notices.dismiss(noticeId)
        inner.dismissNotice(noticeId)
      },
    }),
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
