import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
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
  TransferProblem,
} from './file-copy'
import { toFsPath } from './local-files'
import { hashOf, MIN_SYNCED_BYTES } from './partial-file'
import { entryAt, ifOfFile } from './remote-files'
import type { SftpClient, SftpHandle } from './sftp/sftp-client'
import { SftpError } from './sftp/sftp-error'

const isWindows = process.platform === 'win32'

/** Copies a file of this computer to a pod; like `downloadFile`. */
export async function uploadFile(copy: FileCopy): Promise<CopyOutcome> {
  const { session, entry, from, folder, to, meter, resumes } = copy
  const { sftp } = session
  const isLarge = entry.sizeBytes >= MIN_RESUMED_BYTES
  const partial = joinPath(folder, partialNameOf(copy).name)
  const existing = await entryAt(to, sftp.lstat)
  if (resumes && existing !== null && isSameFile(existing, entry)) {
    meter.skipped(entry.sizeBytes)
    return 'same'
  }
  refuseToReplace(existing)
  if (isLarge) await removeStale(copy)
  const source = await open(toFsPath(from), constants.O_RDONLY)
  try {
    const isDone = await send(copy, source, partial, isLarge && resumes && (await session.canHash()))
    if (!isDone && !(await send(copy, source, partial, false))) throw new FileProblem('it arrived damaged')
    return 'copied'
  } finally {
    await source.close()
  }
}

/** False: what was there before is not the beginning of the file, and is removed. */
function send(copy: FileCopy, source: FileHandle, partial: string, continues: boolean): Promise<boolean> {
  const { session, entry, to, meter } = copy
  const { sftp } = session
  return counting(meter, async (count) => {
    const offset = continues ? await resumedBytes(sftp, partial, entry.sizeBytes) : 0
    count.there(offset)
    const handle = offset > 0 ? await sftp.openToWrite(partial, 'existing') : await openNew(sftp, partial)
    let sent = offset
    let isKept = true
    try {
      await writeAll(sftp, handle, source, offset, entry.sizeBytes, (bytes) => {
        sent += bytes
        count.moved(bytes)
      })
      const finishing = [
        sftp.setAttributes(handle, { mode: isWindows ? null : entry.mode, modifiedAtS: entry.modifiedAtS }),
        ...(entry.sizeBytes >= MIN_SYNCED_BYTES ? [sftp.sync(handle)] : []),
        sftp.fstat(handle).then(({ sizeBytes }) => {
          if (sizeBytes !== entry.sizeBytes) throw new FileProblem('it did not arrive whole')
        }),
        sftp.closeHandle(handle),
      ]
      await settled(finishing)
      if (!(await isUnchanged(source, copy))) {
        isKept = false
        throw new FileProblem('it changed while it was copied')
      }
      if (offset > 0) {
        const arrived = await session.hashFile(partial)
        if (arrived === null || arrived !== (await hashOf(source))) {
          isKept = false
          await sftp.remove(partial)
          count.there(-sent)
          return false
        }
      }
      await sftp.rename(partial, to)
      return true
    } catch (error) {
      if (!isOfConnection(error)) await sftp.closeHandle(handle).catch(() => {})
      if (!isOfConnection(error) && !(isKept && sent >= MIN_RESUMED_BYTES))
        await sftp.remove(partial).catch(() => {})
      throw error
    }
  })
}

const isOfConnection = (error: unknown): boolean => error instanceof SftpError && error.isOfConnection

/** Awaits all of them, so that none is left behind, and throws the first error. */
async function settled(all: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

async function resumedBytes(sftp: SftpClient, partial: string, maxBytes: number): Promise<number> {
  const there = await entryAt(partial, sftp.lstat)
  if (there?.kind !== 'file') return 0
  return there.sizeBytes >= MIN_RESUMED_BYTES && there.sizeBytes <= maxBytes ? there.sizeBytes : 0
}

async function openNew(sftp: SftpClient, partial: string): Promise<SftpHandle> {
  try {
    return await sftp.openToWrite(partial, 'new')
  } catch (error) {
    if (!(error instanceof SftpError) || error.kind !== 'failure') throw error
    // It is left from before.
    await sftp.remove(partial)
    return sftp.openToWrite(partial, 'new')
  }
}

/** Writes the bytes from `offset` to `end`, of which several parts are on their way. */
async function writeAll(
  sftp: SftpClient,
  handle: SftpHandle,
  source: FileHandle,
  offset: number,
  end: number,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const written: Promise<void>[] = []
  for (let at = offset; at < end;) {
    const { whole, data } = sftp.reserve(handle, Math.min(sftp.writeBytes, end - at))
    for (let read = 0; read < data.length;) {
      const { bytesRead } = await source.read(data, read, data.length - read, at + read)
      if (bytesRead === 0) throw new FileProblem('it became shorter while it was copied')
      read += bytesRead
    }
    const { length } = data
    const writing = sftp.write(handle, at, whole).then(() => onWritten(length))
    writing.catch(() => {})
    written.push(writing)
    at += length
    if (written.length >= MAX_IN_FLIGHT) await orFull(written.shift())
  }
  for (const each of written) await orFull(each)
}

/** What a server can't write it calls a failure, whatever the reason. */
async function orFull(writing: Promise<void> | undefined): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (error instanceof SftpError && error.kind === 'failure')
      throw new TransferProblem('the pod could not write, so its disk may be full')
    throw error
  }
}

async function isUnchanged(source: FileHandle, { entry }: FileCopy): Promise<boolean> {
  const { size, mtimeMs } = await source.stat()
  return size === entry.sizeBytes && Math.max(0, Math.floor(mtimeMs / 1_000)) === entry.modifiedAtS
}

/** Removes what is left of other versions of the file. */
async function removeStale(copy: FileCopy): Promise<void> {
  const { name, prefix } = partialNameOf(copy)
  const names = await copy.namesIn(copy.folder).catch(ifOfFile<readonly string[]>([]))
  for (const stale of names.filter((each) => each.startsWith(prefix) && each !== name))
    await copy.session.sftp.remove(joinPath(copy.folder, stale)).catch(ifOfFile(undefined))
}
