import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs'
import { errorCode } from './error-code'

/**
 * The text of a file of the data folder; null when there is none. Throws where nothing can be known of the content:
 * file system errors, and what `isDataFile` throws.
 */
export function readDataFile(path: string, maxBytes: number): string | null {
  if (!isDataFile(path, maxBytes)) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    // Another program removed it right now.
    if (errorCode(cause) === 'ENOENT') return null
    throw cause
  }
}

/**
 * Whether there is a file. Throws for a link that leads nowhere, for more than `maxBytes`, and for something that is
 * no file, such as a pipe, which would never end.
 */
export function isDataFile(path: string, maxBytes: number): boolean {
  const stat = statIfThere(path, statSync)
  if (stat === undefined) {
    const link = statIfThere(path, lstatSync)
    if (link === undefined) return false
    // Another program created it right now.
    if (!link.isSymbolicLink()) return isDataFile(path, maxBytes)
    throw new Error(`${path} is a broken link`)
  }
  // Reading it throws an error of the system that says so.
  if (stat.isDirectory()) return true
  if (!stat.isFile()) throw new Error(`${path} is not a file`)
  if (stat.size > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1_024 ** 2} MB`)
  return true
}

/** Undefined also where a part of the path is no folder. */
function statIfThere(path: string, stat: typeof statSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false })
  } catch (cause) {
    if (errorCode(cause) === 'ENOTDIR') return undefined
    throw cause
  }
}
