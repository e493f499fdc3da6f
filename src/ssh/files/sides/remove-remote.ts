import type { FileKind } from '../../../core/files/file-entry'
import { joinPath } from '../../../core/files/file-name'
import { isPlainName } from '../../../core/files/files-view'
import { MAX_DEPTH, MAX_ENTRIES, type Omission } from '../../../core/files/transfer-plan'
import { ifOfFile } from '../session/transfer-problems'
import type { SftpClient, SftpName } from '../sftp/sftp-client'
import { SftpError } from '../sftp/sftp-error'
import { entryAt, toEntry } from './remote-files'

const AT_A_TIME = 16

/**
 * Removes a file, a link or a folder with everything in it. Links are removed, never followed. What is no longer what
 * was `expected` stays; what is not there any more counts as removed. Null, or the first thing that was not removed.
 * Throws an `SftpError` of the connection.
 */
export async function removeRemote(
  sftp: SftpClient,
  path: string,
  expected: FileKind,
): Promise<Omission | null> {
  let problem: Omission | null = null
  let entriesLeft = MAX_ENTRIES
  const isLeft = (left: string, reason: string): false => {
    problem ??= { path: left, reason }
    return false
  }

  /** Whether it is gone now. */
  async function attempt(what: string, run: () => Promise<boolean | void>): Promise<boolean> {
    try {
      return (await run()) ?? true
    } catch (error) {
      if (!(error instanceof SftpError)) throw error
      if (error.kind === 'no-such-file') return true
      ifOfFile(null)(error)
      return isLeft(what, error.message)
    }
  }

  const removeAny = async (what: string, depth: number): Promise<boolean> =>
    attempt(what, async () =>
      // A link may have taken its place since its folder was read.
      toEntry('', await sftp.lstat(what)).kind === 'folder' ? removeFolder(what, depth) : sftp.remove(what),
    )

  async function removeFolder(folder: string, depth: number): Promise<boolean> {
    if (depth > MAX_DEPTH) return isLeft(folder, 'what is in it is too deep')
    const names: readonly SftpName[] = await sftp.readFolder(folder, entriesLeft)
    entriesLeft -= names.length
    const isFolder = ({ name, attributes }: SftpName): boolean => toEntry(name, attributes).kind === 'folder'
    let isEmpty = names.every(({ name }) => isPlainName(name))
    if (!isEmpty) isLeft(folder, 'there are names in it that can’t be those of files')
    const plain = names.filter(({ name }) => isPlainName(name))
    const files = plain.filter((each) => !isFolder(each))
    for (let from = 0; from < files.length; from += AT_A_TIME) {
      const some = files.slice(from, from + AT_A_TIME)
      const removed = await Promise.all(some.map(({ name }) => removeAny(joinPath(folder, name), depth + 1)))
      isEmpty &&= removed.every(Boolean)
    }
    for (const { name } of plain.filter(isFolder))
      isEmpty = (await removeAny(joinPath(folder, name), depth + 1)) && isEmpty
    return isEmpty && attempt(folder, () => sftp.removeFolder(folder))
  }

  const found = await entryAt(path, sftp.lstat)
  if (found === null) return null
  if (found.kind !== expected) return { path, reason: 'it isn’t what it was anymore' }
  await removeAny(path, 0)
  return problem
}
