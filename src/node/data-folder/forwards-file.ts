import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import {
  parseSavedForwards,
  type PortForward,
  type SavedForward,
  withForwards,
} from '../../core/ports/port-forward'
import { copyAside } from './files/copy-aside'
import { withFileLock } from './files/file-lock'
import { fileStamp } from './files/file-stamp'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'

const MAX_BYTES = 1_024 * 1_024

/** The forwards of the pods of a data folder, in `forwards.json`, shared by all of its programs. */
export interface ForwardsFile {
  /** Those of all pods; none where the file can't be read. */
  all(): readonly SavedForward[]
  /** Those of a pod. */
  list(accountId: string, podId: string): readonly PortForward[]
  /** Replaces those of a pod. The error is a sentence. */
  save(accountId: string, podId: string, forwards: readonly PortForward[]): Result<void, string>
  /** The same by what is saved at that moment, of which other programs may have changed something. */
  change(
    accountId: string,
    podId: string,
    next: (saved: readonly PortForward[]) => readonly PortForward[],
  ): Result<void, string>
}

export function openForwardsFile(folder: string): ForwardsFile {
  const path = join(folder, 'forwards.json')

  /** Null: it is damaged. Throws file system errors. */
  function read(): readonly SavedForward[] | null {
    const text = readDataFile(path, MAX_BYTES)
    return text === null ? [] : parseSavedForwards(parseJson(text))
  }

  let stamp: string | null = null
  let known: readonly SavedForward[] = []

  function all(): readonly SavedForward[] {
    const stampNow = fileStamp(path)
    if (stampNow === stamp) return known
    try {
      known = read() ?? []
      stamp = stampNow
    } catch {
      known = []
    }
    return known
  }

  const isOf =
    (accountId: string, podId: string) =>
    (one: SavedForward): boolean =>
      one.accountId === accountId && one.podId === podId

  function change(
    accountId: string,
    podId: string,
    next: (saved: readonly PortForward[]) => readonly PortForward[],
  ): Result<void, string> {
    const problem = writeProblem(folder)
    if (problem !== null) return fail(problem)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const done = withFileLock(`${path}.lock`, (): void => {
        const saved = read()
        if (saved === null) copyAside(path)
        const forwards = next((saved ?? []).filter(isOf(accountId, podId)))
        const changed = withForwards(saved ?? [], accountId, podId, forwards)
        replaceFile(path, `${JSON.stringify({ version: 1, forwards: changed })}\n`)
      })
      return done.ok ? ok(undefined) : fail(`The forwards could not be saved: ${done.error}.`)
    } catch (cause) {
      return fail(`The forwards could not be saved: ${errorText(cause)}.`)
    }
  }

  return {
    all,
    list: (accountId, podId) => all().filter(isOf(accountId, podId)),
    save: (accountId, podId, forwards) => change(accountId, podId, () => forwards),
    change,
  }
}
