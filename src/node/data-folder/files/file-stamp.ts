import { statSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'

/** A program may write a file in several steps, so unusable content counts only once the file rests for this long. */
export const SETTLE_MS = 2_000

/** Whether another program may be in the middle of writing the file. */
export function wasJustWritten(path: string, nowMs: number): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && Math.abs(nowMs - stat.mtimeMs) < SETTLE_MS
  } catch {
    return false
  }
}

/** Changes whenever the file is written; null: there is no file. One that cannot be looked at is there. */
export function fileStamp(path: string): string | null {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs}`
  } catch (cause) {
    return errorText(cause)
  }
}
