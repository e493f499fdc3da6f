import { chmodSync, statSync } from 'node:fs'

/** Whether only this user can enter the folder. On Windows the folder of a user is private. */
export function isPrivate(folder: string): boolean {
  if (process.platform === 'win32') return true
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat !== undefined && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
}

/** Makes a folder of this user private; false where it belongs to somebody else. */
export function makePrivate(folder: string): boolean {
  if (isPrivate(folder)) return true
  try {
    chmodSync(folder, 0o700)
  } catch {
    // It is somebody else's, or on a file system without modes.
  }
  return isPrivate(folder)
}
