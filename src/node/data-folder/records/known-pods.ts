import { join } from 'node:path'
import { parseJson } from '../../../core/base/parse-json'
import { errorText } from '../../../core/base/text/error-text'
import type { AccountId } from '../../../core/pods/pod'
import type { KnownPods } from '../../../core/unrecognized-pods/known-pods'
import { parseKnownPods } from '../../../core/unrecognized-pods/known-pods-codec'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'
import { writeProblem } from '../format/folder-format'

/** 20 accounts with 5,000 pods each. */
const MAX_BYTES = 8 * 1_024 * 1_024

export interface KnownPodsFile {
  load(accountId: AccountId): KnownPods | null
  save(accountId: AccountId, known: KnownPods): void
}

/**
 * The pods that were listed before, in `known-pods.json`, for the program that acts on the data folder. A file that
 * cannot be read counts as empty. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openKnownPods(folder: string, onProblem: (text: string) => void): KnownPodsFile {
  const path = join(folder, 'known-pods.json')
  let hasFailed = false
  return {
    load: (accountId) => read(path)[accountId] ?? null,
    save(accountId, known) {
      if (writeProblem(folder) !== null) return
      try {
        const accounts = { ...read(path), [accountId]: known }
        replaceFile(path, `${JSON.stringify({ version: 1, accounts })}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed)
          onProblem(`Known pods could not be saved, so new ones may be missed: ${errorText(cause)}`)
        hasFailed = true
      }
    },
  }
}

function read(path: string): Readonly<Record<AccountId, KnownPods>> {
  try {
    return parseKnownPods(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
  } catch {
    return {}
  }
}
