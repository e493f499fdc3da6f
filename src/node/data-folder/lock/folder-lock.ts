import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { fail, ok, type Result } from '../../../core/base/result'
import { formatProblem, migrateFolder } from '../format/folder-format'
import type { FolderFormat } from '../format/migration'
import {
  type JournalFile,
  type OpenCreates,
  type OpenJournal,
  openJournal,
  type OpenJournalOf,
  type OpenOutbox,
  type OpenQueue,
} from '../journal/journal'
import type { Recorded } from '../journal/journal-kinds'
import { openCreatesFile, openOutboxFile, openQueueFile, queuePath } from '../journal/lazy-journal'
import { claimFolderLock, type LockHolder, type LockService, observeFreeLock } from './lock-socket'

/** The role of this process on its data folder. */
export type LockRole =
  | { readonly kind: 'claiming' }
  /** This process is the only one that acts. */
  | { readonly kind: 'active' }
  /** Another process acts. This one only reads, and takes over when that one ends. */
  | { readonly kind: 'passive'; readonly holder: LockHolder | null }
  /** The folder has a format that this program does not support: it only reads, and asks again. */
  | { readonly kind: 'unsupported-format'; readonly problem: string }
  /** The lock cannot be used, for this reason; it is tried again. See `canActUnlocked`. */
  | { readonly kind: 'unlocked'; readonly problem: string }

export interface FolderLockOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly program: LockHolder['program']
  /**
   * Whether to act when the lock cannot be used, as long as no other program holds it. Only one of several
   * programs may.
   */
  readonly canActUnlocked: boolean
  readonly nowMs: () => number
  /** Called with every role after the first, which `start` returns. */
  readonly onRole: (role: LockRole) => void
  /** The format that this program knows. */
  readonly format?: FolderFormat
  /** How long to wait before an unusable lock is tried again. */
  readonly retryMs?: number
}

const RETRY_MS = 5_000

/**
 * The right to act on a data folder, and the journal, which is open only while this process has that right.
 */
export interface FolderLock {
  /**
   * Requests the right once and resolves with the resulting role. Throws file system errors where the journal cannot be
   * opened; like an unusable lock, it is tried again. `service` serves the requests of other programs whenever this one
   * holds the lock.
   */
  start(service?: LockService): Promise<LockRole>
  role(): LockRole
  /** Whether this process acted at the last check. Costs nothing, unlike `mayWrite`. */
  isActing(): boolean
  /** Whether this process may write to the data folder, checked now; the error is a sentence. */
  mayWrite(): Result<void, string>
  /** Rejects writes with a sentence and is empty while another process acts. */
  readonly journal: OpenJournal
  /** The same for creates. */
  readonly creates: OpenCreates
  /** The same for the queue of jobs. */
  readonly queue: OpenQueue
  /** The same for the messages to channels. */
  readonly outbox: OpenOutbox
  dispose(): void
}

