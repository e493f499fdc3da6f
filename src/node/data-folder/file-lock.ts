import { randomBytes } from 'node:crypto'
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fail, ok, type Result } from '../../core/base/result'

/** A lock is held for one synchronous change, so that it is never waited for long. */
const WAIT_MS = 2_000
const RETRY_MS = 5
/** An older lock was left behind by a process whose id is used again. */
const STALE_AFTER_MS = 10_000

/** The right to change a file, for as long as `run` of `withFileLock` takes. */
export interface HeldFileLock {
  /** False once another process took the lock, because this one stood still for too long. */
  isHeld(): boolean
}

/**
 * Runs a synchronous change while no other process runs one under the lock file at `path`. A lock whose process ended
 * is taken over. The error is a clause. Throws file system errors.
 */
export function withFileLock<T>(path: string, run: (lock: HeldFileLock) => T): Result<T, string> {
  const giveUpAtMs = performance.now() + WAIT_MS
  for (;;) {
    const inode = create(path)
    if (inode !== null) {
      const isHeld = (): boolean => inodeOf(path) === inode
      try {
        return ok(run({ isHeld }))
      } finally {
        if (isHeld()) rmSync(path, { force: true })
      }
    }
    if (removeIfAbandoned(path)) continue
    if (performance.now() > giveUpAtMs) return fail('another Podkeeper is writing it')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
  }
}

/** The inode of the lock that was made; null if there is one. */
function create(path: string): bigint | null {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeFileSync(file, String(process.pid))
    closeSync(file)
    return inodeOf(path)
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return null
    throw cause
  }
}

/** Whether the lock was left behind and is removed, or is gone. */
function removeIfAbandoned(path: string): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return true
  const isOld = Math.abs(Date.now() - Number(stat.mtimeMs)) > STALE_AFTER_MS
  if (!isOld && isHolderAlive(path)) return false
  const aside = `${path}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(path, aside)
    // Another process was faster, and this is its new lock.
    if (inodeOf(aside) !== stat.ino) linkSync(aside, path)
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT') && !hasCode(cause, 'EEXIST')) throw cause
  } finally {
    rmSync(aside, { force: true })
  }
  return true
}

/** A lock without a process id was made just now. */
function isHolderAlive(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    if (!Number.isSafeInteger(pid) || pid <= 0) return true
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return !hasCode(cause, 'ESRCH')
  }
}

const inodeOf = (path: string): bigint | null =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null

const hasCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
