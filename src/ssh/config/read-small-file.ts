import { readFileSync, statSync } from 'node:fs'

/**
 * The text of a regular file (not a pipe or device); null if it doesn't exist, is larger than the limit, or
 * is unreadable.
 */
export function readSmallFile(path: string, maxBytes: number): string | null {
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= maxBytes ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}
