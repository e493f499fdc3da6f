import { lstatSync, readFileSync, statSync } from 'node:fs'

/**
 * The text of a file of the data folder; null when there is none. Throws where nothing can be known of the content:
 * file system errors, a link that leads nowhere, more than `maxBytes`, or something that is no file, such as a pipe,
 * which would never end.
 */
export function readDataFile(path: string, maxBytes: number): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null
    throw new Error(`${path} is a link that leads nowhere`)
  }
  // Reading a folder throws an error of the system that says so.
  if (!stat.isFile() && !stat.isDirectory()) throw new Error(`${path} is no file`)
  if (stat.size > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1_024 ** 2} MB`)
  return readFileSync(path, 'utf8')
}
