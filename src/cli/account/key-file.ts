import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../../core/base/parse-json'
import { errorText } from '../../core/base/text/error-text'
import type { LabRecord } from '../../core/settings/account-record'
import { accountNameSchema, storedLabSchema } from '../../core/settings/account-codec'
import { accountIdOf, labAccountId } from '../../node/account-id'
import { formatProblem } from '../../node/data-folder/format/folder-format'
import { fileTakenText, withFileLock } from '../../node/data-folder/files/file-lock'
import { replaceFile } from '../../node/data-folder/files/replace-file'
import { CliExit, exitCodes } from '../output/exit'
import { keyFileText } from './account-text'
import { makeFolders } from '../../node/data-folder/files/private-folder'

/** A key and an address take a few hundred. */
const MAX_BYTES = 64 * 1_024

/** A key on disk belongs to one address and is not sent to any other. */
export interface StoredCliKey {
  readonly baseUrl: string
  readonly key: string
  /** The id under which its account is stored; absent: not found out. */
  readonly accountId?: string
  /** The account's id at the API, if reported. */
  readonly apiAccountId?: string
  /** What the person calls the account. */
  readonly name?: string
  /** When the account was first saved, Unix ms; absent: not written yet. */
  readonly addedAtMs?: number
  /** Present where the key is for a lab of Hubify. */
  readonly lab?: LabRecord
}

const storedKeysSchema = v.object({
  version: v.literal(1),
  keys: v.array(
    v.object({
      baseUrl: v.string(),
      key: v.string(),
      accountId: v.exactOptional(v.string()),
      apiAccountId: v.exactOptional(v.string()),
      name: v.fallback(v.optional(accountNameSchema), undefined),
      // What makes no sense counts as later than every job.
      addedAtMs: v.exactOptional(v.fallback(v.number(), Number.MAX_SAFE_INTEGER)),
      // A key with a lab that makes no sense is refused, so that no key of Hubify is taken for one of Runpod.
      lab: v.exactOptional(storedLabSchema),
    }),
  ),
})

/**
 * The keys saved by `podkeeper login`, each of an account of its own. Throws a `CliExit` with instructions if they are
 * not stored safely.
 */
export function readStoredKeys(path: string): readonly StoredCliKey[] {
  const text = readPrivateFile(path)
  if (text === null) return []
  const stored = v.safeParse(storedKeysSchema, parseJson(text))
  if (!stored.success) throw new CliExit(exitCodes.noKey, keyFileText.noKey(path))
  return stored.output.keys.map(({ name, ...key }) => ({ ...key, ...(name !== undefined && { name }) }))
}

/** The saved keys, to compare a new one with; none if they cannot be read. */
export function readEarlierKeys(path: string): readonly StoredCliKey[] {
  try {
    return readStoredKeys(path)
  } catch {
    return []
  }
}

interface ChangeKeysOptions {
  readonly read?: (path: string) => readonly StoredCliKey[]
  /** What wasn't done, where nothing can be written. */
  readonly refusal?: string
}

/**
 * Writes what `change` makes of the saved keys as they are now, while no other command does. Throws a `CliExit` with
 * nothing changed.
 */
export function changeStoredKeys(
  path: string,
  change: (keys: readonly StoredCliKey[]) => readonly StoredCliKey[],
  { read = readStoredKeys, refusal = keyFileText.nothingChanged }: ChangeKeysOptions = {},
): void {
  const problem = formatProblem(dirname(path))
  if (problem !== null) throw new CliExit(exitCodes.failed, `${refusal}. ${problem}`)
  try {
    makeFolders(dirname(path))
    const changed = withFileLock(`${path}.lock`, ({ isHeld }) => {
      const before = read(path)
      const keys = withTimes(change(before), before, Date.now())
      if (!isHeld()) throw new Error(fileTakenText)
      if (keys.length === 0) rmSync(path, { force: true })
      else replaceFile(path, serializeKeys(keys))
    })
    if (!changed.ok) throw new Error(changed.error)
  } catch (cause) {
    if (cause instanceof CliExit) throw cause
    throw new CliExit(exitCodes.failed, keyFileText.notWritten(refusal, path, errorText(cause)))
  }
}

/** An account keeps the time when it was first saved. */
const withTimes = (
  keys: readonly StoredCliKey[],
  before: readonly StoredCliKey[],
  nowMs: number,
): readonly StoredCliKey[] =>
  keys.map((key) => ({
    ...key,
    addedAtMs: before.find((other) => storedAccountId(other) === storedAccountId(key))?.addedAtMs ?? nowMs,
  }))

const serializeKeys = (keys: readonly StoredCliKey[]): string => `${JSON.stringify({ version: 1, keys })}\n`

/** Saves a key, in the place of an earlier one of the same account. Keys that cannot be read are replaced. */
export function writeStoredKey(path: string, key: StoredCliKey): void {
  changeStoredKeys(path, (keys) => withStoredKey(keys, key), {
    read: readEarlierKeys,
    refusal: keyFileText.nothingSaved,
  })
}

/** The same key may have been saved before its account was found out. */
export function withStoredKey(keys: readonly StoredCliKey[], key: StoredCliKey): readonly StoredCliKey[] {
  const isSame = (other: StoredCliKey): boolean =>
    storedAccountId(other) === storedAccountId(key) ||
    (other.key === key.key && other.baseUrl === key.baseUrl && !other.lab && !key.lab)
  const place = keys.findIndex(isSame)
  const others = keys.filter((other) => !isSame(other))
  const all = [...others]
  all.splice(place === -1 ? others.length : place, 0, key)
  return all
}

/** The id of a saved key's account. */
export function storedAccountId({ accountId, baseUrl, key, lab }: StoredCliKey): string {
  if (!URL.canParse(baseUrl)) return accountId ?? key
  if (lab !== undefined) return labAccountId(new URL(baseUrl), lab.id)
  return accountId ?? accountIdOf(new URL(baseUrl), key)
}

/** Removes the file with all keys, readable or not. Returns whether there was one. */
export function deleteStoredKeys(path: string): boolean {
  try {
    rmSync(path)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw new CliExit(exitCodes.failed, keyFileText.notRemoved(path, errorText(cause)))
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
    throw new CliExit(exitCodes.noKey, keyFileText.notRead(path, reason))
  }
  try {
    // Checks the opened file, because the path may lead to another one by now.
    const stat = fstatSync(file)
    const { mode, uid } = stat
    if (!stat.isFile() || stat.size > MAX_BYTES)
      throw new CliExit(exitCodes.noKey, keyFileText.noKeyFile(path))
    const belongsToOtherUser = process.getuid !== undefined && uid !== process.getuid()
    if (belongsToOtherUser) throw new CliExit(exitCodes.noKey, keyFileText.ofOtherUser(path))
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new CliExit(exitCodes.noKey, keyFileText.readableByOthers(path, mode))
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
