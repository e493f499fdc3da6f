import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../../core/base/parse-json'
import { errorText } from '../../core/base/error-text'
import { writeProblem } from '../../node/data-folder/folder-format'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { CliExit, exitCodes } from '../output/exit'

/** A key and an address take a few hundred. */
const MAX_BYTES = 64 * 1_024

/** A key on disk belongs to one address and is not sent to any other. */
export interface StoredCliKey {
  readonly baseUrl: string
  readonly key: string
  /** The id under which its account is stored; absent: not found out. */
  readonly accountId?: string
  /** The account's id at the API, where it told. */
  readonly apiAccountId?: string
}

const storedKeySchema = v.object({
  version: v.literal(1),
  baseUrl: v.string(),
  key: v.string(),
  accountId: v.exactOptional(v.string()),
  apiAccountId: v.exactOptional(v.string()),
})

/**
 * The key saved by `podkeeper login`; null if none. Throws a `CliExit` with instructions if it is not stored safely.
 */
export function readStoredKey(path: string): StoredCliKey | null {
  const text = readPrivateFile(path)
  if (text === null) return null
  const stored = v.safeParse(storedKeySchema, parseJson(text))
  if (!stored.success)
    throw new CliExit(
      exitCodes.noKey,
      `${path} holds no key that this version can read. Make a new one: podkeeper login`,
    )
  const { baseUrl, key, accountId, apiAccountId } = stored.output
  return {
    baseUrl,
    key,
    ...(accountId !== undefined && { accountId }),
    ...(apiAccountId !== undefined && { apiAccountId }),
  }
}

/** The saved key, to compare a new one with; null if there is none that can be read. */
export function readEarlierKey(path: string): StoredCliKey | null {
  try {
    return readStoredKey(path)
  } catch {
    return null
  }
}

export function writeStoredKey(path: string, key: StoredCliKey): void {
  const problem = writeProblem(dirname(path))
  if (problem !== null) throw new CliExit(exitCodes.failed, `Nothing was kept. ${problem}`)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    replaceFile(path, `${JSON.stringify({ version: 1, ...key })}\n`)
  } catch (cause) {
    throw new CliExit(exitCodes.failed, `Nothing was kept: ${path} cannot be written (${errorText(cause)}).`)
  }
}

/** Returns whether there was one. */
export function deleteStoredKey(path: string): boolean {
  try {
    rmSync(path)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw new CliExit(
      exitCodes.failed,
      `${path} cannot be removed (${errorText(cause)}). Remove it yourself.`,
    )
  }
}

function readPrivateFile(path: string): string | null {
  let file: number
  try {
    // Without waiting for the other end of a pipe.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    if (isMissing(cause)) return null
    const reason = errorText(cause)
    throw new CliExit(exitCodes.noKey, `The key in ${path} cannot be read: ${reason}`)
  }
  try {
    // Checks the opened file, because the path may lead to another one by now.
    const stat = fstatSync(file)
    const { mode, uid } = stat
    if (!stat.isFile() || stat.size > MAX_BYTES)
      throw new CliExit(
        exitCodes.noKey,
        `${path} is no file with a key. Move it away, then make a new one: podkeeper login`,
      )
    const belongsToOtherUser = process.getuid !== undefined && uid !== process.getuid()
    if (belongsToOtherUser)
      throw new CliExit(
        exitCodes.noKey,
        `${path} belongs to another user, so its key is not used. Remove it, then: podkeeper login`,
      )
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new CliExit(
        exitCodes.noKey,
        `${path} can be read by others (mode 0${(mode & 0o777).toString(8)}), so its key is not used. If nobody did read it: chmod 600 '${path}'. Else make a new key in Runpod, then: podkeeper login`,
      )
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
