import { createHash } from 'node:crypto'
import type { FileEntry } from '../../core/files/file-entry'
import type { ProgressMeter } from '../../core/files/transfer-progress'
import type { FileSession } from './open-file-session'

/** One file that is copied. */
export interface FileCopy {
  readonly session: FileSession
  /** As it was announced. */
  readonly entry: FileEntry
  readonly from: string
  /** The folder that gets it, and its path there. */
  readonly folder: string
  readonly to: string
  /** The same file in the same place has the same one. */
  readonly identity: string
  /** Whether what is there already counts. */
  readonly resumes: boolean
  readonly meter: ProgressMeter
  /** Names of files in a folder of the destination. */
  readonly namesIn: (folder: string) => Promise<readonly string[]>
}

/** `same`: it was there already, by size and time of change. */
export type CopyOutcome = 'copied' | 'same'

/** Why one file is not copied, as a clause. Others may be. */
export class FileProblem extends Error {}
/** Why nothing more can be copied, as a clause. */
export class TransferProblem extends Error {}
/** That the pod can't be reached. */
export class UnreachableProblem extends TransferProblem {}

/** Smaller parts of files are not worth a comparison of hashes. */
export const MIN_RESUMED_BYTES = 1024 * 1024
/** Requests of one file on their way. */
export const MAX_IN_FLIGHT = 16

const hexOf = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits)

/**
 * The name of a file beside its final one while it is not whole, which doesn't outlive a change of its source.
 * `prefix`: of such names for other versions.
 */
export function partialNameOf({ identity, entry }: Pick<FileCopy, 'identity' | 'entry'>): {
  readonly name: string
  readonly prefix: string
} {
  const prefix = `.podkeeper-${hexOf(identity, 16)}`
  return { name: `${prefix}${hexOf(`${entry.sizeBytes} ${entry.modifiedAtS}`, 16)}.part`, prefix }
}

export const isSameFile = (here: FileEntry, entry: FileEntry): boolean =>
  here.kind === 'file' && here.sizeBytes === entry.sizeBytes && here.modifiedAtS === entry.modifiedAtS

/** What must not be replaced by a file. */
export function refuseToReplace(existing: FileEntry | null): void {
  if (existing === null || existing.kind === 'file') return
  const what = { folder: 'a folder', link: 'a link', other: 'something else' }[existing.kind]
  throw new FileProblem(`${what} has its name there`)
}

/** Counts bytes, and takes them back if the file isn't copied. */
export async function counting<T>(
  meter: ProgressMeter,
  run: (count: { moved(bytes: number): void; there(bytes: number): void }) => Promise<T>,
): Promise<T> {
  let counted = 0
  try {
    return await run({
      moved(bytes) {
        counted += bytes
        meter.moved(bytes)
      },
      there(bytes) {
        counted += bytes
        meter.skipped(bytes)
      },
    })
  } catch (error) {
    meter.skipped(-counted)
    throw error
  }
}
