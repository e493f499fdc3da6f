import { join } from 'node:path'
import { fileStamp } from '../files/file-stamp'
import { errorText } from '../../../core/base/text/error-text'
import type { AlertHistory, AlertHistoryStore } from '../../../core/alerts/alert-history'
import { parseAlertHistory } from '../../../core/alerts/parse-alert-history'
import { copyAside } from '../files/copy-aside'
import { writeProblem } from '../format/folder-format'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'

/**
 * The alert history of a data folder, in `alert-marks.json`, shared by all programs that act on it. See
 * docs/decisions/0015. If it cannot be written it is kept in memory, because otherwise every alert would
 * repeat after each poll. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openAlertHistory(folder: string, onProblem: (text: string) => void): AlertHistoryStore {
  const path = join(folder, 'alert-marks.json')
  let stamp = fileStamp(path)
  let history = stamp === null ? {} : (read(path) ?? openDamaged(folder, path, onProblem))
  let isFailing = false

  return {
    load() {
      const stampNow = fileStamp(path)
      // Another program wrote the file while it was active. If the file disappeared, the next write restores
      // it.
      if (stampNow !== null && stampNow !== stamp) {
        const written = read(path)
        if (written === null) return history
        history = written
        stamp = stampNow
      }
      return history
    },
    save(next) {
      history = next
      if (writeProblem(folder) !== null) return
      try {
        replaceFile(path, `${JSON.stringify(Object.values(next))}\n`)
        stamp = fileStamp(path)
        isFailing = false
      } catch (cause) {
        const why = errorText(cause)
        if (!isFailing) onProblem(`The alert history could not be saved: ${why}`)
        isFailing = true
      }
    },
  }
}

/** Null when the file cannot be read or is damaged as a whole. Damaged records are skipped. */
function read(path: string): AlertHistory | null {
  const value = readJson(path)
  return typeof value === 'object' && value !== null ? parseAlertHistory(value) : null
}

/** A damaged file counts as empty, because at worst an alert is repeated. The next write replaces it. */
function openDamaged(folder: string, path: string, onProblem: (text: string) => void): AlertHistory {
  if (writeProblem(folder) !== null) return {}
  try {
    onProblem(
      `The alert history could not be read, so alerts may repeat. The file was saved as ${copyAside(path)}.`,
    )
  } catch (cause) {
    onProblem(`The alert history could not be read, so alerts may repeat: ${errorText(cause)}`)
  }
  return {}
}

/** Far more than the records of a week need. */
const MAX_BYTES = 16 * 1_024 * 1_024

function readJson(path: string): unknown {
  try {
    return JSON.parse(readDataFile(path, MAX_BYTES) ?? 'null')
  } catch {
    return null
  }
}
