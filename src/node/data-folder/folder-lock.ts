import { errorText } from '../../core/base/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { type OpenJournal, openJournal } from './journal'
import { claimFolderLock, type LockHolder } from './lock-socket'

/** What this process may do with its data folder. */
export type LockRole =
  | { readonly kind: 'claiming' }
  /** It acts, and nobody else does. */
  | { readonly kind: 'acting' }
  /** Another process acts; this one looks, and takes over when that one ends. */
  | { readonly kind: 'reading'; readonly holder: LockHolder | null }
  /** The lock itself cannot be used, for this reason in words; see `actsUnlocked`. */
  | { readonly kind: 'unlocked'; readonly problem: string }

export interface FolderLockOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly program: LockHolder['program']
  /** Whether to act where the lock cannot be used: for the one program that would, of several. */
  readonly canActUnlocked: boolean
  readonly nowMs: () => number
  /** Told of every role but the first, which `start` answers. */
  readonly onRole: (role: LockRole) => void
}

/** The right to act on a data folder, and its journal, which is open only while this process has that right. */
export interface FolderLock {
  /** Asks for the right, once; resolves with what came of it. Throws what the file system throws. */
  start(): Promise<LockRole>
  role(): LockRole
  /** Whether this process may write into the data folder now; if not, why, as a sentence. */
  mayWrite(): Result<void, string>
  /** Refuses in words, and holds nothing, while another process acts. */
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
      role = { kind: 'acting' }
      return
    }
    release = value.stopWaiting
    role = { kind: 'reading', holder: value.holder }
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
      get damagedCopy() {
        return journal?.damagedCopy ?? null
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
    case 'reading':
      return `${holderText(role.holder)} acts for this account; do it there, or end it first.`
    case 'unlocked':
      return role.problem
    case 'claiming':
    case 'acting':
      return 'Podkeeper is still starting.'
  }
}

export function holderText(holder: LockHolder | null): string {
  if (holder === null) return 'Another Podkeeper'
  const name = holder.program === 'app' ? 'the Podkeeper app' : 'a podkeeper command'
  return `${name} (process ${holder.pid})`
}
