import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { isMonth } from '../../../core/money/ledger/months'
import type { LedgerFiles } from '../../../core/money/ledger/ledger-files'
import { fail, ok } from '../../../core/base/result'
import { accountFolder } from '../files/account-folder'
import { copyAside } from '../files/copy-aside'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'

const SUFFIX = '.json'
/** Hundreds of pods that ran all month need a few MB. */
const MAX_BYTES = 256 * 1_024 * 1_024

/** The folder with an account's costs. */
export const costsFolder = (dataFolder: string, accountId: string): string =>
  accountFolder(dataFolder, 'costs', accountId)

/**
 * The costs of an account as one file per month in `folder`. A crash leaves either the old or the new file.
 * While `mayWrite` returns false, another process keeps them and nothing is written.
 */
export function openLedgerFiles(folder: string, mayWrite: () => boolean): LedgerFiles {
  const pathOf = (month: string): string => join(folder, `${month}${SUFFIX}`)
  /** Months whose file holds something that is not in memory, and of which there is no copy yet. */
  const uncopied = new Set<string>()

  /** Throws file system errors. */
  function copyUncopied(month: string): string {
    const path = pathOf(month)
    const copy = existsSync(path) ? copyAside(path) : path
    uncopied.delete(month)
    return copy
  }

  function list(): { readonly names: readonly string[]; readonly problem: string | null } {
    try {
      return { names: readdirSync(folder), problem: null }
    } catch (cause) {
      return { names: [], problem: problemOf(cause) }
    }
  }

  return {
    months: () =>
      list()
        .names.filter((name) => name.endsWith(SUFFIX))
        .map((name) => name.slice(0, -SUFFIX.length))
        .filter(isMonth),
    listProblem: () => list().problem,
    read(month) {
      try {
        return { text: readDataFile(pathOf(month), MAX_BYTES), problem: null }
      } catch (cause) {
        uncopied.add(month)
        return { text: null, problem: errorText(cause) }
      }
    },
    write(month, text) {
      if (!mayWrite()) return ok(undefined)
      try {
        if (uncopied.has(month)) copyUncopied(month)
        return ok(replaceFile(pathOf(month), text))
      } catch (cause) {
        return fail(errorText(cause))
      }
    },
    remove(month) {
      try {
        if (mayWrite()) rmSync(pathOf(month), { force: true })
      } catch {
        // A file that stays is found again at the next start.
      }
    },
    keepCopy(month) {
      try {
        return ok(mayWrite() ? copyAside(pathOf(month), 'future') : pathOf(month))
      } catch (cause) {
        return fail(errorText(cause))
      }
    },
    setAside(month) {
      if (!mayWrite()) return pathOf(month)
      uncopied.add(month)
      try {
        const copy = copyUncopied(month)
        rmSync(pathOf(month), { force: true })
        return copy
      } catch {
        // Without a copy the file stays as it is, and the month is not written.
        return pathOf(month)
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
    months: () => [...texts.keys()],
    listProblem: () => null,
    read: (month) => ({ text: texts.get(month) ?? null, problem: null }),
    write: (month, text) => {
      texts.set(month, text)
      return ok(undefined)
    },
    remove: (month) => void texts.delete(month),
    keepCopy: ok,
    setAside: (month) => month,
  }
}
