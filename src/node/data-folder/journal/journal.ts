import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import { parseJson } from '../../../core/base/parse-json'
import { fail, ok, type Result } from '../../../core/base/result'
import type { OutboxRecord } from '../../../core/channels/outbox/outbox-message'
import type { CreateIntent, CreateJournal } from '../../../core/creation/create-intent'
import type { Intent } from '../../../core/intents/intent'
import type { Journal } from '../../../core/intents/journal'
import type { QueueRecord } from '../../../core/queue/jobs/job-codec'
import { appendWhole } from '../files/append-whole'
import { copyAside } from '../files/copy-aside'
import { readDataFile } from '../files/read-data-file'
import { replaceFile } from '../files/replace-file'
import {
  createJournal,
  intentJournal,
  type JournalKind,
  outboxJournal,
  queueJournal,
  type Recorded,
} from './journal-kinds'
import { isCutOff, isIntact, journalLine } from './journal-line'

export interface OpenJournalOf<T extends Recorded> {
  /** Ok means that it is on disk, fsynced; the error is a sentence. */
  record(recorded: T): Result<void, string>
  /** The latest state of every record, of this and earlier runs, oldest first. */
  latest(): readonly T[]
  /** Sentences for display about what was found when the journal was opened. */
  readonly problems: readonly string[]
  close(): void
}

export type OpenJournal = OpenJournalOf<Intent>
export type OpenCreates = OpenJournalOf<CreateIntent>
export type OpenQueue = OpenJournalOf<QueueRecord>
export type OpenOutbox = OpenJournalOf<OutboxRecord>

/** A journal in a file, which another program may have replaced. */
export interface JournalFile<T extends Recorded = Intent> extends OpenJournalOf<T> {
  /** Whether the file that is written is still the one at the path. Throws file system errors. */
  isInPlace(): boolean
}

/** A file that has grown to this size and to so many times what was left of it is rewritten. */
const COMPACT_FROM_BYTES = 8 * 1_024 * 1_024
const COMPACT_FACTOR = 2

export const openJournal = (path: string, nowMs: number): JournalFile =>
  openJournalOf(path, nowMs, intentJournal)

/** Like `openJournal`, for creates. Programs that know none leave their file alone. */
export const openCreates = (path: string, nowMs: number): JournalFile<CreateIntent> =>
  openJournalOf(path, nowMs, createJournal)

/** The same for the queue of jobs. Throws also where a later version wrote a part of it. */
export const openQueue = (path: string, nowMs: number): JournalFile<QueueRecord> =>
  openJournalOf(path, nowMs, queueJournal)

/** The same for the messages to channels. */
export const openOutbox = (path: string, nowMs: number): JournalFile<OutboxRecord> =>
  openJournalOf(path, nowMs, outboxJournal)

/**
 * Opens the journal of intents: one JSON line per state change, fsynced. Opening rewrites it without intents
 * that ended more than a day ago, and so does a record once the file has grown to several times that. A last line
 * truncated by a crash was never acted on and is dropped. A damaged file is copied aside first; where the copy or the
 * new file cannot be written, the old one is used as it is. Throws file system errors when it can be neither read nor
 * appended to. See docs/product-rules.md#41-intents.
 */
