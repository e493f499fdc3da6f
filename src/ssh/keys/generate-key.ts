import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ssh2 from 'ssh2'
import { fail, ok, type Result } from '../../core/base/result'
import { syncFolder } from '../../node/data-folder/replace-file'
import { PODKEEPER_KEY_PATH } from './find-keys'

const COMMENT = 'podkeeper'

/**
 * Makes an ed25519 key below the home folder, and returns its path; a reason in words when there is none afterwards. What
 * lies there already stays as it is.
 */
export function generateKey(home: string): Result<string, string> {
  const path = join(home, PODKEEPER_KEY_PATH)
  const created: string[] = []
  const write = (file: string, text: string, mode: number): void => {
    // Fails where something lies, a link included.
    const handle = openSync(file, 'wx', mode)
    created.push(file)
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
    write(path, withTrailingNewline(pair.private), 0o600)
    write(`${path}.pub`, withTrailingNewline(pair.public), 0o644)
    syncFolder(dirname(path))
    return ok(path)
  } catch (cause) {
    // Half a pair helps nobody.
    for (const file of created) rmSync(file, { force: true })
    const alreadyExists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    return fail(
      alreadyExists
        ? `~/${PODKEEPER_KEY_PATH} or its “.pub” is there already, and was left as it is.`
        : `The key could not be written to ~/${PODKEEPER_KEY_PATH}. Is the disk full, or the folder not yours?`,
    )
  }
}

const withTrailingNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
