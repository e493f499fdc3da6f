import * as v from 'valibot'
import { DAY_MS } from '../../core/base/time/time'
import type { KeyUsageStore, StoredUsage } from '../../core/pods/key-usage-store'
import { formatProblem } from './format/folder-format'
import { fileStamp } from './files/file-stamp'
import { changedTo, openSharedFile, type SharedFileContent, type SharedFileTexts } from './shared-file'

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

const NOT_SAVED =
  'The request count of an account could not be saved, so programs that start often may exceed its request limit'
const texts: SharedFileTexts = {
  notRead: 'The request count of an account can’t be read',
  notSaved: NOT_SAVED,
  isTaken: `${NOT_SAVED}: another Podkeeper took over the lock.`,
  tooLarge: `${NOT_SAVED}: it is too large.`,
}

/** It counts from the first request on, before a program has the lock, and no migration touches it. */
function folderProblem(folder: string): string | null {
  const problem = formatProblem(folder)
  return problem === null ? null : `${NOT_SAVED}: ${problem}`
}

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
  const file = openSharedFile<KeyUsageEntries>({
    folder,
    name: 'key-usage.json',
    maxBytes: MAX_BYTES,
    empty: [],
    schema: v.pipe(
      fileSchema,
      v.transform(({ keys }) => keys),
    ),
    serialize: (keys) => JSON.stringify({ keys }),
    whenDamaged: 'replaced',
    folderProblem,
    texts,
  })
  let hasFailed = false

  const usageIn = ({ value, isDamaged }: SharedFileContent<KeyUsageEntries>): StoredUsage => {
    if (isDamaged) return { kind: 'unreadable' }
    const entry = value.find(({ id }) => id === keyId)
    return entry === undefined ? { kind: 'none' } : { kind: 'stored', value: entry.usage }
  }

  return {
    stamp: () => fileStamp(file.path),
    read: () => usageIn(file.read()),
    update(change) {
      const changed = file.change((value, isDamaged) => {
        const storedAtMs = nowMs()
        const own = { id: keyId, storedAtMs, usage: change(usageIn({ value, isDamaged })) }
        // A time in the future was written before the clock was set back.
        const others = value
          .filter((entry) => entry.id !== keyId && storedAtMs - entry.storedAtMs < KEPT_MS)
          .sort((one, other) => other.storedAtMs - one.storedAtMs)
        return changedTo([own, ...others].slice(0, MAX_KEYS))
      })
      if (!changed.ok && !hasFailed) onProblem(changed.error)
      hasFailed = !changed.ok
      return changed.ok
    },
  }
}
