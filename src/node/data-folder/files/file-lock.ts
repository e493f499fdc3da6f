import { randomBytes } from 'node:crypto'
import { closeSync, linkSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fail, ok, type Result } from '../../../core/base/result'
import { errorCode } from './error-code'
import { isProcessAlive } from './is-process-alive'
import { readDataFile } from './read-data-file'

/** Why a file is not written, as a clause. */
export const fileTakenText = 'another Podkeeper is writing it'

/** A lock is held for one synchronous change, so that it is never waited for long. */
const WAIT_MS = 2_000
const RETRY_MS = 5
/** A process id and a random number. */
const MAX_MARK_BYTES = 1_024
/** An older lock was left behind by a process whose id is used again. */
const STALE_AFTER_MS = 10_000
/** A lock gets its mark at once. One without was left behind by a process that was killed right then. */
const UNMARKED_AFTER_MS = 500

/** The right to change a file, for as long as `run` of `withFileLock` takes. */
export interface HeldFileLock {
  /** False once another process took the lock, because this one stood still for too long. */
  readonly isHeld: () => boolean
}

/**
 * Runs a synchronous change while no other process runs one under the lock file at `path`. A lock whose process ended
 * is taken over. The error is a clause. Throws file system errors.
 */
export function withFileLock<T>(path: string, run: (lock: HeldFileLock) => T): Result<T, string> {
  const giveUpAtMs = performance.now() + WAIT_MS
  const mark = `${process.pid} ${randomBytes(8).toString('hex')}`
  for (let isLastTry = false; ;) {
    if (create(path, mark)) {
      const isHeld = (): boolean => read(path) === mark
      try {
        return ok(run({ isHeld }))
      } finally {
        removeOwn(path, isHeld)
      }
    }
    const isGone = removeIfAbandoned(path)
    if (performance.now() > giveUpAtMs) {
      // A lock that is gone only now is nobody's: this process may have stood still all the while.
      if (isLastTry || !isGone) return fail(fileTakenText)
      isLastTry = true
    } else if (!isGone) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
  }
}

/** False if there is one. */
function create(path: string, mark: string): boolean {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw cause
  }
  try {
    writeFileSync(file, mark)
    return true
  } catch (cause) {
    rmSync(path, { force: true })
    throw cause
  } finally {
    closeSync(file)
  }
}

/** The change is made, so that a lock that stays is no failure: it is taken over later. */
function removeOwn(path: string, isHeld: () => boolean): void {
  try {
    if (isHeld()) rmSync(path, { force: true })
  } catch {
    // See above.
  }
}

/** Whether the lock was left behind and is removed, or is gone. */
function removeIfAbandoned(path: string): boolean {
  const mark = read(path)
  if (mark === null) return true
  const isMarked = /^\d+ [0-9a-f]{16}$/.test(mark)
  if (
    !isOld(path, isMarked ? STALE_AFTER_MS : UNMARKED_AFTER_MS) &&
    !(isMarked && !isProcessAlive(Number.parseInt(mark, 10)))
  )
    return false
  const aside = `${path}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(path, aside)
    // Another process was faster, and this is its new lock.
    if (read(aside) !== mark) linkSync(aside, path)
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'EEXIST') throw cause
  } finally {
    rmSync(aside, { force: true })
  }
  return true
}

function isOld(path: string, afterMs: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > afterMs
}

/** Null: there is none. Throws for what is no lock, such as a link that leads nowhere. */
const read = (path: string): string | null => readDataFile(path, MAX_MARK_BYTES)