function openJournalOf<T extends Recorded>(
  path: string,
  nowMs: number,
  kind: JournalKind<T>,
): JournalFile<T> {
  const { intents, isDamaged } = readJournal(path, kind)
  const earlier = kind.kept(intents, nowMs)
  const problem = rewrite(path, earlier, isDamaged, kind.of)
  const byId = new Map(earlier.map((intent) => [intent.id, intent]))
  /** Null: it was rewritten and could not be opened since. */
  let file: number | null = openSync(path, 'a+', 0o600)
  let restBytes = fstatSync(file).size

  const opened = (): number => (file ??= openSync(path, 'a+', 0o600))
  const isInPlace = (): boolean => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(opened()).ino

  /** Rewrites a file that has grown, unless it is damaged or another one has its place. */
  function compact(): void {
    const { size } = fstatSync(opened())
    if (size < Math.max(COMPACT_FROM_BYTES, COMPACT_FACTOR * restBytes) || problem !== null || !isInPlace())
      return
    restBytes = size
    const kept = kind.kept([...byId.values()], nowMs)
    replaceFile(path, kept.map(journalLine).join(''))
    const before = opened()
    file = null
    closeSync(before)
    restBytes = fstatSync(opened()).size
  }

  return {
    latest: () => [...byId.values()],
    problems: problem === null ? [] : [problem],
    record(intent) {
      try {
        const line = journalLine(intent)
        // Its beginning would not be read any more.
        if (problem === null && fstatSync(opened()).size + Buffer.byteLength(line) > kind.maxBytes)
          return fail(`the journal of ${kind.of} is full`)
        appendWhole(opened(), line)
        byId.set(intent.id, intent)
      } catch (cause) {
        return fail(`the journal could not be written (${errorText(cause)})`)
      }
      try {
        compact()
      } catch {
        // The record is on disk, and the file only stays larger, or is opened by the next record.
      }
      return ok(undefined)
    },
    isInPlace,
    close() {
      if (file !== null) closeSync(file)
    },
  }
}

/** Replaces the file by its readable intents. Returns a sentence about damage, or about a file that must stay. */
function rewrite(path: string, intents: readonly Recorded[], isDamaged: boolean, of: string): string | null {
  try {
    const copy = isDamaged ? copyAside(path) : null
    replaceFile(path, intents.map(journalLine).join(''))
    if (copy === null) return null
    return `The journal of ${of} was damaged. Readable entries continue to be used; the damaged file was saved as ${copy}.`
  } catch (cause) {
    const what = isDamaged ? 'is damaged and could not be repaired' : 'could not be cleaned up'
    return `The journal of ${of} ${what} (${errorText(cause)}). Readable entries continue to be used; the file was not changed.`
  }
}

/** For the demo, whose pods exist only while it runs. */
export const nullJournal: Journal & CreateJournal = { record: () => ok(undefined) }

/** The same of the queue. */
export function readQueue(path: string): readonly QueueRecord[] | null {
  try {
    return readJournal(path, queueJournal).intents
  } catch {
    return null
  }
}

/** The same of the messages to channels. */
export function readOutbox(path: string): readonly OutboxRecord[] | null {
  try {
    return readJournal(path, outboxJournal).intents
  } catch {
    return null
  }
}

/** The same of creates. */
export function readCreates(path: string): readonly CreateIntent[] | null {
  try {
    return readJournal(path, createJournal).intents
  } catch {
    return null
  }
}

/** The latest state of every intent in a journal that another program writes, oldest first; null: it cannot be read. */
export function readIntents(path: string): readonly Intent[] | null {
  try {
    return readJournal(path, intentJournal).intents
  } catch {
    return null
  }
}

function readJournal<T extends Recorded>(
  path: string,
  { parse, isLater, of, maxBytes }: JournalKind<T>,
): { intents: readonly T[]; isDamaged: boolean } {
  const isTooLarge = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes
  const text = isTooLarge ? readEnd(path, maxBytes) : (readDataFile(path, maxBytes) ?? '')
  const lines = text.split('\n')
  const lastLine = lines.pop() ?? ''
  const byId = new Map<string, T>()
  let isDamaged = isTooLarge
  for (const [index, line] of [...lines, lastLine].entries()) {
    if (line === '') continue
    const value = isIntact(line) ? parseJson(line) : undefined
    if (isLater?.(value) === true) throw new Error(`a newer version of Podkeeper wrote the journal of ${of}`)
    const intent = parse(value)
    if (intent) byId.set(intent.id, intent)
    else if (index < lines.length || !isCutOff(line)) isDamaged = true
  }
  return { intents: [...byId.values()], isDamaged }
}

function readEnd(path: string, maxBytes: number): string {
  const file = openSync(path, 'r')
  try {
    const end = Buffer.alloc(maxBytes)
    const bytes = readSync(file, end, 0, maxBytes, fstatSync(file).size - maxBytes)
    return end.toString('utf8', 0, bytes)
  } finally {
    closeSync(file)
  }
}
