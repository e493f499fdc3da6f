import { statSync } from 'node:fs'
import { errorText } from '../../core/base/error-text'

/** Changes whenever the file is written; null: there is no file. One that cannot be looked at is there. */
export function fileStamp(path: string): string | null {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs}`
  } catch (cause) {
    return errorText(cause)
  }
}
