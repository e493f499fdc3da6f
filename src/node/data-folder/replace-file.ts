import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a file so that whoever reads it, also after a crash or a power cut, finds the old content or the new,
 * never a part: a temporary file, fsynced, renamed over the old one. Mode 0600; a missing folder is made with 0700.
 * Throws what the file system throws, a full disk included; the old file is then as it was.
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const target = throughLinks(path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const temporary = `${target}.new`
  try {
    writeDurably(temporary, content)
    renameOver(temporary, target)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
  syncFolder(dirname(target))
}

function writeDurably(path: string, content: string | Uint8Array): void {
  // One that a crash left behind may have any mode, or be a link.
  rmSync(path, { force: true })
  const file = openSync(path, 'wx', 0o600)
  try {
    // With a descriptor this goes on until everything is written, or throws; writeSync may write a part and return.
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** People keep their files elsewhere and link to them; the link stays. */
function throughLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const RENAME_TRIES = 10
const RENAME_PAUSE_MS = 20

/** On Windows a virus scanner may hold the old file for a moment. */
function renameOver(from: string, to: string): void {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to)
      return
    } catch (cause) {
      if (process.platform !== 'win32' || tries === RENAME_TRIES) throw cause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RENAME_PAUSE_MS)
    }
  }
}

/** Only then a new name survives a power cut. Windows has no such thing. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
