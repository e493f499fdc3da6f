import { mkdir, readdir, realpath, rename, statfs, symlink, unlink } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { decodeName, displayName, lastName } from '../../../core/files/file-name'
import { localNameProblem, toNamePlatform } from '../../../core/files/local-name'
import { errorCode } from '../../../node/data-folder/files/error-code'
import { localEntry, toFsPath } from './local-files'
import type { FileSession } from '../session/open-file-session'
import { entryAt, toEntry, walkRemote } from './remote-files'
import { FileProblem, TransferProblem } from '../session/transfer-problems'
import type { SftpClient } from '../sftp/sftp-client'
import { counting, type FileCopy, isSameFile, MAX_IN_FLIGHT, MIN_RESUMED_BYTES } from './file-copy'
import { openPartialFile } from './partial-file'
import { listSources, type Source, type TransferSide } from './transfer-side'

/** From a pod to this computer. */
export function createDownloadSide(nodePlatform: string = process.platform): TransferSide {
  const platform = toNamePlatform(nodePlatform)

  async function sourceAt({ sftp }: FileSession, path: string): Promise<Source> {
    const entry = await entryAt(path || '.', sftp.stat)
    if (entry === null) throw new TransferProblem(`${displayName(path)} isn’t on the pod`)
    // Its startup files may lead a shell, which hashes files, to another folder.
    const absolute = await sftp.realpath(path || '.')
    const typed = lastName(path)
    const isPlain = !['', '.', '..'].includes(typed)
    // The name that a pod gives is as hostile as those in its folders.
    const name = isPlain ? typed : lastName(absolute)
    const problem = localNameProblem(name, platform)
    if (problem !== null) throw new TransferProblem(`${displayName(path)} can’t be copied: ${problem}`)
    return { name, path: absolute, entry }
  }

  return {
    platform,
    async select(session, paths, destination) {
      const found: Source[] = []
      for (const path of paths) found.push(await sourceAt(session, path))
      const wanted = resolve(destination)
      const there = await localEntry(wanted, true)
      const walk = (path: string) => walkRemote(session.sftp, path)
      if (there?.kind === 'folder')
        return { base: await realpath(wanted), ...(await listSources(found, walk)) }
      const [only] = found
      if (only === undefined || found.length > 1)
        throw new TransferProblem(`${displayName(destination)} isn’t a folder`)
      if (there !== null && only.entry.kind === 'folder')
        throw new TransferProblem(`${displayName(destination)} is there and isn’t a folder`)
      const parent = dirname(wanted)
      if ((await localEntry(parent, true))?.kind !== 'folder')
        throw new TransferProblem(`there is no folder ${displayName(parent)}`)
      const renamed = [{ ...only, name: basename(wanted) }]
      return { base: await realpath(parent), ...(await listSources(renamed, walk)) }
    },
    async freeBytes(_session, base) {
      const space = await statfs(toFsPath(base)).catch(() => null)
      return space === null ? null : space.bavail * space.bsize
    },
    entryAt: (_session, path) => localEntry(path),
    namesIn: async (_session, folder) =>
      (await readdir(toFsPath(folder), { encoding: 'buffer' })).map((name) => decodeName(name)),
    async makeFolder(_session, path, mode) {
      try {
        await mkdir(toFsPath(path), { mode: mode | 0o700 })
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error
        // What is in it must not land behind a link.
        if ((await localEntry(path))?.kind !== 'folder')
          throw new FileProblem('something that isn’t a folder has its name there')
      }
    },
    async makeLink(_session, path, target) {
      try {
        await symlink(toFsPath(target), toFsPath(path))
        return 'copied'
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error
        if ((await localEntry(path))?.target === target) return 'same'
        throw new FileProblem('something else has its name there')
      }
    },
    copyBytes: receiveFile,
    rename: (_session, from, to) => rename(toFsPath(from), toFsPath(to)),
    remove: (_session, path) => unlink(toFsPath(path)),
  }
}

/** From a pod to this computer, where never more is written than was announced. See `TransferSide.copyBytes`. */
async function receiveFile(
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
