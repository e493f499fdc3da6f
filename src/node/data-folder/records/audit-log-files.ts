import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import type { ListedAuditEntry } from '../../../core/audit-log/audit-log'
import { parseAuditEntry } from '../../../core/audit-log/parse-audit-entry'
import { seqOfLine } from '../../../core/audit-log/audit-page'

/*
 * The activity log consists of files named by the number of their first entry. Rotation starts a new file and
 * removes the oldest. Files are never renamed, so that concurrent readers, including other processes, are not
 * confused.
 */

export interface AuditLogFile {
  readonly path: string
  /** The lowest possible number of its entries. */
  readonly firstSeq: number
}

export const auditLogFileName = (firstSeq: number): string => `${String(firstSeq).padStart(12, '0')}.jsonl`

/** The files of the log, oldest first; empty when the folder does not exist. */
export function auditLogFiles(folder: string): readonly AuditLogFile[] {
  return namesIn(folder)
    .filter((name) => /^\d{12}\.jsonl$/.test(name))
    .sort()
    .map((name) => ({ path: join(folder, name), firstSeq: Number(name.slice(0, 12)) }))
}

/** Why the log or a part of it cannot be read; null if it can, or if there is none yet. */
export function auditLogProblem(folder: string): string | null {
  try {
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return null
    readdirSync(folder)
    for (const { path } of auditLogFiles(folder)) accessSync(path, constants.R_OK)
    return null
  } catch (cause) {
    return errorText(cause)
  }
}

/**
 * All entries, newest first. Damaged lines are skipped, and so are entries whose number does not fall. Reads lazily.
 */
export function* entriesFromEnd(folder: string): Generator<ListedAuditEntry> {
  let lastSeq = Number.POSITIVE_INFINITY
  for (const line of auditLines(folder)) {
    const entry = parseAuditEntry(line)
    if (entry === null || entry.seq >= lastSeq) continue
    lastSeq = entry.seq
    yield entry
  }
}

/** The lines of the log, newest first, without those that say they are not older than `before`. Reads lazily. */
export function* auditLines(folder: string, before: number | null = null): Generator<string> {
  for (const { path, firstSeq } of [...auditLogFiles(folder)].reverse()) {
    if (before !== null && firstSeq >= before) continue
    for (const line of linesFromEnd(path))
      if (line !== '' && (before === null || (seqOfLine(line) ?? 0) < before)) yield line
  }
}

const BLOCK_BYTES = 64 * 1_024
/** Our files are much shorter. Of a larger one only the end is read, which has the newest entries. */
const MAX_READ_BYTES = 16 * 1_024 * 1_024
/** Longer lines were not written by us. */
const MAX_LINE_BYTES = 64 * 1_024
const LINE_END = 0x0a
const EMPTY = Buffer.alloc(0)

/**
 * The lines of a file, last one first, including one without a line end. Empty when the file cannot be read.
 */
function* linesFromEnd(path: string): Generator<string> {
  const file = openIfThere(path)
  if (file === null) return
  try {
    let position = fstatSync(file).size
    const startPosition = Math.max(0, position - MAX_READ_BYTES)
    /** The end of a line whose beginning is not read yet; null when it is too long. */
    let rest: Buffer | null = EMPTY
    while (position > startPosition) {
      const length = Math.min(BLOCK_BYTES, position - startPosition)
      position -= length
      const block = Buffer.alloc(length)
      // If the file was truncated meanwhile, the missing part becomes a damaged line.
      readSync(file, block, 0, length, position)
      let end = length
      for (let at = block.lastIndexOf(LINE_END); at !== -1; at = lastIndexBefore(block, at)) {
        const part = block.subarray(at + 1, end)
        if (rest !== null) yield (rest.length === 0 ? part : Buffer.concat([part, rest])).toString('utf8')
        rest = EMPTY
        end = at
      }
      if (rest !== null) rest = Buffer.concat([block.subarray(0, end), rest])
      if (rest !== null && rest.length > MAX_LINE_BYTES) rest = null
    }
    if (rest !== null) yield rest.toString('utf8')
  } catch {
    // After a read error, the entries returned so far are kept.
  } finally {
    closeSync(file)
  }
}

const lastIndexBefore = (block: Buffer, at: number): number =>
  at === 0 ? -1 : block.lastIndexOf(LINE_END, at - 1)

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch {
    return null
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
