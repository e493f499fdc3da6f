import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../../core/base/parse-json'
import { computerName } from '../../core/base/text/computer-name'
import { errorText } from '../../core/base/text/error-text'
import type { Computer } from '../../core/pod-guard/guard-computers'
import type { Settings } from '../../core/settings/settings'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'

const MAX_BYTES = 4_096
const schema = v.object({ version: v.literal(1), id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)) })

/** What a person calls this computer; null: nothing. */
export const chosenNameOf = ({ computerName: set }: Pick<Settings, 'computerName'>): string | null =>
  computerName(set ?? '') || null

/** What this computer is called: as set, or as its system does. */
export const nameOfComputer = (settings: Pick<Settings, 'computerName'>): string =>
  chosenNameOf(settings) || computerName(hostname().replace(/\.(local|lan|localdomain)$/i, '')) || 'computer'

/**
 * Which computer this data folder is to the guards in pods: an id of its own, in `computer.json`, made where it is first
 * needed. See docs/data-folder.md. While it can't be saved, it holds for this run.
 */
export function openComputer(
  folder: string,
  settings: () => Pick<Settings, 'computerName'>,
  onProblem: (text: string) => void,
): () => Computer {
  const path = join(folder, 'computer.json')
  let id: string | null = null

  function read(): string | null {
    try {
      const parsed = v.safeParse(schema, parseJson(readDataFile(path, MAX_BYTES) ?? ''))
      return parsed.success ? parsed.output.id : null
    } catch {
      return null
    }
  }

  function create(): string {
    const made = randomBytes(8).toString('hex')
    if (writeProblem(folder) !== null) return made
    try {
      replaceFile(path, `${JSON.stringify({ version: 1, id: made })}\n`)
    } catch (cause) {
      onProblem(`Which computer this is could not be saved for guards in pods: ${errorText(cause)}`)
    }
    return made
  }

  return () => {
    id ??= read() ?? create()
    return { id, name: nameOfComputer(settings()) }
  }
}
