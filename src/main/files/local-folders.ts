import { randomUUID } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { decodeName, joinPath, lastName } from '../../core/files/file-name'
import {
  type FolderItem,
  type FolderView,
  isPlainName,
  type LocalRoot,
  shownItems,
} from '../../core/files/files-view'
import { isPartialName } from '../../core/files/local-name'
import { localEntry, toFsPath } from '../../ssh/files/sides/local-files'
import { filesText } from './files-text'

/**
 * The folders of this computer that a person opened, and what is below them; nothing else can be named. Links are shown
 * and lead nowhere. Errors are sentences. See docs/security.md.
 */
export interface LocalFolders {
  /** `path`: as a dialog of the system returned it. */
  open(path: string): LocalRoot
  list(rootId: string, path: string): Promise<Result<FolderView, string>>
  /** The absolute path of a folder below an opened one. */
  resolve(rootId: string, path: string): Promise<Result<string, string>>
  /** Absolute paths of what is in such a folder. A link is refused, because it may lead elsewhere. */
  sources(rootId: string, path: string, names: readonly string[]): Promise<Result<readonly string[], string>>
}

/** The oldest ones are forgotten. */
const MAX_ROOTS = 20

export function createLocalFolders(platform: NodeJS.Platform = process.platform): LocalFolders {
  const roots = new Map<string, string>()
  /** Windows has other ways to name what is elsewhere. */
  const isName = (name: string): boolean => isPlainName(name) && (platform !== 'win32' || !/[\\:]/.test(name))

  async function resolve(rootId: string, path: string): Promise<Result<string, string>> {
    const root = roots.get(rootId)
    if (root === undefined) return fail(filesText.notOpened)
    if (path !== '' && !path.split('/').every(isName)) return fail(filesText.outsideOfFolder)
    const name = lastName(path) || basename(root)
    try {
      const real = decodeName(await realpath(toFsPath(root), 'buffer'))
      const wanted = path === '' ? real : join(real, ...path.split('/'))
      // A link on the way would lead elsewhere.
      if (decodeName(await realpath(toFsPath(wanted), 'buffer')) !== wanted)
        return fail(filesText.outsideOfFolder)
      return (await stat(toFsPath(wanted))).isDirectory() ? ok(wanted) : fail(filesText.notLocalFolder(name))
    } catch {
      return fail(filesText.notLocalFolder(name))
    }
  }

  async function itemAt(folder: string, name: string): Promise<FolderItem | null> {
    const path = joinPath(folder, name)
    const entry = await localEntry(path).catch(() => null)
    if (entry === null) return null
    const led = entry.kind === 'link' ? await localEntry(path, true).catch(() => null) : null
    return { ...entry, path: name, leadsTo: led?.kind ?? null }
  }

  return {
    open(path) {
      const known = [...roots].find(([, root]) => root === path)
      const id = known?.[0] ?? randomUUID()
      roots.delete(id)
      roots.set(id, path)
      const [oldest = ''] = roots.keys()
      if (roots.size > MAX_ROOTS) roots.delete(oldest)
      return { id, name: basename(path) || path }
    },
    async list(rootId, path) {
      const folder = await resolve(rootId, path)
      if (!folder.ok) return folder
      try {
        const found = await readdir(toFsPath(folder.value), { encoding: 'buffer', withFileTypes: true })
        const { shown, leftOutCount } = shownItems(
          found
            .filter((each) => !isPartialName(decodeName(each.name)))
            .map((each) => ({
              path: decodeName(each.name),
              kind: each.isDirectory() ? ('folder' as const) : ('other' as const),
            })),
        )
        const items = await Promise.all(shown.map((each) => itemAt(folder.value, each.path)))
        return ok({ path, items: items.filter((item) => item !== null), leftOutCount })
      } catch {
        return fail(filesText.notLocalFolder(lastName(path) || basename(folder.value)))
      }
    },
    resolve,
    async sources(rootId, path, names) {
      const folder = await resolve(rootId, path)
      if (!folder.ok) return folder
      if (!names.every(isName)) return fail(filesText.outsideOfFolder)
      for (const name of names) {
        const entry = await localEntry(joinPath(folder.value, name)).catch(() => null)
        if (entry === null) return fail(filesText.notLocalFile(name))
        if (entry.kind === 'link') return fail(filesText.isLink(name))
      }
      return ok(names.map((name) => join(folder.value, name)))
    },
  }
}
