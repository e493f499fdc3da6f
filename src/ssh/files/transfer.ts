import { fail, ok, type Result } from '../../core/base/result'
import { formatBytes } from '../../core/base/text/format'
import type { FileEntry } from '../../core/files/file-entry'
import { joinPath } from '../../core/files/file-name'
import { isPartialName } from '../../core/files/local-name'
import { diskBytesOf, type Omission, planTransfer, type TransferPlan } from '../../core/files/transfer-plan'
import {
  createProgressMeter,
  type ProgressMeter,
  type TransferProgress,
} from '../../core/files/transfer-progress'
import { copyFile } from './copy-file'
import { type CopyOutcome, type FileCopy, isSameFile } from './sides/file-copy'
import type { FileSession } from './session/open-file-session'
import { createPartOwner, findLeftParts } from './parts'
import { createReconnector, type Reconnector, type ReconnectOptions } from './reconnect'
import { SftpError } from './sftp/sftp-error'
import {
  clauseOf,
  endsAll,
  FileProblem,
  ifOfFile,
  sentenceOf,
  TransferProblem,
  UnreachableProblem,
} from './session/transfer-problems'
import type { TransferSelection, TransferSide } from './sides/transfer-side'

export interface TransferOptions extends ReconnectOptions {
  readonly side: TransferSide
  readonly sources: readonly string[]
  /** An existing folder gets them; otherwise one source gets this name. */
  readonly destination: string
  /** Whether what is there already counts: whole files, and parts of them. */
  readonly resumes: boolean
  /** Names the pod and its account, so that parts of files of others aren't continued. */
  readonly identity: string
  /** What would be copied; null: go on; otherwise why not, as a sentence. */
  readonly onPlan: (plan: TransferPlan, progress: () => TransferProgress) => string | null
  /** A clock that never goes back, ms. */
  readonly nowMs: () => number
}

export interface TransferSummary {
  readonly copied: number
  /** Those that were there already. */
  readonly same: number
  /** Of those that were copied. */
  readonly bytes: number
  /** Why others were not copied. */
  readonly failed: readonly Omission[]
}

export interface TransferFailure {
  readonly kind: 'unreachable' | 'failed' | 'aborted'
  /** A sentence. */
  readonly message: string
  /** What was done before. */
  readonly summary: TransferSummary
}

/** Files at a time; large ones wait for each other by their bytes. */
const WORKERS = 64
const BUDGET_BYTES = 8 * 1024 * 1024
const LARGE_BYTES = 4 * 1024 * 1024
/** What this computer, or the pod, keeps free. */
const RESERVED_BYTES = 100 * 1000 * 1000

/** Copies files and folders to or from a pod. See docs/product-rules.md#133-files. */
export async function transfer(options: TransferOptions): Promise<Result<TransferSummary, TransferFailure>> {
  const { side, onPlan, signal } = options
  const connection = createReconnector(options)
  const owner = createPartOwner()
  let summary = (): TransferSummary => ({ copied: 0, same: 0, bytes: 0, failed: [] })
  const failure = (kind: TransferFailure['kind'], message: string) =>
    fail({ kind, message, summary: summary() })
  try {
    const selection = await connection.run((session) =>
      side.select(session, options.sources, options.destination),
    )
    const plan = planTransfer(selection.entries, selection.omitted, side.platform)
    const total = { files: plan.files.length, bytes: plan.totalBytes }
    const meter = createProgressMeter(total, options.nowMs, connection.madeProgress)
    const copying = createCopying({ ...options, owner: owner.tag }, selection, plan, meter, connection)
    await connection.run((session) => copying.checkSpace(session))
    const refusal = onPlan(plan, meter.read)
    if (refusal !== null) return failure('failed', refusal)
    summary = copying.summary
    await connection.run((session) => copying.makeFolders(session))
    await connection.run((session) => copying.copyFiles(session))
    await connection.run((session) => copying.makeLinks(session))
    return ok(summary())
  } catch (error) {
    if (signal.aborted) return failure('aborted', 'The transfer was canceled.')
    const isUnreachable =
      error instanceof SftpError ? error.isOfConnection : error instanceof UnreachableProblem
    return failure(isUnreachable ? 'unreachable' : 'failed', sentenceOf(error))
  } finally {
    connection.close()
    owner.end()
  }
}

