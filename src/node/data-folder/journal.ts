import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { parseJson } from '../../core/base/parse-json'
import { errorText } from '../../core/base/error-text'
import { type Intent, isOpen } from '../../core/intents/intent'
import { parseIntent } from '../../core/intents/parse-intent'
import type { Journal } from '../../core/intents/journal'
import { fail, ok } from '../../core/base/result'
import { DAY_MS } from '../../core/base/time'
import { copyAside } from './files/copy-aside'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'

export interface OpenJournal extends Journal {
  /** The latest state of every intent, of this and earlier runs, oldest first. */
  latest(): readonly Intent[]
  /** Sentences for display about what was found when the journal was opened. */
  readonly problems: readonly string[]
  close(): void
}

/** A journal in a file, which another program may have replaced. */
export interface JournalFile extends OpenJournal {
  /** Whether the file that is written is still the one at the path. Throws file system errors. */
  isInPlace(): boolean
}

/**
 * Opens the journal of intents: one JSON line per state change, fsynced. Opening rewrites it without intents
 * that ended more than a day ago. A last line truncated by a crash was never acted on and is dropped. A damaged
 * file is copied aside first; where the copy or the new file cannot be written, the old one is used as it is.
 * Throws file system errors when it can be neither read nor appended to. See
 * docs/product-rules.md#41-intents.
 */
export function openJournal(path: string, nowMs: number): JournalFile {
  const { intents, isDamaged } = readJournal(path)
  const earlier = intents.filter((intent) => isOpen(intent) || nowMs - intent.phaseAt.wallMs < DAY_MS)
  const problem = rewrite(path, earlier, isDamaged)
  const byId = new Map(earlier.map((intent) => [intent.id, intent]))
  const file = openSync(path, 'a+', 0o600)
  return {
    latest: () => [...byId.values()],
    problems: problem === null ? [] : [problem],
    record(intent) {
      try {
        append(file, `${JSON.stringify(intent)}\n`)
        byId.set(intent.id, intent)
        return ok(undefined)
      } catch (cause) {
        return fail(`the journal could not be written (${errorText(cause)})`)
      }
    },
    isInPlace: () => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino,
    close: () => closeSync(file),
  }
}

/** Replaces the file by its readable intents. Returns a sentence about damage, or about a file that must stay. */
function rewrite(path: string, intents: readonly Intent[], isDamaged: boolean): string | null {
  try {
    const copy = isDamaged ? copyAside(path) : null
    replaceFile(path, intents.map((intent) => `${JSON.stringify(intent)}\n`).join(''))
    if (copy === null) return null
    return `The journal of actions was damaged; what could be read goes on, the file is kept as ${copy}.`
  } catch (cause) {
    const what = isDamaged ? 'is damaged and could not be repaired' : 'could not be tidied up'
    return `The journal of actions ${what} (${errorText(cause)}); what could be read goes on, the file stays.`
  }
}

/** For the demo, whose pods exist only while it runs. */
export const nullJournal: Journal = { record: () => ok(undefined) }

/**
 * Writes all of `text` or nothing: on a full disk, a partial line would corrupt the next one. A partial line
 * that stayed is ended first.
 */
function append(file: number, text: string): void {
  const sizeBefore = fstatSync(file).size
  try {
    writeFileSync(file, endsWithNewline(file, sizeBefore) ? text : `\n${text}`)
    fsyncSync(file)
  } catch (cause) {
    ftruncateSync(file, sizeBefore)
    throw cause
  }
}

function endsWithNewline(file: number, size: number): boolean {
  const end = Buffer.alloc(1)
  if (size > 0) readSync(file, end, 0, 1, size - 1)
  return size === 0 || end.toString() === '\n'
}

/** The latest state of every intent in a journal that another program writes, oldest first; null: it cannot be read. */
export function readIntents(path: string): readonly Intent[] | null {
  try {
    return readJournal(path).intents
  } catch {
    return null
  }
}

/** More than years of actions. Only its end is read of a larger file, which nobody wrote like that. */
const MAX_BYTES = 64 * 1_024 * 1_024

function readJournal(path: string): { intents: readonly Intent[]; isDamaged: boolean } {
  const isTooLarge = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES
  const text = isTooLarge ? readEnd(path) : (readDataFile(path, MAX_BYTES) ?? '')
  const lines = text.split('\n')
  const lastLine = lines.pop() ?? ''
  const byId = new Map<string, Intent>()
  let isDamaged = isTooLarge
  for (const [index, line] of [...lines, lastLine].entries()) {
    if (line === '') continue
    const intent = parseIntent(parseJson(line))
    if (intent) byId.set(intent.id, intent)
    else if (index < lines.length || !isCutOff(line)) isDamaged = true
  }
  return { intents: [...byId.values()], isDamaged }
}

/** Whether a crash cut off a line like this, rather than something else having damaged it. */
const isCutOff = (line: string): boolean => line.startsWith('{') && !line.includes('\0')

function readEnd(path: string): string {
  const file = openSync(path, 'r')
  try {
    const end = Buffer.alloc(MAX_BYTES)
    const bytes = readSync(file, end, 0, MAX_BYTES, fstatSync(file).size - MAX_BYTES)
    return end.toString('utf8', 0, bytes)
  } finally {
    closeSync(file)
  }
}
