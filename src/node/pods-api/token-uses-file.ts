import { join } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../../core/base/parse-json'
import { MINUTE_MS } from '../../core/base/time/time'
import { MAX_TOKENS } from '../../core/pods-api/api-token'
import { readDataFile } from '../data-folder/files/read-data-file'
import { replaceFile } from '../data-folder/files/replace-file'

const MAX_BYTES = 64 * 1_024
const WRITE_EVERY_MS = MINUTE_MS

const fileSchema = v.object({ uses: v.record(v.string(), v.pipe(v.number(), v.finite())) })

/** When each token was last used, Unix ms by id, in `api-token-uses.json`. */
export interface TokenUsesFile {
  readonly record: (tokenId: string, atMs: number) => void
  readonly lastUses: () => ReadonlyMap<string, number>
  /** Writes what is not written yet. */
  close(): void
}

const pathIn = (folder: string): string => join(folder, 'api-token-uses.json')

/** Those of the program that serves the folder, up to a minute old. A file that can't be read knows none. */
export function readTokenUses(folder: string): ReadonlyMap<string, number> {
  try {
    const parsed = v.safeParse(fileSchema, parseJson(readDataFile(pathIn(folder), MAX_BYTES) ?? ''))
    return new Map(parsed.success ? Object.entries(parsed.output.uses) : [])
  } catch {
    return new Map()
  }
}

/** `folder`: no other program serves it. Uses are written once a minute, since a crash loses nothing that counts. */
export function openTokenUsesFile(folder: string): TokenUsesFile {
  const uses = new Map(readTokenUses(folder))
  let timer: NodeJS.Timeout | undefined

  function write(): void {
    timer = undefined
    const latest = [...uses].sort(([, a], [, b]) => b - a).slice(0, MAX_TOKENS)
    try {
      replaceFile(pathIn(folder), `${JSON.stringify({ uses: Object.fromEntries(latest) })}\n`)
    } catch {
      // The next use tries again.
    }
  }

  return {
    record(tokenId, atMs) {
      uses.set(tokenId, atMs)
      timer ??= setTimeout(write, WRITE_EVERY_MS).unref()
    },
    lastUses: () => uses,
    close() {
      if (timer === undefined) return
      clearTimeout(timer)
      write()
    },
  }
}
