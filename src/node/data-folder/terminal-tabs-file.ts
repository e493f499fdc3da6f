import { join } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import {
  noRememberedTabs,
  parseRememberedTabs,
  type RememberedTabs,
} from '../../core/terminal/remembered-tabs'
import { copyAside } from './files/copy-aside'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'
import { makeFolders } from './files/private-folder'

const MAX_BYTES = 1_024 * 1_024

export interface TerminalTabsFile {
  load(): RememberedTabs
  save(tabs: RememberedTabs): void
}

/**
 * The tabs whose sessions are on pods, in `terminal-tabs.json`. A file that can't be read counts as empty, and a damaged
 * one is copied aside. `onProblem` receives a sentence once, until a write succeeds again.
 */
export function openTerminalTabsFile(folder: string, onProblem: (text: string) => void): TerminalTabsFile {
  const path = join(folder, 'terminal-tabs.json')
  let hasFailed = false
  return {
    load() {
      try {
        const text = readDataFile(path, MAX_BYTES)
        if (text === null) return noRememberedTabs
        const parsed = parseRememberedTabs(parseJson(text))
        if (parsed === null) copyAside(path)
        return parsed ?? noRememberedTabs
      } catch {
        return noRememberedTabs
      }
    },
    save(tabs) {
      if (writeProblem(folder) !== null) return
      try {
        makeFolders(folder)
        replaceFile(path, `${JSON.stringify({ version: 1, ...tabs })}\n`)
        hasFailed = false
      } catch (cause) {
        if (!hasFailed)
          onProblem(
            `Terminal tabs could not be saved, so they won’t come back after a restart: ${errorText(cause)}`,
          )
        hasFailed = true
      }
    },
  }
}
