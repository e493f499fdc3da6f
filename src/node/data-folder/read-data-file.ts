import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs'

/**
 * The text of a file of the data folder; null when there is none. Throws where nothing can be known of the content:
 * file system errors, and what `isDataFile` throws.
 */
export function readDataFile(path: string, maxBytes: number): string | null {
  return isDataFile(path, maxBytes) ? readFileSync(path, 'utf8') : null
}

/**
 * Whether there is a file. Throws for a link that leads nowhere, for more than `maxBytes`, and for something that is
 * no file, such as a pipe, which would never end.
 */
export function isDataFile(path: string, maxBytes: number): boolean {
  const stat = statIfThere(path, statSync)
  if (stat === undefined) {
    if (statIfThere(path, lstatSync) === undefined) return false
    throw new Error(`${path} is a link that leads nowhere`)
  }
  // Reading it throws an error of the system that says so.
  if (stat.isDirectory()) return true
  if (!stat.isFile()) throw new Error(`${path} is no file`)
  if (stat.size > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1_024 ** 2} MB`)
  return true
}

/** Undefined also where a part of the path is no folder. */
function statIfThere(path: string, stat: typeof statSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') return undefined
    throw cause
  }
}
