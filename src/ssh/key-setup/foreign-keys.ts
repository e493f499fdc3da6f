import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { plainText } from '../../core/base/text/plain-text'
import type { CleanUpPart, ForeignKey } from '../../core/clean-up/clean-up-view'
import { cleanUpText } from '../../core/clean-up/clean-up-text'
import { agentPaths, isAgentPath, listAgentKeys } from '../keys/agents'
import { findKeys, type FoundKey, type KeyLocations, keyInMemory } from '../keys/find-keys'
import { parsePublicKeyLine } from '../keys/key-file-parser'
import { fingerprintOf, type PublicKey } from '../keys/public-key'
import { readSmallFile } from '../config/read-small-file'
import { parseRegisteredKeys, type RegisteredLine } from './registered-keys'

interface PublicKeyFiles {
  readonly names: ReadonlySet<string>
  readonly keys: readonly (PublicKey | null)[]
  readonly isPartial: boolean
}

const MAX_FILE_BYTES = 64 * 1024
const MAX_FILES = 1_000
const MAX_NAME_CHARS = 100

/**
 * The registered lines of an account whose public key is not on this computer: in no file of the key folder, at no place
 * where `ssh` looks, and in no agent. Where that can't be told of one, it is told of none. `accountKey`: a private key
 * that belongs to the account alone; null: there is none.
 */
export async function foreignKeys(
  locations: KeyLocations,
  registered: readonly string[],
  accountKey: string | null,
): Promise<CleanUpPart<ForeignKey>> {
  const folder = publicKeyFiles(join(locations.home, '.ssh'))
  if (folder === null) return { kind: 'unknown', why: cleanUpText.keyFolderUnread }
  const found = await findKeys(locations, [])
  const own = accountKey === null ? null : keyInMemory(accountKey).publicKey
  const known = [...folder.keys, ...found.map(({ publicKey }) => publicKey), own].filter(
    (key): key is PublicKey => key !== null,
  )
  const local = new Set(known.map(({ blob }) => fingerprintOf(blob)))
  const items = parseRegisteredKeys(registered)
    .filter((line) => line.kind !== 'key' || !local.has(line.fingerprint))
    .map((line) => toItem(line, registered[line.line - 1] ?? ''))
  const keys = items.filter(({ fingerprint }) => fingerprint !== null)
  if (keys.length > 0) {
    if (folder.isPartial || found.some((key) => isUnread(key, locations.home, folder.names)))
      return { kind: 'unknown', why: cleanUpText.keysLocked }
    if (await isAgentSilent(locations)) return { kind: 'unknown', why: cleanUpText.agentSilent }
  }
  return { kind: 'read', items: [...keys, ...items.filter((item) => item.fingerprint === null)], gap: null }
}

/** Whether it is a key whose public half can't be told, from a file beside it either. */
function isUnread({ publicKey, name, access }: FoundKey, home: string, names: ReadonlySet<string>): boolean {
  if (publicKey !== null || access?.kind === 'agent') return false
  const path = name.startsWith('~') ? join(home, name.slice(1)) : name
  const isBeside = dirname(path) === join(home, '.ssh') && names.has(`${basename(path)}.pub`)
  return !isBeside && existsSync(path)
}

/** Null: the folder can't be read. Without one there are none. */
function publicKeyFiles(folder: string): PublicKeyFiles | null {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.pub'))
    const texts = names.slice(0, MAX_FILES).map((name) => readSmallFile(join(folder, name), MAX_FILE_BYTES))
    return {
      names: new Set(names),
      keys: texts.map((text) => (text === null ? null : parsePublicKeyLine(text))),
      isPartial: names.length > MAX_FILES || texts.includes(null),
    }
  } catch (cause) {
    return isAbsent(cause) ? { names: new Set(), keys: [], isPartial: false } : null
  }
}

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'

/** An agent that is named and doesn't answer may have any key. */
async function isAgentSilent({ platform, env }: KeyLocations): Promise<boolean> {
  const paths = agentPaths({ platform, socket: env['SSH_AUTH_SOCK'] })
  const answers = await Promise.all(
    paths.filter((path) => isAgentPath(path, platform)).map((path) => listAgentKeys(path)),
  )
  return answers.includes(null)
}

/** A line that is no key that Podkeeper knows has no fingerprint, and nothing of it is shown: it may be a private key. */
function toItem(line: RegisteredLine, text: string): ForeignKey {
  if (line.kind !== 'key') return { fingerprint: null, name: lineNames[line.kind] }
  const comment = plainText(
    text
      .trim()
      .split(/[ \t]+/)
      .slice(2)
      .join(' '),
  ).slice(0, MAX_NAME_CHARS)
  return { fingerprint: line.fingerprint, name: comment === '' ? 'a key without a name' : comment }
}

const lineNames: Readonly<Record<Exclude<RegisteredLine['kind'], 'key'>, string>> = {
  'other-key': 'a key of a type that Podkeeper doesn’t use',
  malformed: 'a line that is no key',
}
