import type { Stats } from 'node:fs'
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import type { FileEntry } from '../../../core/files/file-entry'
import { decodeName, encodeName, isWellFormed, joinPath } from '../../../core/files/file-name'
import { isPartialName } from '../../../core/files/local-name'
import { MAX_DEPTH, MAX_ENTRIES, type Omission } from '../../../core/files/transfer-plan'
import { errorCode } from '../../../node/data-folder/files/error-code'
import type { Listing } from './remote-files'
import { sftpError } from '../sftp/sftp-error'

/** What the file system takes: bytes where the path is no text. */
export function toFsPath(path: string): string | Buffer {
  const bytes = isWellFormed(path) ? null : encodeName(path)
  return bytes === null ? path : Buffer.from(bytes)
}

function toEntry(path: string, stats: Stats, target: string | null): FileEntry {
  const kind = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'folder'
      : stats.isSymbolicLink()
        ? 'link'
        : 'other'
  return {
    path,
    kind,
    sizeBytes: kind === 'file' ? stats.size : 0,
    mode: stats.mode & 0o777,
    modifiedAtS: Math.max(0, Math.floor(stats.mtimeMs / 1_000)),
    target,
  }
}

/** Null if nothing is there. `isFollowed`: of what a link leads to. Throws other errors of the system. */
export async function localEntry(path: string, isFollowed = false): Promise<FileEntry | null> {
  try {
    const stats = await (isFollowed ? stat : lstat)(toFsPath(path))
    const target = stats.isSymbolicLink() ? decodeName(await readlink(toFsPath(path), 'buffer')) : null
    return toEntry('', stats, target)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}

const FOLDERS_AT_A_TIME = 16

/** Everything below a folder of this computer; links are not followed. Throws an `SftpError`: `too-many`. */
export async function walkLocal(root: string, maxEntries = MAX_ENTRIES): Promise<Listing> {
  const entries: FileEntry[] = []
  const omitted: Omission[] = []
  let waiting: string[] = ['']
  const list = async (folder: string): Promise<string[]> => {
    const path = folder === '' ? root : joinPath(root, folder)
    const names = await readdir(toFsPath(path), { encoding: 'buffer' }).catch((error: unknown) => {
      if (folder === '') throw error
      omitted.push({ path: folder, reason: 'it can’t be read' })
      return []
    })
    if (entries.length + names.length > maxEntries) throw sftpError('too-many')
    const folders: string[] = []
    const read = async (name: string): Promise<void> => {
      const inner = joinPath(folder, name)
      const entry = await localEntry(joinPath(path, name)).catch(() => null)
      if (entry === null) omitted.push({ path: inner, reason: 'it can’t be read' })
      else entries.push({ ...entry, path: inner })
      if (entry?.kind === 'folder') folders.push(inner)
    }
    await Promise.all(
      names
        .map(decodeName)
        .filter((name) => !isPartialName(name))
        .map(read),
    )
    const tooDeep = folders.filter((each) => each.split('/').length > MAX_DEPTH)
    for (const each of tooDeep) omitted.push({ path: each, reason: 'what is in it is too deep' })
    return folders.filter((each) => !tooDeep.includes(each))
  }
  while (waiting.length > 0) {
    const batch = waiting.splice(0, FOLDERS_AT_A_TIME)
    waiting = (await Promise.all(batch.map(list))).flat().concat(waiting)
  }
  return { entries, omitted }
}
