import { createHash } from 'node:crypto'
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
import { fail, ok, type Result } from '../../core/base/result'
import { DAY_MS, type Instant } from '../../core/base/time'
import {
  type CreateIntent,
  type CreateJournal,
  lacksRules,
  mayAppearLate,
} from '../../core/creation/create-intent'
import { parseCreate } from '../../core/creation/parse-create'
import { isDone, type Job } from '../../core/queue/jobs/job'
import { neededDoneJobs } from '../../core/queue/jobs/job-order'
import { isOfLaterFormat, parseQueueRecord, type QueueRecord } from '../../core/queue/jobs/job-codec'
import { copyAside } from './files/copy-aside'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'

/** A record of a journal: an action, a create, or one of the queue. */
export interface Recorded {
  readonly id: string
}

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

/** A journal in a file, which another program may have replaced. */
export interface JournalFile<T extends Recorded = Intent> extends OpenJournalOf<T> {
  /** Whether the file that is written is still the one at the path. Throws file system errors. */
  isInPlace(): boolean
}

/** What a journal holds. */
interface JournalKind<T extends Recorded> {
  readonly parse: (value: unknown) => T | null
  /** The records that are kept, at `nowMs` (Unix ms). */
  readonly kept: (recorded: readonly T[], nowMs: number) => readonly T[]
  /** As in "the journal of actions". */
  readonly of: string
  /**
   * Whether a later version wrote a line, so that the file must stay as it is. Absent: the folder's format says that.
   */
  readonly isLater?: (value: unknown) => boolean
  /** Whether lines without a digest count. Earlier versions wrote none. */
  readonly needsDigest: boolean
  /** Only the end is read of a larger file. */
  readonly maxBytes: number
}

/** More than years of actions, and nobody wrote it like that. */
const MAX_BYTES = 64 * 1_024 * 1_024
/** Each line has a whole script. A string can't be much longer. */
const MAX_QUEUE_BYTES = 500 * 1_024 * 1_024
/** A file that has grown to this size and to so many times what was left of it is rewritten. */
const COMPACT_FROM_BYTES = 8 * 1_024 * 1_024
const COMPACT_FACTOR = 2

const isRecent = ({ phaseAt }: { readonly phaseAt: Instant }, nowMs: number): boolean =>
  nowMs - phaseAt.wallMs < DAY_MS

const intentJournal: JournalKind<Intent> = {
  parse: parseIntent,
  kept: (intents, nowMs) => intents.filter((intent) => isOpen(intent) || isRecent(intent, nowMs)),
  of: 'actions',
  needsDigest: false,
  maxBytes: MAX_BYTES,
}

/** A pod of a create may appear however late. */
const createJournal: JournalKind<CreateIntent> = {
  parse: parseCreate,
  kept: (creates, nowMs) =>
    creates.filter(
      (create) => isOpen(create) || isRecent(create, nowMs) || mayAppearLate(create) || lacksRules(create),
    ),
  of: 'creates',
  needsDigest: false,
  maxBytes: MAX_BYTES,
}

/** Done jobs are kept for what they cost and printed. */
const DONE_JOBS_KEPT_MS = 30 * DAY_MS

const queueJournal: JournalKind<QueueRecord> = {
  parse: parseQueueRecord,
  kept(records, nowMs) {
    const needed = neededDoneJobs(records.flatMap((one) => (one.kind === 'job' ? [one.job] : [])))
    const isKept = (job: Job): boolean =>
      !isDone(job) || needed.has(job.id) || nowMs - job.phaseAt.wallMs < DONE_JOBS_KEPT_MS
    return records.filter((one) => one.kind === 'rules' || (one.kind === 'job' && isKept(one.job)))
  },
  of: 'jobs',
  isLater: isOfLaterFormat,
  needsDigest: true,
  maxBytes: MAX_QUEUE_BYTES,
}

export const openJournal = (path: string, nowMs: number): JournalFile =>
  openJournalOf(path, nowMs, intentJournal)

/** Like `openJournal`, for creates. Programs that know none leave their file alone. */
export const openCreates = (path: string, nowMs: number): JournalFile<CreateIntent> =>
  openJournalOf(path, nowMs, createJournal)

