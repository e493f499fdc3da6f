import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whether only this user can enter the folder. On Windows the folder of a user is private. */
export function isPrivate(folder: string): boolean {
  if (process.platform === 'win32') return true
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat !== undefined && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
}

/** Makes a folder of this user private; false if it belongs to another user. */
export function makePrivate(folder: string): boolean {
  if (isPrivate(folder)) return true
  try {
    chmodSync(folder, 0o700)
  } catch {
    // It is another user's, or on a file system without modes.
  }
  return isPrivate(folder)
}

/**
 * Makes a folder inside one that exists, unless it is there. Unlike a recursive `mkdirSync`, which says ENOENT then, it
 * says EROFS on a disk that is read-only. Throws file system errors.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  }
}

/**
 * Makes a folder and those above it that are missing. Throws the system's error. Node's own recursive `mkdirSync` never
 * ends where a system refuses a folder as if its parent were missing, as `/proc` does.
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return makeFolder(path)
  const parent = dirname(path)
  if (parent !== path) makeFolders(parent)
  makeFolder(path)
}
