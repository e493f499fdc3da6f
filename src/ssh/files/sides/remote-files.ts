import type { FileEntry, FileKind } from '../../../core/files/file-entry'
import { joinPath } from '../../../core/files/file-name'
import { type FolderItem, type FolderView, shownItems } from '../../../core/files/files-view'
import { isPartialName } from '../../../core/files/local-name'
import { MAX_DEPTH, MAX_ENTRIES, type Omission } from '../../../core/files/transfer-plan'
import type { SftpClient, SftpName } from '../sftp/sftp-client'
import { SftpError, sftpError } from '../sftp/sftp-error'
import type { SftpAttributes } from '../sftp/sftp-packets'
import { ifOfFile } from '../session/transfer-problems'

const TYPE_BITS = 0o170_000
const kinds: Readonly<Record<number, FileKind>> = {
  0o100_000: 'file',
  0o040_000: 'folder',
  0o120_000: 'link',
}
const FOLDERS_AT_A_TIME = 16
const MAX_PATH_BYTES = 4_096
/** Of all paths and targets of links together: 500 for each of so many files. */
const MAX_TEXT_CHARS = MAX_ENTRIES * 500

/** What was found below a folder, and what was not looked at. */
export interface Listing {
  readonly entries: readonly FileEntry[]
  readonly omitted: readonly Omission[]
}

export function toEntry(path: string, { sizeBytes, mode, modifiedAtS }: SftpAttributes): FileEntry {
  const kind = kinds[(mode ?? 0) & TYPE_BITS] ?? 'other'
  return {
    path,
    kind: kind === 'file' && sizeBytes === null ? 'other' : kind,
    sizeBytes: kind === 'file' ? (sizeBytes ?? 0) : 0,
    mode: (mode ?? 0) & 0o777,
    modifiedAtS: modifiedAtS ?? 0,
    target: null,
  }
}

/** Null if nothing is there. Other errors are thrown. */
export async function entryAt(
  path: string,
  read: (path: string) => Promise<SftpAttributes>,
): Promise<FileEntry | null> {
  try {
    return toEntry('', await read(path))
  } catch (error) {
    if (error instanceof SftpError && error.kind === 'no-such-file') return null
    throw error
  }
}

const isName = (name: string): boolean => name !== '' && !/[/\0]/.test(name)

/** The files of one folder, without those below it, by name; with the targets of links. Throws an `SftpError`. */
export async function listRemoteFolder(
  sftp: SftpClient,
  path: string,
  maxEntries = MAX_ENTRIES,
): Promise<readonly FileEntry[]> {
  const names = (await sftp.readFolder(path, maxEntries)).filter(({ name }) => isName(name))
  return Promise.all(names.map((found) => withTarget(sftp, path, found)))
}

async function withTarget(
  sftp: SftpClient,
  folder: string,
  { name, attributes }: SftpName,
): Promise<FileEntry> {
  const entry = toEntry(name, attributes)
  if (entry.kind !== 'link') return entry
  const target = await sftp.readlink(joinPath(folder, name)).catch(ifOfFile(null))
  return { ...entry, target: target === null || target.length > MAX_PATH_BYTES ? null : target }
}

/**
 * Everything below a folder of a pod, whatever it says: a bounded number of files, depth and length of paths. A link is
 * not followed. Throws an `SftpError`: `too-many` for more than `maxEntries`.
 */
export async function walkRemote(sftp: SftpClient, root: string, maxEntries = MAX_ENTRIES): Promise<Listing> {
  const entries: FileEntry[] = []
  const omitted: Omission[] = []
  let waiting: string[] = ['']
  let textChars = 0
  const list = async (folder: string): Promise<string[]> => {
    const path = folder === '' ? root : joinPath(root, folder)
    const left = maxEntries - entries.length - omitted.length
    // A folder that can't be read says so, and the others are copied.
    const names = await sftp.readFolder(path, left).catch((error: unknown) => {
      if (folder !== '' && error instanceof SftpError && isOfFolder(error)) {
        omitted.push({ path: folder, reason: error.message })
        return []
      }
      throw error
    })
    const isUsable = ({ name }: SftpName): boolean => isName(name) && !isPartialName(name)
    const unusable = names.filter(({ name }) => !isName(name))
    for (const { name } of unusable)
      omitted.push({ path: joinPath(folder, name), reason: 'its name can’t be that of a file' })
    const found = await Promise.all(names.filter(isUsable).map((each) => withTarget(sftp, path, each)))
    const below = found.map((entry) => ({ ...entry, path: joinPath(folder, entry.path) }))
    for (const entry of below) {
      entries.push(entry)
      textChars += entry.path.length + (entry.target?.length ?? 0)
    }
    if (entries.length + omitted.length > maxEntries || textChars > MAX_TEXT_CHARS)
      throw sftpError('too-many')
    const folders = below.filter(({ kind }) => kind === 'folder')
    const tooDeep = folders.filter(
      (each) => each.path.split('/').length > MAX_DEPTH || root.length + each.path.length > MAX_PATH_BYTES,
    )
    for (const each of tooDeep) omitted.push({ path: each.path, reason: 'what is in it is too deep' })
    return folders.filter((each) => !tooDeep.includes(each)).map((each) => each.path)
  }
  while (waiting.length > 0) {
    const batch = waiting.splice(0, FOLDERS_AT_A_TIME)
    waiting = (await Promise.all(batch.map(list))).flat().concat(waiting)
  }
  return { entries, omitted }
}

const isOfFolder = ({ kind }: SftpError): boolean =>
  kind === 'permission-denied' || kind === 'failure' || kind === 'no-such-file'

/** What stands first in a folder of a pod, with what links lead to, and how many more there are. Throws an `SftpError`. */
export async function listShownItems(
  sftp: SftpClient,
  path: string,
): Promise<Pick<FolderView, 'items' | 'leftOutCount'>> {
  const names = (await sftp.readFolder(path, MAX_LISTED_NAMES)).filter(
    ({ name }) => isName(name) && !isPartialName(name),
  )
  const { shown, leftOutCount } = shownItems(
    names.map(({ name, attributes }) => ({ ...toEntry(name, attributes), name, attributes })),
  )
  const items = shown.map(async (found): Promise<FolderItem> => {
    const entry = await withTarget(sftp, path, found)
    if (entry.kind !== 'link') return { ...entry, leadsTo: null }
    const led = await entryAt(joinPath(path, found.name), sftp.stat).catch(ifOfFile(null))
    return { ...entry, leadsTo: led?.kind ?? null }
  })
  return { items: await Promise.all(items), leftOutCount }
}

/** Of a folder that a person looks at. */
const MAX_LISTED_NAMES = 100_000
