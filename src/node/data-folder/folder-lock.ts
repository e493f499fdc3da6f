import { fail, ok, type Result } from '../../core/base/result'
import { type OpenJournal, openJournal } from './journal'
import { claimWriterLock, type Holder } from './lock-socket'

/** What this process may do with its data folder. */
export type Role =
  | { readonly kind: 'claiming' }
  /** It acts, and nobody else does. */
  | { readonly kind: 'acting' }
  /** Another process acts; this one looks, and takes over when that one ends. */
  | { readonly kind: 'reading'; readonly holder: Holder | null }
  /** The lock itself cannot be used, for this reason in words; see `actsUnlocked`. */
  | { readonly kind: 'unlocked'; readonly problem: string }

export interface WriterOptions {
  readonly dataFolder: string
  readonly journalPath: string
  readonly program: Holder['program']
  /** Whether to act where the lock cannot be used: for the one program that would, of several. */
  readonly actsUnlocked: boolean
  readonly nowMs: () => number
  /** Told of every role but the first, which `start` answers. */
  readonly onRole: (role: Role) => void
}

/** The right to act on a data folder, and its journal, which is open only while this process has that right. */
export interface Writer {
  /** Asks for the right, once; resolves with what came of it. Throws what the file system throws. */
  start(): Promise<Role>
  role(): Role
  /** Whether this process may write into the data folder now; if not, why, as a sentence. */
  mayWrite(): Result<void, string>
  /** Refuses in words, and holds nothing, while another process acts. */
  readonly journal: OpenJournal
  dispose(): void
}

export function createWriter(options: WriterOptions): Writer {
  const { dataFolder, journalPath, program, nowMs, onRole } = options
  let role: Role = { kind: 'claiming' }
  let journal: OpenJournal | null = null
  let isDisposed = false
  let letGo = (): void => {}

  async function claim(): Promise<void> {
    const claimed = await claimWriterLock(dataFolder, program)
    if (!claimed.ok) {
      if (options.actsUnlocked && !isDisposed) journal ??= openJournal(journalPath, nowMs())
      role = { kind: 'unlocked', problem: claimed.error }
      return
    }
    const { value } = claimed
    if (value.kind === 'held') {
      letGo = value.release
      if (isDisposed) value.release()
      else journal = openJournal(journalPath, nowMs())
      role = { kind: 'acting' }
      return
    }
    letGo = value.stopWaiting
    role = { kind: 'reading', holder: value.holder }
    void value.freed.then(claimAgain)
    if (isDisposed) value.stopWaiting()
  }

  async function claimAgain(): Promise<void> {
    if (isDisposed) return
    try {
      await claim()
    } catch (cause) {
      role = { kind: 'unlocked', problem: cause instanceof Error ? cause.message : String(cause) }
    }
    if (!isDisposed) onRole(role)
  }

  return {
    async start() {
      await claim()
      return role
    },
    role: () => role,
    mayWrite: () => (journal === null ? fail(refusal(role)) : ok(undefined)),
    journal: {
      record: (intent) => journal?.record(intent) ?? fail(refusal(role)),
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
      letGo()
    },
  }
}

/** Why nothing may be done in this role, as a sentence. */
export function refusal(role: Role): string {
  switch (role.kind) {
    case 'reading':
      return `${holderWords(role.holder)} acts for this account; do it there, or end it first.`
    case 'unlocked':
      return role.problem
    case 'claiming':
    case 'acting':
      return 'Podkeeper is still starting.'
  }
}

export function holderWords(holder: Holder | null): string {
  if (holder === null) return 'Another Podkeeper'
  const name = holder.program === 'app' ? 'the Podkeeper app' : 'a podkeeper command'
  return `${name} (process ${holder.pid})`
}
