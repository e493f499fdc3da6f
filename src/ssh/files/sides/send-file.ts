import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { counting, type FileCopy, MAX_IN_FLIGHT, MIN_RESUMED_BYTES } from './file-copy'
import { toFsPath } from './local-files'
import { entryAt } from './remote-files'
import type { SftpClient, SftpHandle } from '../sftp/sftp-client'
import { SftpError } from '../sftp/sftp-error'
import { FileProblem, TransferProblem } from '../session/transfer-problems'
import { hashOf } from './partial-file'

const isWindows = process.platform === 'win32'

/** From this computer to a pod. See `TransferSide.copyBytes`. */
export async function sendFile(copy: FileCopy, part: string, continues: boolean): Promise<boolean> {
  const source = await open(toFsPath(copy.from), constants.O_RDONLY)
  try {
    return await send(copy, source, part, continues)
  } finally {
    await source.close()
  }
}

async function send(
  copy: FileCopy,
  source: FileHandle,
  partial: string,
  continues: boolean,
): Promise<boolean> {
  const { session, entry, to, meter } = copy
  const { sftp } = session
  const { mtimeNs } = await source.stat({ bigint: true })
  return counting(meter, async (count) => {
    const offset = continues ? await resumedBytes(sftp, partial, entry.sizeBytes) : 0
    count.there(offset)
    const handle = offset > 0 ? await sftp.openToWrite(partial, 'existing') : await openNew(sftp, partial)
    let sent = offset
    let isKept = true
    let isOpen = true
    try {
      await writeAll(sftp, handle, source, offset, entry.sizeBytes, (bytes) => {
        sent += bytes
        count.moved(bytes)
      })
      if (!(await isUnchanged(source, copy, mtimeNs))) {
        isKept = false
        throw new FileProblem('it changed while it was copied')
      }
      if (offset > 0) {
        const arrived = await session.hashFile(partial)
        if (arrived === null || arrived !== (await hashOf(source))) {
          isKept = false
          isOpen = false
          await sftp.closeHandle(handle)
          await sftp.remove(partial)
          count.there(-sent)
          return false
        }
      }
      const finishing = [
        orFull(sftp.sync(handle)),
        // Only now, because a part that seems old counts as left behind.
        sftp.setAttributes(handle, { mode: isWindows ? null : entry.mode, modifiedAtS: entry.modifiedAtS }),
        sftp.fstat(handle).then(({ sizeBytes }) => {
          if (sizeBytes !== entry.sizeBytes) throw new FileProblem('it did not arrive whole')
        }),
        orFull(sftp.closeHandle(handle)),
      ]
      // The server may give its number to another file from now on.
      isOpen = false
      await settled(finishing)
      await sftp.rename(partial, to)
      return true
    } catch (error) {
      if (isOpen && !isOfConnection(error)) await sftp.closeHandle(handle).catch(() => {})
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
    if ((await entryAt(partial, sftp.lstat)) === null) throw error
    // It is left from before a break.
    await sftp.remove(partial)
    return sftp.openToWrite(partial, 'new')
  }
}

type Reserved = ReturnType<SftpClient['reserve']>

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
  // Memory whose bytes are on the pod is used again: new memory for each part would have to be collected.
  const free: Reserved[] = []
  for (let at = offset; at < end;) {
    const bytes = Math.min(sftp.writeBytes, end - at)
    const unused = free.pop()
    const reserved = unused?.data.length === bytes ? unused : sftp.reserve(handle, bytes)
    const { whole, data } = reserved
    for (let read = 0; read < bytes;) {
      const { bytesRead } = await source.read(data, read, bytes - read, at + read)
      if (bytesRead === 0) throw new FileProblem('it became shorter while it was copied')
      read += bytesRead
    }
    const writing = sftp.write(handle, at, whole).then(() => {
      free.push(reserved)
      onWritten(bytes)
    })
    writing.catch(() => {})
    written.push(writing)
    at += bytes
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

/** `mtimeNs`: from before the first byte was read, because a second is long. */
async function isUnchanged(source: FileHandle, { entry }: FileCopy, mtimeNs: bigint): Promise<boolean> {
  const now = await source.stat({ bigint: true })
  const modifiedAtS = Math.max(0, Math.floor(Number(now.mtimeMs) / 1_000))
  return now.mtimeNs === mtimeNs && Number(now.size) === entry.sizeBytes && modifiedAtS === entry.modifiedAtS
}
