import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const TMPFS_MAGIC = 0x01_02_19_94
/** What a whole run of the tests needs at a time, and more. */
const NEEDED_BYTES = 2 * 1024 ** 3
/** Short, since paths of sockets are limited; `test/harness/setup/build-folder.ts` knows it. */
const NAME = /^pk-(\d+)-/
/** With the exit codes of a program that they end, which by itself would not remove its folder. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
/** A run takes far less. Another container with the same memory has process ids of its own. */
const ABANDONED_MS = 24 * 3_600_000

/**
 * Has the programs that this one starts keep their temporary files in memory, where the system has room for that (Linux)
 * and `TMPDIR` names no other place: tests write thousands of small files, each of which they wait for on a disk.
 */
export function keepTemporaryFilesInMemory() {
  if (process.env.TMPDIR !== undefined || !hasRoom()) return
  removeAbandoned()
  const folder = mkdtempSync(join(MEMORY, `pk-${process.pid}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  if (!runsProgramsIn(folder)) return remove()
  // As the system's: some tests run programs as another user.
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
  process.once('exit', remove)
  for (const [signal, code] of Object.entries(SIGNALS))
    process.once(signal, () => {
      // Who else waits for the signal ends the program.
      if (process.listenerCount(signal) === 0) process.exit(code)
    })
}

function hasRoom() {
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY)
    return type === TMPFS_MAGIC && bavail * bsize >= NEEDED_BYTES
  } catch {
    return false
  }
}

/** Not where it is mounted with `noexec`. */
function runsProgramsIn(folder) {
  const path = join(folder, 'program')
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o700 })
  const { status } = spawnSync(path)
  rmSync(path)
  return status === 0
}

/** A run that was killed could not remove its folder. */
function removeAbandoned() {
  for (const name of readdirSync(MEMORY)) {
    const pid = NAME.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    const folder = join(MEMORY, name)
    try {
      if (Date.now() - statSync(folder).mtimeMs < ABANDONED_MS) continue
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Of another user, or removed meanwhile.
    }
  }
}
