import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileStamp } from './file-stamp'
import { errorText } from '../../core/base/error-text'
import { type AlertHistory, type AlertHistoryStore, parseAlertHistory } from '../../core/alerts/alert-history'
import { replaceFile } from './replace-file'

/**
 * What was announced for the accounts of a data folder, by whichever program acts on it, in `alert-marks.json`; see
 * docs/decisions/0015. Remembered for the run when it cannot be written: else everything would be said at every turn.
 * `onProblem` is given a sentence, once until a write succeeds again.
 */
export function openAlertHistory(folder: string, onProblem: (text: string) => void): AlertHistoryStore {
  const path = join(folder, 'alert-marks.json')
  let stamp = fileStamp(path)
  let history = stamp === null ? legacyHistory(folder) : read(path)
  let isFailing = false

  return {
    load() {
      const stampNow = fileStamp(path)
      // Another program wrote it while that one acted. One that vanished comes back with the next write.
      if (stampNow !== null && stampNow !== stamp) {
        history = read(path)
        stamp = stampNow
      }
      return history
    },
    save(next) {
      history = next
      try {
        replaceFile(path, `${JSON.stringify(Object.values(next))}\n`)
        stamp = fileStamp(path)
        isFailing = false
      } catch (cause) {
        const why = errorText(cause)
        if (!isFailing) onProblem(`What was announced could not be written down: ${why}`)
        isFailing = true
      }
    },
  }
}

/** The app once kept them with its settings, the command line in a file of its own. */
function legacyHistory(folder: string): AlertHistory {
  const config = readJson(join(folder, 'config.json'))
  const appRecords =
    typeof config === 'object' && config !== null && 'alertMarks' in config ? config.alertMarks : {}
  return { ...parseAlertHistory(appRecords), ...parseAlertHistory(readJson(join(folder, 'cli-marks.json'))) }
}

const read = (path: string): AlertHistory => parseAlertHistory(readJson(path))

/** A file that is damaged holds nothing: at worst something is said once more. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
