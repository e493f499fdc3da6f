import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { makeFolders } from './private-folder'

/**
 * Writes a file atomically: readers find the old or the new content, even after a crash or a power failure.
 * Writes a temporary file, fsyncs it and renames it. Mode 0600; a missing folder is created with 0700. Throws
 * file system errors such as a full disk, and then the old file is unchanged.
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const target = resolveLinks(path)
  replace(target, `${target}.new`, content)
}

/**
 * The same for a file in a folder of the user's, where any other name may be taken: the temporary file has a random
 * one.
 */
export function replaceUserFile(path: string, content: string | Uint8Array): void {
  const target = resolveLinks(path)
  replace(target, temporaryOf(target), content)
}

/** A file of the user's that is written in parts and takes its place at the end. */
export interface UserFileWriter {
  append(text: string): void
  /** Puts it in its place. Throws file system errors, and then the old file is unchanged. */
  finish(): void
  /** Leaves everything as it was. */
  discard(): void
}

/** Throws file system errors. */
export function openUserFile(path: string): UserFileWriter {
  const target = resolveLinks(path)
  const temporary = temporaryOf(target)
  const file = openSync(temporary, 'wx', 0o600)
  const discard = (): void => rmSync(temporary, { force: true })
  return {
    append: (text) => writeFileSync(file, text),
    finish() {
      try {
        try {
          fsyncSync(file)
        } finally {
          closeSync(file)
        }
        renameWithRetry(temporary, target)
      } catch (cause) {
        discard()
        throw cause
      }
    },
    discard() {
      closeSync(file)
      discard()
    },
  }
}

/** In a folder of the user's any name may be taken. */
const temporaryOf = (target: string): string => `${target}.${randomBytes(6).toString('hex')}.part`

function replace(target: string, temporary: string, content: string | Uint8Array): void {
  makeFolders(dirname(target))
  try {
    writeDurably(temporary, content)
    renameWithRetry(temporary, target)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
  try {
    syncFolder(dirname(target))
  } catch {
    // The new content is in place, so it would be wrong to call it not written. Some file systems cannot sync a
    // folder, and otherwise only a power failure right now could bring the old content back.
  }
}

function writeDurably(path: string, content: string | Uint8Array): void {
  // A file left by a crash may have any mode or be a link.
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  try {
    // With a descriptor, writeFileSync writes everything or throws; writeSync may write only a part.
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Users may link their files to another place; the link is preserved. */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const RENAME_TRIES = 10
const RENAME_RETRY_MS = 20

/** On Windows a virus scanner may lock the old file for a moment. */
function renameWithRetry(from: string, to: string): void {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to)
      return
    } catch (cause) {
      if (process.platform !== 'win32' || tries === RENAME_TRIES) throw cause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RENAME_RETRY_MS)
    }
  }
}

/** Required for a new name to survive a power failure. Not available on Windows. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
