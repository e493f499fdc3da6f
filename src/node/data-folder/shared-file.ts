import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { copyAside } from './files/copy-aside'
import { withFileLock } from './files/file-lock'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'
import { makeFolders } from './files/private-folder'

/** What people read about a file, as sentences; a reason follows `notRead` and `notSaved`. */
export interface SharedFileTexts {
  readonly notRead: string
  readonly notSaved: string
  readonly isTaken: string
  readonly tooLarge: string
}

/** `what`: a plural, such as "forwards". */
export const sharedFileTexts = (what: string): SharedFileTexts => ({
  notRead: `The ${what} can’t be read`,
  notSaved: `The ${what} could not be saved`,
  isTaken: `Another Podkeeper is changing the ${what}. Try again.`,
  tooLarge: `All ${what} together are too large. Delete one first.`,
})

export interface SharedFileOptions<T> {
  /** The data folder. */
  readonly folder: string
  readonly name: string
  /** A larger file is not read, and none is written. */
  readonly maxBytes: number
  /** The content of a file that is missing, or damaged. */
  readonly empty: T
  /** Of the whole file. What doesn't match is damaged. */
  readonly schema: v.GenericSchema<unknown, T>
  readonly serialize: (content: T) => string
  /** Where `schema` leaves something out. */
  readonly isPartlyDamaged?: (content: T) => boolean
  /** What a change does to a damaged file. `replaced`: one that can't be read counts as damaged; both can be lost. */
  readonly whenDamaged?: 'copied' | 'replaced'
  /** Why the folder must not be written to, as sentences. */
  readonly folderProblem?: (folder: string) => string | null
  readonly texts: SharedFileTexts
}

export interface SharedFileContent<T> {
  readonly value: T
  readonly isDamaged: boolean
}

/** What becomes of a file: its next content, and what `change` replies. The same content is not written again. */
export interface SharedFileChange<T, R> {
  readonly next: T
  readonly result: R
}

/** A JSON file of a data folder that several programs change, each as it is at that moment. */
export interface SharedFile<T> {
  readonly path: string
  /** Throws file system errors, unless a file that can't be read counts as damaged. */
  read(): SharedFileContent<T>
  /** The same; the error is a sentence, also where the file is damaged. */
  load(): Result<T, string>
  /**
   * Writes what `make` makes of the content, while no other program writes it. After an error, which is a sentence,
   * nothing changed. A damaged file is copied before it is replaced.
   */
  change<R>(
    make: (content: T, isDamaged: boolean) => Result<SharedFileChange<T, R>, string>,
  ): Result<R, string>
}

export function openSharedFile<T>(options: SharedFileOptions<T>): SharedFile<T> {
  const { folder, name, maxBytes, empty, schema, serialize, texts } = options
  const { isPartlyDamaged = () => false, whenDamaged = 'copied', folderProblem = writeProblem } = options
  const path = join(folder, name)

  function readOrThrow(): SharedFileContent<T> {
    const text = readDataFile(path, maxBytes)
    if (text === null) return { value: empty, isDamaged: false }
    const parsed = v.safeParse(schema, parseJson(text))
    return parsed.success
      ? { value: parsed.output, isDamaged: isPartlyDamaged(parsed.output) }
      : { value: empty, isDamaged: true }
  }

  function read(): SharedFileContent<T> {
    try {
      return readOrThrow()
    } catch (cause) {
      // It may be whole, so it is replaced only where that loses little.
      if (whenDamaged === 'copied') throw cause
      return { value: empty, isDamaged: true }
    }
  }

  return {
    path,
    read,
    load() {
      try {
        const { value, isDamaged } = read()
        return isDamaged ? fail(`${texts.notRead}: ${name} is damaged.`) : ok(value)
      } catch (cause) {
        return fail(`${texts.notRead}: ${errorText(cause)}.`)
      }
    },
    change<R>(make: (content: T, isDamaged: boolean) => Result<SharedFileChange<T, R>, string>) {
      const problem = folderProblem(folder)
      if (problem !== null) return fail(problem)
      try {
        makeFolders(folder)
        const done = withFileLock(`${path}.lock`, (lock): Result<R, string> => {
          const { value, isDamaged } = read()
          const made = make(value, isDamaged)
          if (!made.ok) return made
          const { next, result } = made.value
          if (next === value) return ok(result)
          const text = `${serialize(next)}\n`
          // It could not be read again.
          if (Buffer.byteLength(text) > maxBytes) return fail(texts.tooLarge)
          if (isDamaged && whenDamaged === 'copied') copyAside(path)
          if (!lock.isHeld()) return fail(texts.isTaken)
          replaceFile(path, text)
          return ok(result)
        })
        return done.ok ? done.value : fail(`${texts.notSaved}: ${done.error}.`)
      } catch (cause) {
        return fail(`${texts.notSaved}: ${errorText(cause)}.`)
      }
    },
  }
}

/** A change that has nothing to reply. */
export const changedTo = <T>(next: T): Result<SharedFileChange<T, void>, never> =>
  ok({ next, result: undefined })
