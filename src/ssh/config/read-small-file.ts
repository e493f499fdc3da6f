import { readFileSync, statSync } from 'node:fs'

/**
 * Whether a path leads to another computer (`\\host\share`, `//host/share`). Windows signs in there with the
 * user's password hash, so no file may name one.
 */
export function isNetworkPath(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && /^[\\/]{2}/.test(path)
}

/**
 * The text of a regular file (not a pipe or device); null if it doesn't exist, is larger than the limit, or
 * is unreadable or on another computer.
 */
export function readSmallFile(path: string, maxBytes: number): string | null {
  if (isNetworkPath(path, process.platform)) return null
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= maxBytes ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}
