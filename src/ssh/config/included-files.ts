import { readdirSync } from 'node:fs'
import { isAbsolute, join, parse, sep } from 'node:path'
import { isNetworkPath, readSmallFile } from './read-small-file'
import { matchesFileName } from './wildcards'

/** Limits for one lookup: how many files and folders are opened, and the size of a file. */
export const MAX_OPENED_FILES = 256
/** In characters. No system allows longer paths, and expanding wildcards in them would take too long. */
export const MAX_PATH = 4096
const MAX_FILE_BYTES = 256 * 1024

/**
 * Resolves the `Include` lines of `~/.ssh/config`. Files that are missing, unreadable, too large or too many
 * are skipped. Each file is read once.
 */
export class IncludedFiles {
  readonly #home: string
  readonly #known = new Map<string, readonly string[]>()
  #opened = 0

  constructor(home: string) {
    this.#home = home
  }

  /** Returns the contents of the files that match a path with glob(7) wildcards, sorted by name. */
  read(path: string): readonly string[] {
    if (path.length > MAX_PATH) return []
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const texts = this.#files(path).flatMap(
      (file) => this.#open(() => readSmallFile(file, MAX_FILE_BYTES)) ?? [],
    )
    this.#known.set(path, texts)
    return texts
  }

  #files(path: string): readonly string[] {
    const expanded = isAbsolute(path) ? path : join(this.#home, '.ssh', path)
    if (isNetworkPath(expanded, process.platform)) return []
    const { root } = parse(expanded)
    const names = expanded.slice(root.length).split(sep === '\\' ? /[/\\]/ : '/')
    return names.reduce<readonly string[]>(
      (folders, name) =>
        /[*?[]/.test(name)
          ? folders.flatMap((folder) => this.#listMatching(folder, name).map((each) => join(folder, each)))
          : folders.map((folder) => join(folder, name)),
      [root],
    )
  }

  #listMatching(folder: string, pattern: string): readonly string[] {
    const names = this.#open(() => {
      try {
        return readdirSync(folder)
      } catch {
        return null
      }
    })
    return (names ?? []).filter((name) => matchesFileName(name, pattern)).sort()
  }

  #open<T>(read: () => T | null): T | null {
    this.#opened += 1
    return this.#opened > MAX_OPENED_FILES ? null : read()
  }
}
