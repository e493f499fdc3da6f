import type { Duplex } from 'node:stream'
import { createRequester, type Requester } from './sftp-requester'
import { sftpError, SftpError } from './sftp-error'
import { openFlags, type PacketReader, part, replies, requests, type SftpAttributes } from './sftp-packets'

export interface SftpName {
  readonly name: string
  readonly attributes: SftpAttributes
}

/** The space of a disk, in bytes that this user may fill. */
export interface SftpSpace {
  readonly freeBytes: number
}

/** An open file. */
export type SftpHandle = Buffer

/**
 * An SFTP connection. Requests may be sent without awaiting others, and are answered in order. Each throws an
 * `SftpError`. Paths and names are in the form of `decodeName`.
 */
export interface SftpClient {
  /** How much one read and one write may carry. */
  readonly readBytes: number
  readonly writeBytes: number
  realpath(path: string): Promise<string>
  /** Follows links. */
  readonly stat: (path: string) => Promise<SftpAttributes>
  readonly lstat: (path: string) => Promise<SftpAttributes>
  readlink(path: string): Promise<string>
  /** Throws `too-many` above `maxEntries`. */
  readFolder(path: string, maxEntries: number): Promise<readonly SftpName[]>
  openToRead(path: string): Promise<SftpHandle>
  /** `new`: there must be nothing of that name, a link included. */
  openToWrite(path: string, how: 'new' | 'existing'): Promise<SftpHandle>
  fstat(handle: SftpHandle): Promise<SftpAttributes>
  read(handle: SftpHandle, offset: number, bytes: number): Promise<Buffer>
  /** `reserve` begins the buffer of a write, so that its data is copied only once. */
  write(handle: SftpHandle, offset: number, whole: Buffer): Promise<void>
  reserve(handle: SftpHandle, bytes: number): { readonly whole: Buffer; readonly data: Buffer }
  setAttributes(handle: SftpHandle, attributes: Pick<SftpAttributes, 'mode' | 'modifiedAtS'>): Promise<void>
  /** Writes it to the disk, where the server can do that. */
  sync(handle: SftpHandle): Promise<void>
  closeHandle(handle: SftpHandle): Promise<void>
  makeFolder(path: string, mode: number): Promise<void>
  makeLink(path: string, target: string): Promise<void>
  /** Replaces what has the new name, in one step. */
  rename(from: string, to: string): Promise<void>
  /** The same, but throws if something has the new name. */
  renameToNew(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Throws unless it is empty. */
  removeFolder(path: string): Promise<void>
  /** Null where the server doesn't say. */
  space(path: string): Promise<SftpSpace | null>
  /** Settles when the connection is of no use any more. */
  readonly ended: Promise<void>
  readonly close: () => void
}

const VERSION = 3
const READ_FOLDER_AHEAD = 4
/** Where the server names no limits. */
const DEFAULT_BYTES = 32 * 1024
const MIN_BYTES = 1_024
const MAX_BYTES = 255 * 1024
/** No file system has longer ones. */
const MAX_NAME_CHARS = 1_024

/** Speaks SFTP over a channel. Throws an `SftpError` when the other side doesn't. */
export async function openSftpClient(channel: Duplex): Promise<SftpClient> {
  const requester = createRequester(channel)
  try {
    return await startClient(requester)
  } catch (error) {
    requester.close()
    throw error
  }
}

async function startClient(requester: Requester): Promise<SftpClient> {
  const { ask } = requester
  const hello = await requester.start(part.uint32(VERSION))
  if (hello.uint32() < VERSION) throw sftpError('unsupported')
  const extensions = new Set<string>()
  while (!hello.isAtEnd) {
    extensions.add(hello.text())
    hello.bytes()
  }
  const extended = (name: string, ...parts: readonly Buffer[]): Promise<PacketReader> =>
    ask(requests.extended, replies.extended, part.text(name), ...parts)
  const extendedStatus = (name: string, ...parts: readonly Buffer[]): Promise<PacketReader> =>
    ask(requests.extended, replies.status, part.text(name), ...parts)
  const limits = extensions.has('limits@openssh.com') ? await extended('limits@openssh.com') : null
  limits?.uint64()
  const limit = (): number =>
    Math.min(MAX_BYTES, Math.max(MIN_BYTES, (limits?.uint64() ?? 0) || DEFAULT_BYTES))
  const [readBytes, writeBytes] = [limit(), limit()]

  const status = async (type: number, ...parts: readonly Buffer[]): Promise<void> =>
    void (await ask(type, replies.status, ...parts))
  const attributesOf = async (type: number, where: Buffer): Promise<SftpAttributes> =>
    (await ask(type, replies.attrs, where)).attributes()
  const handleOf = async (type: number, ...parts: readonly Buffer[]): Promise<SftpHandle> =>
    Buffer.from((await ask(type, replies.handle, ...parts)).bytes())
  const oneName = async (type: number, path: string): Promise<string> => {
    const reply = await ask(type, replies.name, part.name(path))
    if (reply.uint32() !== 1) throw sftpError('malformed')
    return reply.name()
  }
  const noAttributes = part.uint32(0)
  const closeHandle = (handle: SftpHandle): Promise<void> => status(requests.close, part.bytes(handle))

  async function readNames(handle: SftpHandle): Promise<readonly SftpName[] | null> {
    try {
      const reply = await ask(requests.readdir, replies.name, part.bytes(handle))
      const names: SftpName[] = []
      for (let count = reply.uint32(); count > 0; count -= 1) {
        const name = reply.name()
        if (name.length > MAX_NAME_CHARS) throw sftpError('malformed')
        reply.bytes()
        names.push({ name, attributes: reply.attributes() })
      }
      return names
    } catch (error) {
      if (error instanceof SftpError && error.kind === 'end-of-file') return null
      throw error
    }
  }

  return {
    readBytes,
    writeBytes,
    realpath: async (path) => oneName(requests.realpath, path),
    stat: async (path) => attributesOf(requests.stat, part.name(path)),
    lstat: async (path) => attributesOf(requests.lstat, part.name(path)),
    readlink: async (path) => oneName(requests.readlink, path),
    async readFolder(path, maxEntries) {
      const handle = await handleOf(requests.opendir, part.name(path))
      const found: SftpName[] = []
      try {
        for (let isAtEnd = false; !isAtEnd;) {
          const batches = await Promise.all(
            Array.from({ length: READ_FOLDER_AHEAD }, () => readNames(handle)),
          )
          isAtEnd = batches.includes(null)
          const names = batches.flatMap((batch) => batch ?? [])
          if (!isAtEnd && names.length === 0) throw sftpError('malformed')
          for (const name of names) found.push(name)
          // The folder itself and its parent are among them.
          if (found.length > maxEntries + 2) throw sftpError('too-many')
        }
        return found.filter(({ name }) => name !== '.' && name !== '..')
      } finally {
        await closeHandle(handle).catch(() => {})
      }
    },
    openToRead: async (path) =>
      handleOf(requests.open, part.name(path), part.uint32(openFlags.read), noAttributes),
    openToWrite: async (path, how) =>
      handleOf(
        requests.open,
        part.name(path),
        part.uint32(openFlags.write | (how === 'new' ? openFlags.create | openFlags.exclusive : 0)),
        // Nobody else reads it before it is whole.
        how === 'new' ? part.attributes({ mode: 0o600, modifiedAtS: null }) : noAttributes,
      ),
    fstat: (handle) => attributesOf(requests.fstat, part.bytes(handle)),
    async read(handle, offset, bytes) {
      const reply = await ask(
        requests.read,
        replies.data,
        part.bytes(handle),
        part.uint64(offset),
        part.uint32(bytes),
      )
      const data = reply.bytes()
      if (data.length === 0 || data.length > bytes) throw sftpError('malformed')
      return data
    },
    reserve: (handle, bytes) => requester.reserve(handle, bytes),
    write: (handle, offset, whole) => requester.write(handle, offset, whole),
    setAttributes: (handle, attributes) =>
      status(requests.fsetstat, part.bytes(handle), part.attributes(attributes)),
    async sync(handle) {
      if (!extensions.has('fsync@openssh.com')) return
      const name = part.text('fsync@openssh.com')
      await requester.askToSync(requests.extended, replies.status, name, part.bytes(handle))
    },
    closeHandle,
    makeFolder: async (path, mode) =>
      status(requests.mkdir, part.name(path), part.attributes({ mode, modifiedAtS: null })),
    // OpenSSH has the two in the other order than the draft.
    makeLink: async (path, target) => status(requests.symlink, part.name(target), part.name(path)),
    async rename(from, to) {
      if (!extensions.has('posix-rename@openssh.com')) throw sftpError('unsupported')
      await extendedStatus('posix-rename@openssh.com', part.name(from), part.name(to))
    },
    renameToNew: async (from, to) => status(requests.rename, part.name(from), part.name(to)),
    remove: async (path) => status(requests.remove, part.name(path)),
    removeFolder: async (path) => status(requests.rmdir, part.name(path)),
    async space(path) {
      if (!extensions.has('statvfs@openssh.com')) return null
      const reply = await extended('statvfs@openssh.com', part.name(path))
      const [, fragmentBytes = 0, , , freeBlocks = 0] = Array.from({ length: 5 }, () => reply.uint64())
      return { freeBytes: fragmentBytes * freeBlocks }
    },
    ended: requester.ended,
    close: requester.close,
  }
}
