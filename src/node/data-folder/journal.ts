import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { parseJson } from '../../core/base/parse-json'
import { errorText } from '../../core/base/error-text'
import { type Intent, isOpen } from '../../core/intents/intent'
import { parseIntent } from '../../core/intents/parse-intent'
import type { Journal } from '../../core/intents/journal'
import { fail, ok } from '../../core/base/result'
import { DAY_MS } from '../../core/base/time'
import { replaceFile } from './replace-file'

export interface OpenJournal extends Journal {
  /** The latest state of every intent, of this and earlier runs, oldest first. */
  latest(): readonly Intent[]
  /** Set when lines could not be parsed: the name of the copy of the damaged file. */
  readonly damagedCopy: string | null
  close(): void
}

/**
 * Opens the journal of intents: one JSON line per state change, fsynced. Opening rewrites it without intents
 * that ended more than a day ago. A last line truncated by a crash was never acted on and is dropped. Throws
 * file system errors.
 */
export function openJournal(path: string, nowMs: number): OpenJournal {
  const { intents, isDamaged } = existsSync(path) ? readIntents(path) : { intents: [], isDamaged: false }
  const damagedCopy = isDamaged ? `${path}.damaged-${nowMs}` : null
  if (damagedCopy !== null) renameSync(path, damagedCopy)
  const earlier = intents.filter((intent) => isOpen(intent) || nowMs - intent.phaseAt.wallMs < DAY_MS)
  replaceFile(path, earlier.map((intent) => `${JSON.stringify(intent)}\n`).join(''))

  const byId = new Map(earlier.map((intent) => [intent.id, intent]))
  const file = openSync(path, 'a', 0o600)
  return {
    latest: () => [...byId.values()],
    damagedCopy,
    record(intent) {
      try {
        append(file, `${JSON.stringify(intent)}\n`)
        byId.set(intent.id, intent)
        return ok(undefined)
      } catch (cause) {
        return fail(`the journal could not be written (${errorText(cause)})`)
      }
    },
    close: () => closeSync(file),
  }
}

/** Problems found when the journal was opened, as sentences for display. */
export function journalProblems({ damagedCopy }: OpenJournal): readonly string[] {
  if (damagedCopy === null) return []
  return [
    `The journal of actions was damaged; what could be read goes on, the file is kept as ${damagedCopy}.`,
  ]
}

/** For the demo, whose pods exist only while it runs. */
export const nullJournal: Journal = { record: () => ok(undefined) }

/** Writes all of `text` or nothing: on a full disk, a partial line would corrupt the next one. */
function append(file: number, text: string): void {
  const sizeBefore = fstatSync(file).size
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } catch (cause) {
    ftruncateSync(file, sizeBefore)
    throw cause
  }
}

function readIntents(path: string): { intents: readonly Intent[]; isDamaged: boolean } {
  const lines = readFileSync(path, 'utf8').split('\n')
  const lastLine = lines.pop() ?? ''
  const byId = new Map<string, Intent>()
  let isDamaged = false
  for (const [index, line] of [...lines, lastLine].entries()) {
    if (line === '') continue
    const intent = parseIntent(parseJson(line))
    if (intent) byId.set(intent.id, intent)
    else if (index < lines.length) isDamaged = true
  }
  return { intents: [...byId.values()], isDamaged }
}
