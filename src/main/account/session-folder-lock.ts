import { createListeners } from '../../core/base/listeners'
import type { Result } from '../../core/base/result'
import type { Notices } from '../../core/view/notices'
import {
  createFolderLock,
  type FolderLock,
  holderText,
  type LockRole,
} from '../../node/data-folder/lock/folder-lock'
import type { LockService } from '../../node/data-folder/lock/lock-socket'
import { accountText } from './account-text'

export interface SessionFolderLockOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly nowMs: () => number
  readonly notices: Notices
  readonly report: (what: string) => void
}

/**
 * The app's part of having one active process per data folder: while a command line watches, the app shows
 * everything, sends no alerts and rejects actions with the reason. When that process ends, the app takes
 * over. See docs/decisions/0010-data-folder-lock.md.
 */
export interface SessionFolderLock extends Pick<
  FolderLock,
  'journal' | 'creates' | 'queue' | 'outbox' | 'dispose'
> {
  /** Resolves once the role of this process is known. `service` serves commands while this process is the active one. */
  start(service?: LockService): Promise<void>
  readonly mayWrite: () => Result<void, string>
  /** False while another process sends the alerts. */
  readonly mayAnnounce: () => boolean
  /** Calls back when this process becomes the active one, at startup or later. */
  readonly onActive: (listener: () => void) => () => void
}

const ROLE_NOTICE = 'one-writer'

export function createSessionFolderLock(options: SessionFolderLockOptions): SessionFolderLock {
  const { dataFolder, journalPath, nowMs, notices, report } = options
  const activeListeners = createListeners()
  let isActing = false
  const folderLock = createFolderLock({
    dataFolder,
    journalPath,
    program: 'app',
    // Electron allows only one app on this folder, and no command acts without the lock.
    canActUnlocked: true,
    nowMs,
    onRole: applyRole,
  })

  function addNotice(id: string, text: string): void {
    notices.add({ id, accountId: null, podId: null, text, atMs: nowMs() })
  }

  function applyRole(role: LockRole): void {
    if (role.kind === 'unlocked') report(role.problem)
    const wasActing = isActing
    isActing = folderLock.isActing()
    if (!isActing) {
      addNotice(ROLE_NOTICE, watchingText(role))
      return
    }
    notices.dismiss(ROLE_NOTICE)
    for (const problem of [
      ...folderLock.journal.problems,
      ...folderLock.creates.problems,
      ...folderLock.queue.problems,
      ...folderLock.outbox.problems,
    ])
      addNotice(problem, problem)
    if (!wasActing) activeListeners.notify()
  }

  return {
    journal: folderLock.journal,
    creates: folderLock.creates,
    queue: folderLock.queue,
    outbox: folderLock.outbox,
    mayWrite: () => folderLock.mayWrite(),
    dispose: () => folderLock.dispose(),
    async start(service) {
      // Without a journal nothing may be done, and everything is watched.
      await folderLock.start(service).catch(() => {})
      applyRole(folderLock.role())
    },
    mayAnnounce: () => folderLock.isActing(),
    onActive: activeListeners.add,
  }
}

/** Why the app only shows, as sentences. */
function watchingText(role: LockRole): string {
  if (role.kind === 'unsupported-format') return role.problem
  if (role.kind === 'unlocked') return accountText.lockUnusable(role.problem)
  const holder = role.kind === 'passive' ? role.holder : null
  return accountText.otherActs(capitalized(holderText(holder)))
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
