import { errorText } from '../../core/base/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { type OpenJournal, openJournal } from './journal'
import { claimFolderLock, type LockHolder } from './lock-socket'

/** The role of this process on its data folder. */
export type LockRole =
  | { readonly kind: 'claiming' }
  /** This process is the only one that acts. */
  | { readonly kind: 'active' }
  /** Another process acts. This one only reads, and takes over when that one ends. */
  | { readonly kind: 'passive'; readonly holder: LockHolder | null }
  /** The lock cannot be used, for this reason; see `canActUnlocked`. */
  | { readonly kind: 'unlocked'; readonly problem: string }

export interface FolderLockOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly program: LockHolder['program']
  /** Whether to act when the lock cannot be used. Only one of several programs may. */
  readonly canActUnlocked: boolean
  readonly nowMs: () => number
  /** Called with every role after the first, which `start` returns. */
  readonly onRole: (role: LockRole) => void
}

/**
 * The right to act on a data folder, and the journal, which is open only while this process has that right.
 */
export interface FolderLock {
  /** Requests the right once and resolves with the resulting role. Throws file system errors. */
  start(): Promise<LockRole>
  role(): LockRole
  /** Whether this process may write to the data folder now; the error is a sentence. */
  mayWrite(): Result<void, string>
  /** Rejects writes with a sentence and is empty while another process acts. */
  readonly journal: OpenJournal
  dispose(): void
}

export function createFolderLock(options: FolderLockOptions): FolderLock {
  const { dataFolder, journalPath, program, nowMs, onRole } = options
  let role: LockRole = { kind: 'claiming' }
  let journal: OpenJournal | null = null
  let isDisposed = false
  let release = (): void => {}

  async function claim(): Promise<void> {
    const claimed = await claimFolderLock(dataFolder, program)
    if (!claimed.ok) {
      if (options.canActUnlocked && !isDisposed) journal ??= openJournal(journalPath, nowMs())
      role = { kind: 'unlocked', problem: claimed.error }
      return
    }
    const { value } = claimed
    if (value.kind === 'held') {
      release = value.release
      if (isDisposed) value.release()
      else journal = openJournal(journalPath, nowMs())
      role = { kind: 'active' }
      return
    }
    release = value.stopWaiting
    role = { kind: 'passive', holder: value.holder }
    void value.released.then(reclaim)
    if (isDisposed) value.stopWaiting()
  }

  async function reclaim(): Promise<void> {
    if (isDisposed) return
    try {
      await claim()
    } catch (cause) {
      role = { kind: 'unlocked', problem: errorText(cause) }
    }
    if (!isDisposed) onRole(role)
  }

  return {
    async start() {
      await claim()
      return role
    },
    role: () => role,
    mayWrite: () => (journal === null ? fail(refusalText(role)) : ok(undefined)),
    journal: {
      record: (intent) => journal?.record(intent) ?? fail(refusalText(role)),
      latest: () => journal?.latest() ?? [],
      get problems() {
        return journal?.problems ?? []
      },
      close: () => journal?.close(),
    },
    dispose() {
      isDisposed = true
      journal?.close()
      journal = null
      release()
    },
  }
}

/** Why nothing may be done in this role, as a sentence. */
export function refusalText(role: LockRole): string {
  switch (role.kind) {
    case 'passive':
      return `${holderText(role.holder)} acts for this account; do it there, or end it first.`
    case 'unlocked':
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
