import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { parsePodColors, type PodColorStore } from '../../core/view/pod-colors'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'

/** Far more than ten thousand pods need. */
const MAX_BYTES = 1_024 * 1_024

/**
 * The identity colors of the pods of a data folder, in `pod-colors.json`. A file that cannot be read counts as empty.
 * `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openPodColorsFile(folder: string, onProblem: (text: string) => void): PodColorStore {
  const path = join(folder, 'pod-colors.json')
  let hasFailed = false
  return {
    load() {
      try {
        return parsePodColors(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
      } catch {
        return new Map()
      }
    },
    save(colors) {
      if (writeProblem(folder) !== null) return
      try {
        replaceFile(path, `${JSON.stringify(Object.fromEntries(colors))}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed)
          onProblem(`The colors of pods could not be saved, so they may change: ${errorText(cause)}`)
        hasFailed = true
      }
    },
  }
}
