import type { FileEntry } from '../../../core/files/file-entry'
import type { ProgressMeter } from '../../../core/files/transfer-progress'
import type { FileSession } from '../session/open-file-session'

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
  /** The tag of the transfer. */
  readonly owner: string
  /** Whether what is there already counts. */
  readonly resumes: boolean
  readonly meter: ProgressMeter
  /** Names of parts of files in a folder of the destination, as it was when the transfer came to it; none if it can't be listed. */
  readonly partsIn: (folder: string) => Promise<readonly string[]>
}

/** `same`: it was there already, by size and time of change. */
export type CopyOutcome = 'copied' | 'same'

/** Smaller parts of files are not worth a comparison of hashes. */
export const MIN_RESUMED_BYTES = 1024 * 1024
/** Requests of one file on their way. */
export const MAX_IN_FLIGHT = 16

export const isSameFile = (here: FileEntry, entry: FileEntry): boolean =>
  here.kind === 'file' && here.sizeBytes === entry.sizeBytes && here.modifiedAtS === entry.modifiedAtS

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
