import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { syncFolder } from '../../node/data-folder/files/replace-file'
import { generateEd25519Key, isEd25519KeyPair } from './ed25519-key'
import { PODKEEPER_KEY_PATH, podKeyPath } from './find-keys'

const COMMENT = 'podkeeper'

/**
 * Creates an ed25519 key below the home folder and returns its path, or a user-facing reason on failure.
 * Existing files are kept. The new key is read back from disk and kept only if its halves match.
 */
export const generateKey = (home: string): Result<string, string> =>
  generateKeyAt(join(home, PODKEEPER_KEY_PATH), `~/${PODKEEPER_KEY_PATH}`)

/**
 * Creates a key that is used for the pod of this request alone. Returns the line of its public half, or a user-facing
 * reason on failure. See docs/product-rules.md#111-the-form.
 */
export function generatePodKey(home: string, runId: string): Result<string, string> {
  const path = podKeyPath(home, runId)
  if (path === null) return fail('There can be no key for that pod.')
  const generated = generateKeyAt(path, `~/${relative(home, path)}`)
  return generated.ok ? ok(readFileSync(`${path}.pub`, 'utf8').trim()) : generated
}

/** Removes the key of a request that made no pod. */
export function removePodKey(home: string, runId: string): void {
  const path = podKeyPath(home, runId)
  if (path === null) return
  for (const file of [path, `${path}.pub`]) rmSync(file, { force: true })
}

/** `name`: the path, for display. */
function generateKeyAt(path: string, name: string): Result<string, string> {
  const publicPath = `${path}.pub`
  const created: string[] = []
  const write = (file: string, text: string, mode: number): void => {
    // Fails if anything exists at this path, including a link.
    const handle = openSync(file, 'wx', mode)
    created.push(file)
    try {
      writeFileSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }
  // Half a key pair, or a broken one, is useless.
  const removeMade = (): void => created.forEach((file) => rmSync(file, { force: true }))
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const pair = generateEd25519Key(COMMENT)
    write(path, pair.privateText, 0o600)
    write(publicPath, pair.publicLine, 0o644)
    syncFolder(dirname(path))
    const kept = { privateText: readFileSync(path, 'utf8'), publicLine: readFileSync(publicPath, 'utf8') }
    if (isEd25519KeyPair(kept)) return ok(path)
    removeMade()
    return fail('The new key could not be read back, so it was not saved. Try again.')
  } catch (cause) {
    removeMade()
    const alreadyExists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    return fail(
      alreadyExists
        ? `${name} or its “.pub” file already exists and was not changed.`
        : `The key could not be written to ${name}. Check disk space and folder permissions.`,
    )
  }
}
