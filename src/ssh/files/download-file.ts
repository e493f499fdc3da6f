import { unlink } from 'node:fs/promises'
import { joinPath } from '../../core/files/file-name'
import {
  type CopyOutcome,
  counting,
  type FileCopy,
  FileProblem,
  isSameFile,
  MAX_IN_FLIGHT,
  MIN_RESUMED_BYTES,
  partialNameOf,
  refuseToReplace,
} from './file-copy'
import { localEntry, toFsPath } from './local-files'
import { openPartialFile, type PartialFile } from './partial-file'
import { ifOfFile, toEntry } from './remote-files'
import type { SftpClient } from './sftp/sftp-client'

/**
 * Copies a file of a pod to this computer, where it gets its name once it is whole: by size, and after a resume by
 * hash. Never writes more than was announced. Throws an `SftpError`, a `FileProblem` or an error of the system; what
 * was received stays for the next time. See docs/product-rules.md#133-files.
 */
export async function downloadFile(copy: FileCopy): Promise<CopyOutcome> {
  const { entry, folder, to, meter, resumes } = copy
  const existing = await localEntry(to)
  if (resumes && existing !== null && isSameFile(existing, entry)) {
    meter.skipped(entry.sizeBytes)
    return 'same'
  }
  refuseToReplace(existing)
  const isLarge = entry.sizeBytes >= MIN_RESUMED_BYTES
  if (isLarge) await removeStale(copy)
  const { name } = partialNameOf(copy)
  const open = (continues: boolean): Promise<PartialFile> =>
    openPartialFile(folder, name, entry.sizeBytes, continues ? MIN_RESUMED_BYTES : null)
  const isDone = await receive(copy, await open(resumes && isLarge && (await copy.session.canHash())))
  // Something else was in the part that was there.
  if (!isDone && !(await receive(copy, await open(false)))) throw new FileProblem('it arrived damaged')
  return 'copied'
}

/** False: what was there before is not the beginning of the file, and is discarded. */
function receive({ session, entry, from, to, meter }: FileCopy, partial: PartialFile): Promise<boolean> {
  const { sftp } = session
  return counting(meter, async (count) => {
    let received = partial.offset
    let isKept = true
    try {
      count.there(partial.offset)
      const handle = await sftp.openToRead(from)
      try {
        await readAll(sftp, handle, partial.offset, entry.sizeBytes, async (bytes) => {
          await partial.write(bytes)
          received += bytes.length
          count.moved(bytes.length)
        })
        if (!isSameFile(toEntry('', await sftp.fstat(handle)), entry)) {
          isKept = false
          throw new FileProblem('it changed while it was copied')
        }
      } finally {
        await sftp.closeHandle(handle).catch(() => {})
      }
      if (partial.offset > 0) {
        const expected = await session.hashFile(from)
        if (expected === null || expected !== (await partial.hash())) {
          isKept = false
          await partial.discard()
          count.there(-received)
          return false
        }
      }
      await partial.finish(to, entry.mode, entry.modifiedAtS)
      return true
    } catch (error) {
      await (isKept && received >= MIN_RESUMED_BYTES ? partial.keep() : partial.discard())
      throw error
    }
  })
}

/** Reads the bytes from `offset` to `end` in order, asking ahead. */
async function readAll(
  sftp: SftpClient,
  handle: Buffer,
  offset: number,
  end: number,
  take: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  const asked: { readonly at: number; readonly bytes: number; readonly data: Promise<Buffer> }[] = []
  let next = offset
  const ask = (): void => {
    while (asked.length < MAX_IN_FLIGHT && next < end) {
      const bytes = Math.min(sftp.readBytes, end - next)
      const data = sftp.read(handle, next, bytes)
      // Rejections count where they are awaited, if they still are.
      data.catch(() => {})
      asked.push({ at: next, bytes, data })
      next += bytes
    }
  }
  ask()
  for (let first = asked.shift(); first !== undefined; first = asked.shift()) {
    let data = await first.data
    await take(data)
    // A server may answer with less than it was asked for.
    for (let got = data.length; got < first.bytes; got += data.length) {
      data = await sftp.read(handle, first.at + got, first.bytes - got)
      await take(data)
    }
    ask()
  }
}

/** Removes what is left of other versions of the file. */
async function removeStale(copy: FileCopy): Promise<void> {
  const { name, prefix } = partialNameOf(copy)
  const names = await copy.namesIn(copy.folder).catch(ifOfFile<readonly string[]>([]))
  for (const stale of names.filter((each) => each.startsWith(prefix) && each !== name))
    await unlink(toFsPath(joinPath(copy.folder, stale))).catch(() => {})
}
