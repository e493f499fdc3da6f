import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileStamp } from './file-stamp'

/**
 * Calls back soon after a file was written, by any program. Where the system reports nothing, it never does, so what
 * must not be missed is looked at by time as well. Ends with the process, which it does not keep running.
 */
export function watchFile(path: string, onChange: () => void): void {
  let stamp = fileStamp(path)
  const check = (_event: string, name: string | null): void => {
    if (name !== null && name !== basename(path)) return
    const before = stamp
    stamp = fileStamp(path)
    if (stamp !== before) onChange()
  }
  try {
    // The folder is watched, because the file is replaced.
    watch(dirname(path), { persistent: false }, check).on('error', () => {})
  } catch {
    // The system watches no more files.
  }
}
