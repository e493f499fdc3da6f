import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { MINUTE_MS } from '../../../core/base/time/time'

const FILE = 'save-check'
/** More than what one stop writes. */
const BYTES = 64 * 1_024

/**
 * Why nothing could be saved in the folder now, as a clause; null: it could. Found out by a file that is written and
 * removed again, once a minute at most, because free space alone says nothing of limits and of a read-only disk.
 */
export function createSaveCheck(folder: string, monotonicMs: () => number): () => string | null {
  const path = join(folder, FILE)
  let checkedAtMs = Number.NEGATIVE_INFINITY
  let problem: string | null = null

  function tryToSave(): string | null {
    try {
      rmSync(path, { force: true })
      writeFileSync(path, Buffer.alloc(BYTES), { flag: 'wx', mode: 0o600 })
      rmSync(path)
      return null
    } catch (cause) {
      // What was written of it.
      rmSync(path, { force: true, recursive: true })
      return errorText(cause)
    }
  }

  return () => {
    const now = monotonicMs()
    if (now - checkedAtMs < MINUTE_MS) return problem
    checkedAtMs = now
    problem = tryToSave()
    return problem
  }
}