export function createFolderLock(options: FolderLockOptions): FolderLock {
  const { dataFolder, journalPath, program, nowMs, onRole, retryMs = RETRY_MS, format } = options
  let role: LockRole = { kind: 'claiming' }
  let right: Right | null = null
  let service: LockService | undefined
  let isDisposed = false
  let isReclaiming = false
  let retryTimer: NodeJS.Timeout | undefined
  let release = (): void => {}

  async function claim(): Promise<void> {
    if (waitsForFormat()) return
    const claimed = await claimFolderLock(dataFolder, program, service)
    if (!claimed.ok) {
      role = { kind: 'unlocked', problem: claimed.error }
      retryLater()
      const isFree = options.canActUnlocked ? await observeFreeLock(dataFolder) : null
      if (isFree === null) end()
      else if (right === null || problemOf(right) !== null) begin(isFree)
      return
    }
    const { value } = claimed
    if (value.kind === 'held') {
      release = value.release
      if (waitsForFormat()) {
        release()
        return
      }
      try {
        begin(value.isHeld)
      } catch (cause) {
        // A program that cannot write the journal must not keep others from acting.
        release()
        retryLater()
        throw cause
      }
      if (isDisposed) release()
      role = { kind: 'active' }
      return
    }
    end()
    release = value.stopWaiting
    role = { kind: 'passive', holder: value.holder }
    void value.released.then(reclaim)
    if (isDisposed) value.stopWaiting()
  }

  /** Whether the folder is in a format that this program does not support. Either may be replaced while it waits. */
  function waitsForFormat(): boolean {
    const problem = formatProblem(dataFolder, format)
    if (problem === null) return false
    end()
    role = { kind: 'unsupported-format', problem }
    retryLater()
    return true
  }

  /** Opens the journal, as it is now. Throws file system errors. */
  function begin(isHeld: () => boolean): void {
    end()
    if (isDisposed) return
    migrateFolder(dataFolder, format)
    const creates = openCreatesFile(join(dataFolder, 'creates.jsonl'), nowMs)
    const queue = openQueueFile(queuePath(dataFolder), nowMs)
    const outbox = openOutboxFile(join(dataFolder, 'outbox.jsonl'), nowMs)
    right = { journal: openJournal(journalPath, nowMs()), creates, queue, outbox, isHeld }
  }

  function end(): void {
    const ended = right
    right = null
    ended?.journal.close()
    ended?.creates.close()
    ended?.queue.close()
    ended?.outbox.close()
  }

  async function reclaim(): Promise<void> {
    clearTimeout(retryTimer)
    if (isDisposed || isReclaiming) return
    isReclaiming = true
    const before = role
    const rightBefore = right
    try {
      await claim()
    } catch (cause) {
      role = withoutJournal(cause)
    }
    isReclaiming = false
    const isUnchanged = right === rightBefore && JSON.stringify(role) === JSON.stringify(before)
    if (!isDisposed && !isUnchanged) onRole(role)
  }

  function retryLater(): void {
    clearTimeout(retryTimer)
    if (!isDisposed) retryTimer = setTimeout(() => void reclaim(), retryMs).unref()
  }

  /** The right to act, checked now. If it was lost, this process stops acting and asks for it again. */
  function checkRight(): Result<Right, string> {
    if (right === null) return fail(refusalText(role))
    const problem = problemOf(right)
    if (problem === null) return ok(right)
    if (problem === 'lost') {
      end()
      release()
      role = { kind: 'passive', holder: null }
      onRole(role)
      void reclaim()
      return fail(refusalText(role))
    }
    return fail(`Podkeeper cannot tell whether another program is active: ${problem}`)
  }

  /** A journal that is open only while this process may act. */
  function guarded<T extends Recorded>(journalOf: (right: Right) => OpenJournalOf<T>): OpenJournalOf<T> {
    return {
      record(recorded) {
        const before = checkRight()
        if (!before.ok) return before
        const written = journalOf(before.value).record(recorded)
        // Another program may have read the journal before this was written.
        return written.ok ? withoutValue(checkRight()) : written
      },
      latest: () => (right === null ? [] : journalOf(right).latest()),
      get problems() {
        return right === null ? [] : journalOf(right).problems
      },
      close: end,
    }
  }

  return {
    async start(served) {
      service = served
      try {
        await claim()
      } catch (cause) {
        role = withoutJournal(cause)
        throw cause
      }
      return role
    },
    role: () => role,
    isActing: () => right !== null,
    mayWrite: () => withoutValue(checkRight()),
    journal: guarded(({ journal }) => journal),
    creates: guarded(({ creates }) => creates),
    queue: guarded(({ queue }) => queue),
    outbox: guarded(({ outbox }) => outbox),
    dispose() {
      isDisposed = true
      clearTimeout(retryTimer)
      end()
      release()
    },
  }
}

/** The role of a process that may act and cannot record what it does. */
const withoutJournal = (cause: unknown): LockRole => ({
  kind: 'unlocked',
  problem: `The journal of actions cannot be opened (${errorText(cause)}).`,
})

/** While it exists, this process may act. */
interface Right {
  readonly journal: JournalFile
  readonly creates: OpenCreates
  readonly queue: OpenQueue
  readonly outbox: OpenOutbox
  /** Throws file system errors. */
  readonly isHeld: () => boolean
}

/** Null while the right holds; `lost` when another program acts or replaced the journal; otherwise an error. */
function problemOf({ journal, isHeld }: Right): string | null {
  try {
    return isHeld() && journal.isInPlace() ? null : 'lost'
  } catch (cause) {
    return errorText(cause)
  }
}

const withoutValue = (result: Result<unknown, string>): Result<void, string> =>
  result.ok ? ok(undefined) : result

/** Why nothing may be done in this role, as a sentence. */
export function refusalText(role: LockRole): string {
  switch (role.kind) {
    case 'passive':
      return `${holderText(role.holder)} manages this account. Do it there, or quit it first.`
    case 'unlocked':
    case 'unsupported-format':
      return role.problem
    case 'claiming':
    case 'active':
      return 'Podkeeper is still starting.'
  }
}

export function holderText(holder: LockHolder | null): string {
  if (holder === null) return 'Another Podkeeper'
  const name = holder.program === 'app' ? 'the Podkeeper app' : 'a podkeeper command'
  return `${name} (process ${holder.pid})`
}
