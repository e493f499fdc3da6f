import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises'
import { toFsPath } from './local-files'

/** A file of this computer that gets its name once it is whole. Throws errors of the system. */
export interface PartialFile {
  /** Bytes that were there before. */
  readonly offset: number
  write(bytes: Uint8Array): Promise<void>
  hash(): Promise<string>
  /** Stores it on the disk and gives it its name, in place of a file that has it. */
  finish(to: string, mode: number, modifiedAtS: number): Promise<void>
  /** Leaves what was written for the next time. */
  keep(): Promise<void>
  discard(): Promise<void>
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
/** By which what others may do with new files is limited. */
const umask = process.umask()
/** Absent on Windows. */
const thisUser = process.getuid?.()

/** `minResumedBytes`: one with at least so many bytes, and at most `maxBytes`, is continued; null: none is. */
export async function openPartialFile(
  part: string,
  maxBytes: number,
  minResumedBytes: number | null,
): Promise<PartialFile> {
  const path = toFsPath(part)
  const existing = await lstat(path).catch(() => null)
  const isContinued =
    minResumedBytes !== null &&
    existing?.isFile() === true &&
    existing.nlink === 1 &&
    // Whose it is could change it afterwards.
    (thisUser === undefined || existing.uid === thisUser) &&
    existing.size >= minResumedBytes &&
    existing.size <= maxBytes
  if (existing !== null && !isContinued) await unlink(path)
  const handle = isContinued
    ? await open(path, constants.O_RDWR | NO_FOLLOW)
    : await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, 0o600)
  const offset = isContinued ? existing.size : 0
  let position = offset
  const close = (): Promise<void> => handle.close().catch(() => {})
  return {
    offset,
    async write(bytes) {
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position)
        written += bytesWritten
        position += bytesWritten
      }
    },
    hash: () => hashOf(handle),
    async finish(to, mode, modifiedAtS) {
      // Otherwise it could be empty, or zeros, after a power failure, and count as whole.
      await handle.datasync()
      await handle.chmod(mode & ~umask)
      // Only now, because a part that seems old counts as left behind.
      await handle.utimes(modifiedAtS, modifiedAtS)
      await handle.close()
      await rename(path, toFsPath(to))
    },
    keep: close,
    async discard() {
      await close()
      await unlink(path).catch(() => {})
    },
  }
}

const HASHED_AT_A_TIME = 1024 * 1024

/** SHA-256 of a whole open file, in lower-case hexadecimal. */
export async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(HASHED_AT_A_TIME)
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}
