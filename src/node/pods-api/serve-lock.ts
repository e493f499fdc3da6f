import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { errorCode } from '../data-folder/files/error-code'
import { isProcessAlive } from '../data-folder/files/is-process-alive'

const MAX_TRIES = 3

/**
 * Takes the right to serve the folder, since one program alone knows which requests were carried out. Returns what gives
 * it back; the error is the process id of the program that has it. Throws file system errors.
 */
export function takeServeLock(folder: string): Result<() => void, number> {
  const path = join(folder, 'api-serve.pid')
  for (let tries = 1; ; tries += 1) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return ok(() => rmSync(path, { force: true }))
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') throw cause
    }
    const pid = Number(read(path))
    if (isAlive(pid) || tries === MAX_TRIES) return fail(pid)
    rmSync(path, { force: true })
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return ''
    throw cause
  }
}

const isAlive = (pid: number): boolean =>
  Number.isInteger(pid) && pid > 0 && pid !== process.pid && isProcessAlive(pid)
