import type { FileEntry } from '../../core/files/file-entry'
import { joinPath } from '../../core/files/file-name'
import { findLeftParts, partNamesOf } from './parts'
import { FileProblem, ifOfFile } from './session/transfer-problems'
import { type CopyOutcome, type FileCopy, isSameFile, MIN_RESUMED_BYTES } from './sides/file-copy'
import type { TransferSide } from './sides/transfer-side'

/**
 * Copies a file, which gets its name once it is whole: by size, and after a resume by hash. Throws an `SftpError`, a
 * `FileProblem` or an error of the system; a part of it stays for the next time. See docs/product-rules.md#133-files.
 */
export async function copyFile(side: TransferSide, copy: FileCopy): Promise<CopyOutcome> {
  const { session, entry, to, meter, resumes } = copy
  const existing = await side.entryAt(session, to)
  if (resumes && existing !== null && isSameFile(existing, entry)) {
    meter.skipped(entry.sizeBytes)
    return 'same'
  }
  refuseToReplace(existing)
  const continues = resumes && entry.sizeBytes >= MIN_RESUMED_BYTES && (await session.canHash())
  const part = await takePart(side, copy, continues)
  // Something else was in the part that was there.
  if (!(await side.copyBytes(copy, part, continues)) && !(await side.copyBytes(copy, part, false)))
    throw new FileProblem('it arrived damaged')
  return 'copied'
}

/** The path of the part to be written. What was left of the file becomes it if it counts, and otherwise is removed. */
async function takePart(side: TransferSide, copy: FileCopy, continues: boolean): Promise<string> {
  const { session, folder } = copy
  const own = joinPath(folder, partNamesOf(copy).own)
  const left = await findLeftParts(side, copy)
  let isWanted = continues && left.length > 0 && (await side.entryAt(session, own)) === null
  for (const { path, isOfVersion } of left) {
    const isTaken =
      isWanted && isOfVersion && (await side.rename(session, path, own).then(() => true, ifOfFile(false)))
    if (isTaken) isWanted = false
    else await side.remove(session, path).catch(ifOfFile(undefined))
  }
  return own
}

/** What must not be replaced by a file. */
function refuseToReplace(existing: FileEntry | null): void {
  if (existing === null || existing.kind === 'file') return
  const what = { folder: 'a folder', link: 'a link', other: 'something else' }[existing.kind]
  throw new FileProblem(`${what} has its name there`)
}
