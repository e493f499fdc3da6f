import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ActivityFilter,
  allActivity,
  type ListedActivity,
  parseActivity,
} from '../../core/audit-log/audit-log'

/*
 * The activity log lies in files that are called by the number of their first entry. Rotation begins a new file and
 * removes the oldest; none is renamed, so that whoever reads meanwhile, another process too, never mistakes one.
 */

export interface ActivityFile {
  readonly path: string
  /** Its entries have this number or a higher one. */
  readonly firstSeq: number
}

export const activityFileName = (firstSeq: number): string => `${String(firstSeq).padStart(12, '0')}.jsonl`

/** The files of the log, oldest first; none when the folder is not there. */
export function activityFiles(folder: string): readonly ActivityFile[] {
  return namesIn(folder)
    .filter((name) => /^\d{12}\.jsonl$/.test(name))
    .sort()
    .map((name) => ({ path: join(folder, name), firstSeq: Number(name.slice(0, 12)) }))
}

/**
 * The entries older than `before` (null: all), newest first. Damaged lines are left out,
 * and so is what has no lower number than the entry before it. Reads only as much as is taken.
 */
export function* entriesFromEnd(
  folder: string,
  before: number | null = null,
  { kind, podId }: ActivityFilter = allActivity,
): Generator<ListedActivity> {
  let limit = before ?? Number.POSITIVE_INFINITY
  // Spares the parsing of most lines.
  const mark = podId === null ? '' : JSON.stringify(podId)
  for (const { path, firstSeq } of [...activityFiles(folder)].reverse()) {
    if (firstSeq >= limit) continue
    for (const line of linesFromEnd(path)) {
      if (!line.includes(mark)) continue
      const entry = parseActivity(line)
      if (entry === null || entry.seq >= limit) continue
      if ((podId !== null && entry.podId !== podId) || (kind !== null && entry.kind !== kind)) continue
      limit = entry.seq
      yield entry
    }
  }
}

const BLOCK_BYTES = 64 * 1_024
/** No entry is longer; what is was not written by us. */
const MAX_LINE_BYTES = 64 * 1_024
const LINE_END = 0x0a

/** The lines of a file, last one first, also one that has no end. Nothing, when the file cannot be read. */
function* linesFromEnd(path: string): Generator<string> {
  const file = openIfThere(path)
  if (file === null) return
  try {
    let position = fstatSync(file).size
    /** What was read of a line whose beginning is still to come; null: it is too long. */
    let rest: Buffer | null = Buffer.alloc(0)
    while (position > 0) {
      const length = Math.min(BLOCK_BYTES, position)
      position -= length
      const block = Buffer.alloc(length)
      // Cut short meanwhile: what is missing reads as a damaged line.
      readSync(file, block, 0, length, position)
      let end = length
      for (let at = block.lastIndexOf(LINE_END); at !== -1; at = lastIndexBefore(block, at)) {
        if (rest !== null) yield Buffer.concat([block.subarray(at + 1, end), rest]).toString('utf8')
        rest = Buffer.alloc(0)
        end = at
      }
      if (rest !== null) rest = Buffer.concat([block.subarray(0, end), rest])
      if (rest !== null && rest.length > MAX_LINE_BYTES) rest = null
    }
    if (rest !== null) yield rest.toString('utf8')
  } catch {
    // A disk that fails: what came so far is what there is.
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
