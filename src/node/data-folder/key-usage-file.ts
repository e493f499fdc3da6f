import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { DAY_MS } from '../../core/base/time/time'
import type { KeyUsageStore, StoredUsage } from '../../core/pods/key-usage-store'
import { formatProblem } from './format/folder-format'
import { type HeldFileLock, withFileLock } from './files/file-lock'
import { fileStamp } from './files/file-stamp'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'

const MAX_BYTES = 256 * 1_024
/** More than the accounts that there can be. */
const MAX_KEYS = 32
/** No budget that is kept here lasts longer than a day. */
const KEPT_MS = 2 * DAY_MS

const fileSchema = v.object({
  keys: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
        storedAtMs: v.pipe(v.number(), v.finite()),
        usage: v.unknown(),
      }),
    ),
    v.maxLength(MAX_KEYS),
  ),
})
type KeyUsageEntries = v.InferOutput<typeof fileSchema>['keys']

/**
 * What is known about the requests of a key, in `key-usage.json`, shared by all programs of a data folder, whichever of
 * them acts. `keyId` is a digest that does not reveal the key. `onProblem` receives a sentence once, until a write
 * succeeds again.
 */
export function openKeyUsageFile(
  folder: string,
  keyId: string,
  nowMs: () => number,
  onProblem: (text: string) => void = () => {},
): KeyUsageStore {
  const path = join(folder, 'key-usage.json')
  let hasFailed = false

  const usageIn = (entries: KeyUsageEntries | null): StoredUsage => {
    if (entries === null) return { kind: 'unreadable' }
    const entry = entries.find(({ id }) => id === keyId)
    return entry === undefined ? { kind: 'none' } : { kind: 'stored', value: entry.usage }
  }

  function replace(change: (stored: StoredUsage) => unknown, { isHeld }: HeldFileLock): void {
    const entries = readEntries(path)
    const storedAtMs = nowMs()
    const own = { id: keyId, storedAtMs, usage: change(usageIn(entries)) }
    // A time in the future was written before the clock was set back.
    const others = (entries ?? [])
      .filter((entry) => entry.id !== keyId && storedAtMs - entry.storedAtMs < KEPT_MS)
      .sort((one, other) => other.storedAtMs - one.storedAtMs)
    const text = `${JSON.stringify({ keys: [own, ...others].slice(0, MAX_KEYS) })}\n`
    if (!isHeld()) throw new Error('another Podkeeper took over the lock')
    replaceFile(path, text)
  }

  function tryUpdate(change: (stored: StoredUsage) => unknown): string | null {
    try {
      // It counts from the first request on, before a program has the lock, and no migration touches it.
      const problem = formatProblem(folder)
      if (problem !== null) return problem
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const done = withFileLock(`${path}.lock`, (lock) => replace(change, lock))
      return done.ok ? null : `${done.error}.`
    } catch (cause) {
      return errorText(cause)
    }
  }

  return {
    stamp: () => fileStamp(path),
    read: () => usageIn(readEntries(path)),
    update(change) {
      const problem = tryUpdate(change)
      if (problem !== null && !hasFailed)
        onProblem(
          `The request count of an account could not be saved, so programs that start often may exceed its request limit: ${problem}`,
        )
      hasFailed = problem !== null
      return problem === null
    },
  }
}

/** Empty if there is no file; null if it cannot be used. */
function readEntries(path: string): KeyUsageEntries | null {
  try {
    const text = readDataFile(path, MAX_BYTES)
    if (text === null) return []
    const parsed = v.safeParse(fileSchema, parseJson(text))
    return parsed.success ? parsed.output.keys : null
  } catch {
    return null
  }
}
