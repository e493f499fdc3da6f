import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { ReleaseFile } from '../../core/updates/release-feed'

/** A file that is written in parts, each of which is hashed. Throws file system errors. */
export interface PartFile {
  readonly bytes: () => number
  /** False: the file would be larger than it may be, so nothing was written. */
  readonly append: (chunk: Uint8Array) => Promise<boolean>
  /** Empties it. */
  readonly restart: () => Promise<void>
  /** Whether it is as the feed says; writes it to the disk. */
  readonly isWhole: () => Promise<boolean>
  readonly close: () => Promise<void>
}

const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants

/** Opens what an earlier try left, or a new one, which only this user can read. */
export async function openPartFile(path: string, { sizeBytes, sha256 }: ReleaseFile): Promise<PartFile> {
  const handle = await open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
  let hash = createHash('sha256')
  let bytes = 0

  async function restart(): Promise<void> {
    await handle.truncate(0)
    hash = createHash('sha256')
    bytes = 0
  }

  try {
    bytes = await hashFrom(handle, hash)
    if (bytes > sizeBytes) await restart()
  } catch (cause) {
    await handle.close()
    throw cause
  }
  return {
    bytes: () => bytes,
    async append(chunk) {
      if (bytes + chunk.byteLength > sizeBytes) return false
      await handle.appendFile(chunk)
      hash.update(chunk)
      bytes += chunk.byteLength
      return true
    },
    restart,
    async isWhole() {
      await handle.sync()
      return bytes === sizeBytes && hash.copy().digest('hex') === sha256
    },
    close: () => handle.close(),
  }
}

/** Whether a file is the one that the feed names. False where there is none. */
export async function isReleaseFile(path: string, { sizeBytes, sha256 }: ReleaseFile): Promise<boolean> {
  const handle = await open(path, constants.O_RDONLY | O_NOFOLLOW).catch(() => null)
  if (handle === null) return false
  try {
    const hash = createHash('sha256')
    return (
      (await handle.stat()).size === sizeBytes &&
      (await hashFrom(handle, hash)) === sizeBytes &&
      hash.digest('hex') === sha256
    )
  } finally {
    await handle.close()
  }
}

const CHUNK_BYTES = 1_024 * 1_024

/** Adds the content to the hash; returns its size. */
async function hashFrom(handle: FileHandle, hash: Hash): Promise<number> {
  const buffer = new Uint8Array(CHUNK_BYTES)
  let bytes = 0
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, bytes)
    if (bytesRead === 0) return bytes
    hash.update(buffer.subarray(0, bytesRead))
    bytes += bytesRead
  }
}
