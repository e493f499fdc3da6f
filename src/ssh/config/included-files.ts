import { readdirSync } from 'node:fs'
import { isAbsolute, join, parse, sep } from 'node:path'
import { readSmallFile } from './read-small-file'
import { matchesName } from './wildcards'

/** Files and folders that are opened for one question, and the size of a file. */
export const MAX_OPENED = 256
/** In characters: no system takes longer ones, and to take their wildcards apart takes more than its time. */
export const MAX_PATH = 4096
const MAX_FILE_BYTES = 256 * 1024

/**
 * What the `Include` lines of `~/.ssh/config` stand for. What is missing, cannot be read, is too large or too much is
 * left out; each is read once.
 */
export class IncludedFiles {
  readonly #home: string
  readonly #known = new Map<string, readonly string[]>()
  #opened = 0

  constructor(home: string) {
    this.#home = home
  }

  /** Texts of files, by a path with the wildcards of glob(7), in the order of their names. */
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
    const whole = isAbsolute(path) ? path : join(this.#home, '.ssh', path)
    const { root } = parse(whole)
    const names = whole.slice(root.length).split(sep === '\\' ? /[/\\]/ : '/')
    return names.reduce<readonly string[]>(
      (folders, name) =>
        /[*?[]/.test(name)
          ? folders.flatMap((folder) => this.#namesIn(folder, name).map((each) => join(folder, each)))
          : folders.map((folder) => join(folder, name)),
      [root],
    )
  }

  #namesIn(folder: string, pattern: string): readonly string[] {
    const names = this.#open(() => {
      try {
        return readdirSync(folder)
      } catch {
        return null
      }
    })
    return (names ?? []).filter((name) => matchesName(name, pattern)).sort()
  }

  #open<T>(read: () => T | null): T | null {
    this.#opened += 1
    return this.#opened > MAX_OPENED ? null : read()
  }
}
