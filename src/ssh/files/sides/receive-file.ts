import { counting, type FileCopy, isSameFile, MAX_IN_FLIGHT, MIN_RESUMED_BYTES } from './file-copy'
import { toEntry } from './remote-files'
import type { SftpClient } from '../sftp/sftp-client'
import { FileProblem } from '../session/transfer-problems'
import { openPartialFile } from './partial-file'

/** From a pod to this computer, where never more is written than was announced. See `TransferSide.copyBytes`. */
export async function receiveFile(
  { session, entry, from, to, meter }: FileCopy,
  part: string,
  continues: boolean,
): Promise<boolean> {
  const { sftp } = session
  const partial = await openPartialFile(part, entry.sizeBytes, continues ? MIN_RESUMED_BYTES : null)
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
