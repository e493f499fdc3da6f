import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import {
  type LastSnapshot,
  lastSnapshotsFile,
  parseLastSnapshots,
} from '../../core/view/last-snapshot/last-snapshot-codec'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'

/** Ten accounts with a thousand pods each. */
const MAX_BYTES = 8 * 1_024 * 1_024

export interface LastSnapshotStore {
  readonly load: () => readonly LastSnapshot[]
  /** Accounts that don't fit into the file are left out. False: nothing was written. */
  readonly save: (accounts: readonly LastSnapshot[]) => boolean
}

/**
 * The pods of each account as they were last listed, in `last-snapshots.json`. A file that cannot be read counts as
 * empty. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openLastSnapshotsFile(folder: string, onProblem: (text: string) => void): LastSnapshotStore {
  const path = join(folder, 'last-snapshots.json')
  let hasFailed = false
  return {
    load() {
      try {
        return parseLastSnapshots(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
      } catch {
        return []
      }
    },
    save(accounts) {
      if (writeProblem(folder) !== null) return false
      try {
        replaceFile(path, fileText(accounts))
        hasFailed = false
        return true
      } catch (cause) {
        if (!hasFailed)
          onProblem(
            `The pods could not be saved for the next start, which shows older ones: ${errorText(cause)}`,
          )
        hasFailed = true
        return false
      }
    },
  }
}

/** The largest accounts are left out until the rest can be read again. */
function fileText(accounts: readonly LastSnapshot[]): string {
  const text = `${JSON.stringify(lastSnapshotsFile(accounts))}\n`
  if (Buffer.byteLength(text) <= MAX_BYTES) return text
  const [largest] = [...accounts].sort((a, b) => b.pods.length - a.pods.length)
  return fileText(accounts.filter((one) => one !== largest))
}
