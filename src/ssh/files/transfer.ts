import { fail, ok, type Result } from '../../core/base/result'
import { formatBytes, formatNumber } from '../../core/base/format'
import type { FileEntry } from '../../core/files/file-entry'
import { joinPath } from '../../core/files/file-name'
import {
  diskBytesOf,
  MAX_ENTRIES,
  type Omission,
  planTransfer,
  type TransferPlan,
} from '../../core/files/transfer-plan'
import {
  createProgressMeter,
  type ProgressMeter,
  type TransferProgress,
} from '../../core/files/transfer-progress'
import { errorCode } from '../../node/data-folder/files/error-code'
import { createByteBudget } from './byte-budget'
import {
  type CopyOutcome,
  FileProblem,
  isSameFile,
  partialNameOf,
  TransferProblem,
  UnreachableProblem,
} from './file-copy'
import type { FileSession } from './open-file-session'
import { createReconnector, type Reconnector, type ReconnectOptions } from './reconnect'
import { SftpError } from './sftp/sftp-error'
import type { Selection, TransferSide } from './transfer-side'

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
  try {
    const selection = await connection.run((session) =>
      side.select(session, options.sources, options.destination),
    )
    const plan = planTransfer(selection.entries, selection.omitted, side.platform)
    const total = { files: plan.files.length, bytes: plan.totalBytes }
    const meter = createProgressMeter(total, options.nowMs, connection.madeProgress)
    const copying = createCopying(options, selection, plan, meter, connection)
    await connection.run((session) => copying.checkSpace(session))
    const refusal = onPlan(plan, meter.read)
    if (refusal !== null) return fail({ kind: 'failed', message: refusal })
    await connection.run((session) => copying.makeFolders(session))
    await connection.run((session) => copying.copyFiles(session))
    await connection.run((session) => copying.makeLinks(session))
    return ok(copying.summary())
  } catch (error) {
    if (signal.aborted) return fail({ kind: 'aborted', message: 'The transfer was canceled.' })
    const isUnreachable =
      error instanceof SftpError ? error.isOfConnection : error instanceof UnreachableProblem
    return fail({ kind: isUnreachable ? 'unreachable' : 'failed', message: problemText(error) })
  } finally {
    connection.close()
  }
}

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`

function problemText(error: unknown): string {
  if (error instanceof SftpError && error.kind === 'too-many')
    return `There are more than ${formatNumber(MAX_ENTRIES)} files. Nothing was copied.`
  return sentence(clauseOf(error))
}

/** On these, other files fail as well. */
const fatalCodes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']
const codeTexts: Readonly<Record<string, string>> = {
  ENOSPC: 'this computer’s disk is full',
  EDQUOT: 'your quota on this computer’s disk is used up',
  EROFS: 'this computer’s disk is read-only',
  EACCES: 'access was denied on this computer',
  EPERM: 'access was denied on this computer',
  ENAMETOOLONG: 'its path is too long for this computer',
}

function clauseOf(error: unknown): string {
  if (error instanceof SftpError || error instanceof FileProblem || error instanceof TransferProblem)
    return error.message
  const code = errorCode(error)
  if (code === undefined) throw error
  return codeTexts[code] ?? `this computer could not do it (${code})`
}

const endsAll = (error: unknown): boolean =>
  error instanceof SftpError
    ? error.isOfConnection || error.kind === 'malformed'
    : error instanceof TransferProblem || fatalCodes.includes(errorCode(error) ?? '')

/** One transfer, whose steps go on where they were when they are called again on another connection. */
function createCopying(
  options: TransferOptions,
  { base, sources }: Selection,
  plan: TransferPlan,
  meter: ProgressMeter,
  connection: Reconnector,
) {
  const { side, identity, resumes } = options
  const failed: Omission[] = [...plan.omitted]
  const lostFolders = new Set<string>()
  const outcomes: Record<CopyOutcome, number> = { copied: 0, same: 0 }
  let copiedBytes = 0
  const names = new Map<string, Promise<readonly string[]>>()
  const budget = createByteBudget(BUDGET_BYTES)
  const levels: FileEntry[][] = []
  for (const folder of plan.folders) (levels[folder.path.split('/').length - 1] ??= []).push(folder)
  const files = [...plan.files]
  const links = [...plan.links]
  const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const here = (path: string): string => joinPath(base, path)
  const sourceOf = (path: string): string => {
    const [name = ''] = path.split('/')
    return `${sources.get(name) ?? ''}${path.slice(name.length)}`
  }

  /** Takes each of `entries` until none is left; one that needs another connection stays. */
  async function each(
    entries: FileEntry[],
    run: (entry: FileEntry) => Promise<void>,
    onFailed: (entry: FileEntry) => void = () => {},
  ): Promise<void> {
    let isEnding = false
    const work = async (): Promise<void> => {
      while (!isEnding) {
        const entry = entries.shift()
        if (entry === undefined) return
        try {
          if (lostFolders.has(parentOf(entry.path))) throw new FileProblem('its folder could not be made')
          await run(entry)
          connection.madeProgress()
        } catch (error) {
          if (endsAll(error)) {
            isEnding = true
            entries.unshift(entry)
            throw error
          }
          failed.push({ path: entry.path, reason: clauseOf(error) })
          onFailed(entry)
        }
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: WORKERS }, work))
    const bad = ends.find(({ status }) => status === 'rejected')
    if (bad?.status === 'rejected') throw bad.reason
  }

  async function missingBytes(session: FileSession): Promise<number> {
    let bytes = diskBytesOf(plan)
    await each([...plan.files], async (entry) => {
      const there = await side.entryAt(session, here(entry.path))
      const partial = joinPath(
        here(parentOf(entry.path)),
        partialNameOf({ identity: idOf(entry), entry }).name,
      )
      if (there !== null && isSameFile(there, entry)) bytes -= entry.sizeBytes
      else bytes -= (await side.entryAt(session, partial))?.sizeBytes ?? 0
    })
    return bytes
  }

  const idOf = ({ path }: FileEntry): string => [identity, sourceOf(path), here(path)].join('\0')

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
          ({ path }) => void lostFolders.add(path),
        )
    },
    async copyFiles(session: FileSession): Promise<void> {
      const namesIn = (folder: string): Promise<readonly string[]> => {
        const known = names.get(folder) ?? side.namesIn(session, folder)
        known.catch(() => names.delete(folder))
        names.set(folder, known)
        return known
      }
      await each(files, async (entry) => {
        const outcome = await budget.spend(Math.min(entry.sizeBytes, LARGE_BYTES), () =>
          side.copyFile({
            session,
            entry,
            from: sourceOf(entry.path),
            folder: here(parentOf(entry.path)),
            to: here(entry.path),
            identity: idOf(entry),
            resumes,
            meter,
            namesIn,
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
