import { readFileSync, statSync } from 'node:fs'

/** The text of a plain file, never of a pipe or a device; null: there is none, it is larger, or it cannot be read. */
export function readSmallFile(path: string, maxBytes: number): string | null {
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= maxBytes ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}