/** One transfer, whose steps go on where they were when they are called again on another connection. */
function createCopying(
  options: TransferOptions & Pick<FileCopy, 'owner'>,
  { base, sources }: TransferSelection,
  plan: TransferPlan,
  meter: ProgressMeter,
  connection: Reconnector,
) {
  const { side, identity, owner, resumes } = options
  const failed: Omission[] = [...plan.omitted]
  const lostFolders = new Set<string>()
  const outcomes: Record<CopyOutcome, number> = { copied: 0, same: 0 }
  let copiedBytes = 0
  const parts = new Map<string, Promise<readonly string[]>>()
  const budget = createByteBudget(BUDGET_BYTES)
  const levels: FileEntry[][] = []
  for (const folder of plan.folders) (levels[folder.path.split('/').length - 1] ??= []).push(folder)
  const files = [...plan.files].reverse()
  const links = [...plan.links].reverse()
  const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const here = (path: string): string => joinPath(base, path)
  const sourceOf = (path: string): string => {
    const [name = ''] = path.split('/')
    return `${sources.get(name) ?? ''}${path.slice(name.length)}`
  }

  const fails = ({ path }: FileEntry, reason: string): void => void failed.push({ path, reason })

  /** Takes each of `entries`, from the last one on, until none is left; one that needs another connection stays. */
  async function each(
    entries: FileEntry[],
    run: (entry: FileEntry) => Promise<void>,
    onFailed: (entry: FileEntry, reason: string) => void = fails,
  ): Promise<void> {
    let isEnding = false
    const work = async (): Promise<void> => {
      while (!isEnding) {
        const entry = entries.pop()
        if (entry === undefined) return
        try {
          if (lostFolders.has(parentOf(entry.path))) throw new FileProblem('its folder could not be made')
          await run(entry)
          connection.madeProgress()
        } catch (error) {
          if (endsAll(error)) {
            isEnding = true
            entries.push(entry)
            throw error
          }
          onFailed(entry, clauseOf(error))
        }
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: WORKERS }, work))
    const bad = ends.find(({ status }) => status === 'rejected')
    if (bad?.status === 'rejected') throw bad.reason
  }

  const idOf = ({ path }: FileEntry): string => [identity, sourceOf(path), here(path)].join('\0')
  const placeOf = (session: FileSession, entry: FileEntry) => ({
    session,
    entry,
    folder: here(parentOf(entry.path)),
    identity: idOf(entry),
    owner,
    partsIn(folder: string): Promise<readonly string[]> {
      const known =
        parts.get(folder) ??
        side
          .namesIn(session, folder)
          .then((all) => all.filter(isPartialName), ifOfFile<readonly string[]>([]))
      known.catch(() => parts.delete(folder))
      parts.set(folder, known)
      return known
    },
  })

  /** What can't be read fails where it is copied. */
  async function missingBytes(session: FileSession): Promise<number> {
    let bytes = diskBytesOf(plan)
    const bytesThere = async (entry: FileEntry): Promise<number> => {
      const there = await side.entryAt(session, here(entry.path))
      if (there !== null && isSameFile(there, entry)) return entry.sizeBytes
      const left = await findLeftParts(side, placeOf(session, entry))
      const part = left.find(({ isOfVersion }) => isOfVersion)
      return part === undefined ? 0 : ((await side.entryAt(session, part.path))?.sizeBytes ?? 0)
    }
    const subtract = async (entry: FileEntry): Promise<void> => {
      const there = await bytesThere(entry)
      bytes -= there
    }
    await each([...plan.files], subtract, () => {})
    return bytes
  }

  return {
    async checkSpace(session: FileSession): Promise<void> {
      const freeBytes = await side.freeBytes(session, base)
      if (freeBytes === null) return
      const usable = Math.max(0, freeBytes - RESERVED_BYTES)
      if (diskBytesOf(plan) <= usable) return
      const needed = resumes ? await missingBytes(session) : diskBytesOf(plan)
      if (needed <= usable) return
      const where = side.platform === null ? 'the pod’s disk' : 'this computer’s disk'
      throw new TransferProblem(
        `${where} has ${formatBytes(freeBytes)} free, and ${formatBytes(needed)} are to be copied`,
      )
    },
    async makeFolders(session: FileSession): Promise<void> {
      for (const level of levels)
        await each(
          level,
          ({ path, mode }) => side.makeFolder(session, here(path), mode),
          (folder, reason) => {
            fails(folder, reason)
            lostFolders.add(folder.path)
          },
        )
    },
    async copyFiles(session: FileSession): Promise<void> {
      await each(files, async (entry) => {
        const outcome = await budget.spend(Math.min(entry.sizeBytes, LARGE_BYTES), () =>
          copyFile(side, {
            ...placeOf(session, entry),
            from: sourceOf(entry.path),
            to: here(entry.path),
            resumes,
            meter,
          }),
        )
        outcomes[outcome] += 1
        if (outcome === 'copied') copiedBytes += entry.sizeBytes
        meter.fileDone()
      })
    },
    async makeLinks(session: FileSession): Promise<void> {
      await each(links, async ({ path, target }) => {
        outcomes[await side.makeLink(session, here(path), target ?? '')] += 1
      })
    },
    summary: (): TransferSummary => ({ ...outcomes, bytes: copiedBytes, failed }),
  }
}

/** Lets work begin while what it may hold in memory is within a limit. */
interface ByteBudget {
  /** Work of no bytes never waits. One that is larger than the limit runs alone. */
  spend<T>(bytes: number, work: () => Promise<T>): Promise<T>
}

function createByteBudget(limit: number): ByteBudget {
  let left = limit
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = []
  const next = (): void => {
    for (let first = waiting[0]; first !== undefined && first.bytes <= left; first = waiting[0]) {
      waiting.shift()
      left -= first.bytes
      first.begin()
    }
  }
  return {
    async spend(wanted, work) {
      const bytes = Math.min(wanted, limit)
      if (bytes > 0) {
        await new Promise<void>((begin) => {
          waiting.push({ bytes, begin })
          next()
        })
      }
      try {
        return await work()
      } finally {
        if (bytes > 0) {
          left += bytes
          next()
        }
      }
    },
  }
}
