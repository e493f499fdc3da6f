import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { DAY_MS } from '../../core/base/time/time'
import { appendWhole } from '../data-folder/files/append-whole'
import { readDataFile } from '../data-folder/files/read-data-file'
import { replaceFile } from '../data-folder/files/replace-file'

const MAX_BYTES = 64 * 1_024 * 1_024
/** How long a key of a request is remembered. */
export const IDEMPOTENCY_MS = DAY_MS
const MAX_ENTRIES = 20_000
/** A file that has grown to this size and to twice what was left of it is rewritten. */
const COMPACT_FROM_BYTES = 4 * 1_024 * 1_024

const lineSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** Of method, path and body. */
  request: v.string(),
  atMs: v.number(),
  /** Absent: it was begun, and how it ended is not known. */
  reply: v.exactOptional(v.object({ status: v.number(), body: v.string() })),
  /** Nothing was done, so that the key can be used again. */
  isFree: v.exactOptional(v.literal(true)),
})
type Line = v.InferOutput<typeof lineSchema>

export interface KeptReply {
  readonly status: number
  readonly body: string
}

/** What to do about a request with an Idempotency-Key. */
export type RequestClaim =
  /** It is new, and on disk. One of both is called at its end. */
  | {
      readonly kind: 'new'
      /** Keeps its reply for a repetition. */
      readonly finish: (reply: KeptReply) => void
      /** Nothing was done: a repetition tries again. */
      readonly release: () => void
    }
  | { readonly kind: 'replied'; readonly reply: KeptReply }
  /** The first one is under way. */
  | { readonly kind: 'busy' }
  /** The program ended before the first one did, so that its effect is not known. */
  | { readonly kind: 'unknown' }
  /** The key was used for another request. */
  | { readonly kind: 'other' }

/** Writes with a key, in `api-requests.jsonl`: each is on disk before it is carried out, and never is twice. */
export interface ApiRequestsFile {
  /** The error is a sentence; then nothing may be done. */
  claim(tokenId: string, key: string, request: string): Result<RequestClaim, string>
  close(): void
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`

/** `folder`: exists, and no other program serves it. Throws file system errors. */
export function openApiRequestsFile(folder: string, nowMs: () => number): ApiRequestsFile {
  const path = join(folder, 'api-requests.jsonl')
  const entries = new Map<string, Line>()
  const underWay = new Set<string>()
  /** Null: it was rewritten and could not be opened since, or is closed. */
  let file: number | null = null
  let isClosed = false
  let restBytes = 0

  for (const text of (readDataFile(path, MAX_BYTES) ?? '').split('\n')) {
    const line = v.safeParse(lineSchema, parseJson(text))
    if (line.success) keep(line.output)
  }
  try {
    rewrite()
  } catch {
    // A full disk must not keep what is read from being served; what is written says so itself.
    restBytes = fstatSync(opened()).size
  }

  function keep(line: Line): void {
    if (line.isFree === true) entries.delete(line.id)
    else entries.set(line.id, line)
  }

  function forgetExpired(): void {
    for (const [id, { atMs }] of entries)
      if (nowMs() - atMs > IDEMPOTENCY_MS && !underWay.has(id)) entries.delete(id)
  }

  /** Leaves what still counts, so that the file doesn't grow forever. */
  function rewrite(): void {
    forgetExpired()
    replaceFile(path, [...entries.values()].map(textOf).join(''))
    const before = file
    file = null
    if (before !== null) closeSync(before)
    restBytes = fstatSync(opened()).size
  }

  function opened(): number {
    // Its number may be that of another file by now.
    if (isClosed) throw new Error('the program ends')
    return (file ??= openSync(path, 'a+', 0o600))
  }

  function write(line: Line): void {
    appendWhole(opened(), textOf(line))
    keep(line)
    try {
      if (fstatSync(opened()).size >= Math.max(COMPACT_FROM_BYTES, 2 * restBytes)) rewrite()
    } catch {
      // The line is on disk, and the file only stays larger, or is opened by the next line.
    }
  }

  return {
    claim(tokenId, key, request) {
      const id = digest(tokenId, key)
      const asked = digest(request)
      const known = entries.get(id)
      // One that is under way counts whatever the clock says.
      if (known !== undefined && (underWay.has(id) || nowMs() - known.atMs <= IDEMPOTENCY_MS)) {
        if (known.request !== asked) return ok({ kind: 'other' })
        if (underWay.has(id)) return ok({ kind: 'busy' })
        return ok(known.reply === undefined ? { kind: 'unknown' } : { kind: 'replied', reply: known.reply })
      }
      if (entries.size >= MAX_ENTRIES) forgetExpired()
      if (entries.size >= MAX_ENTRIES)
        return fail('Too many requests with an Idempotency-Key today, so nothing was done.')
      const line: Line = { id, request: asked, atMs: nowMs() }
      try {
        write(line)
      } catch (cause) {
        return fail(`The request could not be saved, so nothing was done: ${errorText(cause)}`)
      }
      underWay.add(id)
      const end = (last: Line): void => {
        underWay.delete(id)
        try {
          write(last)
        } catch {
          // Without its end it counts as one whose effect is not known, and is not repeated either.
        }
      }
      return ok({
        kind: 'new',
        finish: (reply) => end({ ...line, reply }),
        release: () => end({ ...line, isFree: true }),
      })
    },
    close() {
      isClosed = true
      if (file !== null) closeSync(file)
    },
  }
}
