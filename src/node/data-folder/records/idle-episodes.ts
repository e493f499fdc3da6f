import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { parseJson } from '../../../core/base/parse-json'
import type { IdleEpisodeStore } from '../../../core/guard/episode-names'
import { parseStoredEpisodes, type StoredEpisode } from '../../../core/guard/stored-episode'
import { writeProblem } from '../format/folder-format'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'

/** Far more than a thousand pods need. */
const MAX_BYTES = 1_024 * 1_024

/**
 * The idle episodes of a data folder, in `idle-episodes.json`, shared by all programs that act on it. A file
 * that cannot be read counts as empty. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openIdleEpisodes(folder: string, onProblem: (text: string) => void): IdleEpisodeStore {
  const path = join(folder, 'idle-episodes.json')
  let hasFailed = false
  return {
    load: () => read(path),
    save(episodes) {
      if (writeProblem(folder) !== null) return
      try {
        replaceFile(path, `${JSON.stringify(episodes)}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed) onProblem(`Idle pods could not be saved, so alerts may repeat: ${errorText(cause)}`)
        hasFailed = true
      }
    },
  }
}

function read(path: string): readonly StoredEpisode[] {
  try {
    return parseStoredEpisodes(parseJson(readDataFile(path, MAX_BYTES) ?? ''))
  } catch {
    return []
  }
}