/** The same for the queue of jobs. Throws also where a later version wrote a part of it. */
export const openQueue = (path: string, nowMs: number): JournalFile<QueueRecord> =>
  openJournalOf(path, nowMs, queueJournal)

/**
 * Opens the journal of intents: one JSON line per state change, fsynced. Opening rewrites it without intents
 * that ended more than a day ago, and so does a record once the file has grown to several times that. A last line truncated by a crash was never acted on and is dropped. A damaged
 * file is copied aside first; where the copy or the new file cannot be written, the old one is used as it is.
 * Throws file system errors when it can be neither read nor appended to. See
 * docs/product-rules.md#41-intents.
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
  let file = openSync(path, 'a+', 0o600)
  let restBytes = fstatSync(file).size

  /** Rewrites a file that has grown, unless it is damaged. */
  function compact(): void {
    const isGrown = fstatSync(file).size >= Math.max(COMPACT_FROM_BYTES, COMPACT_FACTOR * restBytes)
    if (!isGrown || problem !== null) return
    try {
      replaceFile(
        path,
        kind
          .kept([...byId.values()], nowMs)
          .map(journalLine)
          .join(''),
      )
      const compacted = openSync(path, 'a+', 0o600)
      closeSync(file)
      file = compacted
    } finally {
      restBytes = fstatSync(file).size
    }
  }

  return {
    latest: () => [...byId.values()],
    problems: problem === null ? [] : [problem],
    record(intent) {
      try {
        const line = journalLine(intent)
        // Its beginning would not be read any more.
        if (problem === null && fstatSync(file).size + Buffer.byteLength(line) > kind.maxBytes)
          return fail(`the journal of ${kind.of} is full`)
        append(file, line)
        byId.set(intent.id, intent)
      } catch (cause) {
        return fail(`the journal could not be written (${errorText(cause)})`)
      }
      try {
        compact()
      } catch {
        // The record is on disk, and the file only stays larger.
      }
      return ok(undefined)
    },
    isInPlace: () => statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino,
    close: () => closeSync(file),
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

/** The same of the queue. */
export function readQueue(path: string): readonly QueueRecord[] | null {
  try {
    return readJournal(path, queueJournal).intents
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
  { parse, isLater, needsDigest, of, maxBytes }: JournalKind<T>,
): { intents: readonly T[]; isDamaged: boolean } {
  const isTooLarge = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes
  const text = isTooLarge ? readEnd(path, maxBytes) : (readDataFile(path, maxBytes) ?? '')
  const lines = text.split('\n')
  const lastLine = lines.pop() ?? ''
  const byId = new Map<string, T>()
  let isDamaged = isTooLarge
  for (const [index, line] of [...lines, lastLine].entries()) {
    if (line === '') continue
    const value = isIntact(line, needsDigest) ? parseJson(line) : undefined
    if (isLater?.(value) === true) throw new Error(`a newer version of Podkeeper wrote the journal of ${of}`)
    const intent = parse(value)
    if (intent) byId.set(intent.id, intent)
    else if (index < lines.length || !isCutOff(line)) isDamaged = true
  }
  return { intents: [...byId.values()], isDamaged }
}

/**
 * The line of a record. It ends with a digest of what comes before it, because a changed digit is valid JSON too; a
 * migration that changes a line gives it a new one.
 */
export function journalLine(recorded: object): string {
  const json = JSON.stringify(recorded)
  return `${json.slice(0, -1)},"digest":"${digestOf(json)}"}\n`
}

const DIGEST = /,"digest":"([0-9a-f]{16})"\}$/

function isIntact(line: string, needsDigest: boolean): boolean {
  const [end, digest] = DIGEST.exec(line) ?? []
  return end === undefined ? !needsDigest : digestOf(`${line.slice(0, -end.length)}}`) === digest
}

const digestOf = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16)

/** Whether a crash cut off a line like this, rather than something else having damaged it. */
const isCutOff = (line: string): boolean => line.startsWith('{') && !line.includes('\0')

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
