import { join } from 'node:path'
import { parseJson } from '../../../core/base/parse-json'
import { errorText } from '../../../core/base/text/error-text'
import type { IdleSpans } from '../../../core/endpoints/endpoint-watch'
import { parseIdleSpans } from '../../../core/endpoints/idle-spans-codec'
import type { AccountId } from '../../../core/pods/pod'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'
import { writeProblem } from '../format/folder-format'

const MAX_BYTES = 4 * 1_024 * 1_024

export interface IdleEndpointsFile {
  load(accountId: AccountId): IdleSpans
  save(accountId: AccountId, spans: IdleSpans): void
}

/**
 * Since when serverless endpoints have been idle, in `idle-endpoints.json`, for the program that acts on the data folder.
 * A file that cannot be read counts as empty. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openIdleEndpoints(folder: string, onProblem: (text: string) => void): IdleEndpointsFile {
  const path = join(folder, 'idle-endpoints.json')
  let hasFailed = false
  return {
    load: (accountId) => read(path)[accountId] ?? {},
    save(accountId, spans) {
      if (writeProblem(folder) !== null) return
      try {
        const stored = read(path)
        // Most accounts have none, and the file is not written for nothing.
        if (JSON.stringify(stored[accountId] ?? {}) === JSON.stringify(spans)) return
        const accounts = { ...stored, [accountId]: spans }
        replaceFile(path, `${JSON.stringify({ version: 1, accounts })}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed)
          onProblem(`Since when endpoints have been idle could not be saved: ${errorText(cause)}`)
        hasFailed = true
      }
    },
  }
}

function read(path: string): Readonly<Record<AccountId, IdleSpans>> {
  try {
    return parseIdleSpans(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
  } catch {
    return {}
  }
}
