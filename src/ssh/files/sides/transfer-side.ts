import type { FileEntry } from '../../../core/files/file-entry'
import type { NamePlatform } from '../../../core/files/local-name'
import type { Omission } from '../../../core/files/transfer-plan'
import type { CopyOutcome, FileCopy } from './file-copy'
import type { FileSession } from '../session/open-file-session'

/** What is copied, and into which folder. */
export interface TransferSelection {
  /** Where relative paths of `entries` begin; it exists. */
  readonly base: string
  /** Where what has this first name comes from. */
  readonly sources: ReadonlyMap<string, string>
  readonly entries: readonly FileEntry[]
  readonly omitted: readonly Omission[]
}

/** How one direction reads and writes. Throws an `SftpError`, a `FileProblem`, a `TransferProblem` or a system error. */
export interface TransferSide {
  /** Of the platform that stores the files; null: a pod. */
  readonly platform: NamePlatform | null
  select(session: FileSession, sources: readonly string[], destination: string): Promise<TransferSelection>
  freeBytes(session: FileSession, base: string): Promise<number | null>
  entryAt(session: FileSession, path: string): Promise<FileEntry | null>
  namesIn(session: FileSession, folder: string): Promise<readonly string[]>
  /** It may be there. */
  makeFolder(session: FileSession, path: string, mode: number): Promise<void>
  makeLink(session: FileSession, path: string, target: string): Promise<CopyOutcome>
  /**
   * Writes the part of a file, which gets its name at the end. `continues`: what is in the part counts. False: it is not
   * the beginning of the file, and was removed.
   */
  copyBytes(copy: FileCopy, part: string, continues: boolean): Promise<boolean>
  rename(session: FileSession, from: string, to: string): Promise<void>
  remove(session: FileSession, path: string): Promise<void>
}

export interface Source {
  /** The name it gets. */
  readonly name: string
  readonly path: string
  readonly entry: FileEntry
}

/** Lists sources and what is below them, with the name of each before its paths. */
export async function listSources(
  sources: readonly Source[],
  walk: (path: string) => Promise<{
    readonly entries: readonly FileEntry[]
    readonly omitted: readonly Omission[]
  }>,
): Promise<Omit<TransferSelection, 'base'>> {
  const entries: FileEntry[] = []
  const omitted: Omission[] = []
  const paths = new Map<string, string>()
  for (const { name, path, entry } of sources) {
    if (paths.has(name)) {
      omitted.push({ path: name, reason: 'another one has this name' })
      continue
    }
    paths.set(name, path)
    entries.push({ ...entry, path: name })
    if (entry.kind !== 'folder') continue
    const below = await walk(path)
    const inside = <T extends { readonly path: string }>(each: T): T => ({
      ...each,
      path: `${name}/${each.path}`,
    })
    for (const each of below.entries) entries.push(inside(each))
    for (const each of below.omitted) omitted.push(inside(each))
  }
  return { sources: paths, entries, omitted }
}
