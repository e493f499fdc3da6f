import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { type LedgerFiles, monthsOfParts, partsOfMonth } from '../../../core/money/ledger/ledger-files'
import { fail, ok } from '../../../core/base/result'
import { accountFolder } from '../files/account-folder'
import { copyAside } from '../files/copy-aside'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'

const SUFFIX = '.json'
/** Hundreds of pods that ran all day need less than 1 MB. */
const MAX_BYTES = 256 * 1_024 * 1_024

/** The folder with an account's costs. */
export const costsFolder = (dataFolder: string, accountId: string): string =>
  accountFolder(dataFolder, 'costs', accountId)

/**
 * The costs of an account as a file per month and one per day in `folder`. A crash leaves either the old or the new file.
 * While `mayWrite` returns false, another process keeps them and nothing is written.
 */
export function openLedgerFiles(folder: string, mayWrite: () => boolean): LedgerFiles {
  const pathOf = (name: string): string => join(folder, `${name}${SUFFIX}`)
  /** Those whose file holds something that is not in memory, and of which there is no copy yet. */
  const uncopied = new Set<string>()

  /** Throws file system errors. */
  function copyUncopied(name: string): string {
    const path = pathOf(name)
    const copy = existsSync(path) ? copyAside(path) : path
    uncopied.delete(name)
    return copy
  }

  function list(): { readonly names: readonly string[]; readonly problem: string | null } {
    try {
      return { names: readdirSync(folder), problem: null }
    } catch (cause) {
      return { names: [], problem: problemOf(cause) }
    }
  }

  const ownNames = ({ names }: { readonly names: readonly string[] }): readonly string[] =>
    names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length))

  return {
    months: () => monthsOfParts(ownNames(list())),
    parts(month) {
      const listed = list()
      return partsOfMonth(listed.problem === null ? ownNames(listed) : null, month)
    },
    listProblem: () => list().problem,
    read(name) {
      try {
        return { text: readDataFile(pathOf(name), MAX_BYTES), problem: null }
      } catch (cause) {
        uncopied.add(name)
        return { text: null, problem: errorText(cause) }
      }
    },
    write(name, text) {
      if (!mayWrite()) return ok(undefined)
      try {
        if (uncopied.has(name)) copyUncopied(name)
        return ok(replaceFile(pathOf(name), text))
      } catch (cause) {
        return fail(errorText(cause))
      }
    },
    remove(name) {
      try {
        if (mayWrite()) rmSync(pathOf(name), { force: true })
      } catch {
        // A file that stays is found again at the next start.
      }
    },
    keepCopy(name) {
      try {
        return ok(mayWrite() ? copyAside(pathOf(name), 'future') : pathOf(name))
      } catch (cause) {
        return fail(errorText(cause))
      }
    },
    setAside(name) {
      if (!mayWrite()) return pathOf(name)
      uncopied.add(name)
      try {
        const copy = copyUncopied(name)
        rmSync(pathOf(name), { force: true })
        return copy
      } catch {
        // Without a copy the file stays as it is, and the month is not written.
        return pathOf(name)
      }
    },
  }
}

/** Null for what does not exist. */
const problemOf = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? null : errorText(cause)

/** For the demo, whose costs exist only while it runs. */
export function createMemoryLedgerFiles(): LedgerFiles {
  const texts = new Map<string, string>()
  return {
    months: () => monthsOfParts([...texts.keys()]),
    parts: (month) => partsOfMonth([...texts.keys()], month),
    listProblem: () => null,
    read: (name) => ({ text: texts.get(name) ?? null, problem: null }),
    write: (name, text) => {
      texts.set(name, text)
      return ok(undefined)
    },
    remove: (name) => void texts.delete(name),
    keepCopy: ok,
    setAside: (name) => name,
  }
}
