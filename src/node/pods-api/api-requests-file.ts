import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { DAY_MS } from '../../core/base/time'
import { readDataFile } from '../data-folder/files/read-data-file'
import { replaceFile } from '../data-folder/files/replace-file'

const MAX_BYTES = 64 * 1_024 * 1_024
/** How long a key of a request is remembered. */
export const IDEMPOTENCY_MS = DAY_MS
const MAX_ENTRIES = 20_000

const lineSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** Of method, path and body. */
  request: v.string(),
  atMs: v.number(),
  /** Absent: it was begun, and how it ended is not known. */
  reply: v.exactOptional(v.object({ status: v.number(), body: v.string() })),
})
type Line = v.InferOutput<typeof lineSchema>

export interface KeptReply {
  readonly status: number
  readonly body: string
}

/** What to do about a request with an Idempotency-Key. */
export type RequestClaim =
  /** It is new, and on disk. `finish` keeps its reply for a repetition. */
  | { readonly kind: 'new'; readonly finish: (reply: KeptReply) => void }
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

/** `folder`: exists. Throws file system errors. */
export function openApiRequestsFile(folder: string, nowMs: () => number): ApiRequestsFile {
  const path = join(folder, 'api-requests.jsonl')
  const entries = new Map<string, Line>()
  const underWay = new Set<string>()
  for (const text of (readDataFile(path, MAX_BYTES) ?? '').split('\n')) {
    const line = v.safeParse(lineSchema, parseJson(text))
    if (line.success) entries.set(line.output.id, line.output)
  }
  for (const [id, { atMs }] of entries) if (nowMs() - atMs > IDEMPOTENCY_MS) entries.delete(id)
  // It begins with what still counts, so that it doesn't grow forever.
  replaceFile(path, [...entries.values()].map((line) => `${JSON.stringify(line)}\n`).join(''))
  const file = openSync(path, 'a', 0o600)

  function write(line: Line): void {
    writeFileSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
    entries.set(line.id, line)
  }

  return {
    claim(tokenId, key, request) {
      const id = digest(tokenId, key)
      const asked = digest(request)
      const known = entries.get(id)
      if (known !== undefined && nowMs() - known.atMs <= IDEMPOTENCY_MS) {
        if (known.request !== asked) return ok({ kind: 'other' })
        if (underWay.has(id)) return ok({ kind: 'busy' })
        return ok(known.reply === undefined ? { kind: 'unknown' } : { kind: 'replied', reply: known.reply })
      }
      const [oldest] = entries.keys()
      if (entries.size >= MAX_ENTRIES && oldest !== undefined) {
        const isOld = nowMs() - (entries.get(oldest)?.atMs ?? 0) > IDEMPOTENCY_MS
        if (!isOld) return fail('Too many requests with an Idempotency-Key today, so nothing was done.')
        entries.delete(oldest)
      }
      const line: Line = { id, request: asked, atMs: nowMs() }
      try {
        write(line)
      } catch (cause) {
        return fail(`The request could not be saved, so nothing was done: ${errorText(cause)}`)
      }
      underWay.add(id)
      return ok({
        kind: 'new',
        finish(reply) {
          underWay.delete(id)
          try {
            write({ ...line, reply })
          } catch {
            // Without its reply it counts as one whose effect is not known, and is not repeated either.
          }
        },
      })
    },
    close: () => closeSync(file),
  }
}
