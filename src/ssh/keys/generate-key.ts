import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ssh2 from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import { syncFolder } from '../../node/data-folder/replace-file'
import { OWN_KEY } from './find-keys'

const COMMENT = 'podkeeper'

/**
 * Makes an ed25519 key below the home folder, and returns its path; a reason in words when there is none afterwards. What
 * lies there already stays as it is.
 */
export function makeOwnKey(home: string): Result<string, string> {
  const path = join(home, OWN_KEY)
  const made: string[] = []
  const write = (file: string, text: string, mode: number): void => {
    // Fails where something lies, a link included.
    const handle = openSync(file, 'wx', mode)
    made.push(file)
    try {
      writeFileSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: COMMENT })
    write(path, withLineEnd(pair.private), 0o600)
    write(`${path}.pub`, withLineEnd(pair.public), 0o644)
    syncFolder(dirname(path))
    return ok(path)
  } catch (cause) {
    // Half a pair helps nobody.
    for (const file of made) rmSync(file, { force: true })
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    return fail(
      isThere
        ? `~/${OWN_KEY} or its “.pub” is there already, and was left as it is.`
        : `The key could not be written to ~/${OWN_KEY}. Is the disk full, or the folder not yours?`,
    )
  }
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
