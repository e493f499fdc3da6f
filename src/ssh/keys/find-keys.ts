import { type Stats, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { plainText } from '../../core/base/text/plain-text'
import type { PodId, SshEndpoint } from '../../core/pods/pod'
import { isRunId } from '../../core/pods/pod-request'
import type { SshKeySource } from '../../core/terminal/ssh-keys'
import { type AgentKey, agentPaths, isAgentPath, listAgentKeys } from './agents'
import { parseKeyFile, parsePublicKeyLine } from './key-file-parser'
import { IncludedFiles } from '../config/included-files'
import type { KeyCandidate } from './key-order'
import { fingerprintOf, isTooShort, MIN_RSA_BITS, type PublicKey } from './public-key'
import { isNetworkPath, readSmallFile } from '../config/read-small-file'
import { type ConfiguredKeys, expandHome, readSshConfig } from '../config/ssh-config'

/** Where to look for keys on this computer. */
export interface KeyLocations {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The key file chosen in the settings; null if none. */
  readonly chosenFile: () => string | null
}

/** A key that was found, usable or not. */
export interface FoundKey extends KeyCandidate {
  readonly problem: string | null
  /** Null if it is unusable. */
  readonly access: KeyMaterial | null
}

export type KeyMaterial =
  | { readonly kind: 'agent'; readonly key: AgentKey }
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly isLocked: boolean }

/** The server that keys are needed for, because `~/.ssh/config` may have an entry for it. */
export interface KeyQuery {
  readonly host: string
  readonly user: string
  readonly aliases: readonly string[]
}

/**
 * The API names the host, so what the user's config says about a host counts only for a proxy that the provider is
 * known to use: the keys of another server must not be offered to whoever the API names.
 */
export function keyQuery(endpoint: SshEndpoint | null, podId: PodId, isKnownProxy: boolean): KeyQuery {
  const user = endpoint?.username ?? 'root'
  return isKnownProxy && endpoint !== null
    ? { host: endpoint.host, user, aliases: [podId] }
    : { host: podId, user, aliases: [] }
}

/** The key that Podkeeper creates, relative to the home folder. */
export const PODKEEPER_KEY_PATH = '.ssh/podkeeper_ed25519'

/** Where the key for the pod of this request is, below the home folder; null if it can't be the id of one. */
export const podKeyPath = (home: string, runId: string | undefined): string | null =>
  isRunId(runId) ? join(home, '.ssh/podkeeper-pods', runId) : null

const DEFAULT_KEY_FILES = [
  '.ssh/id_ed25519',
  '.ssh/id_ecdsa',
  '.ssh/id_rsa',
  PODKEEPER_KEY_PATH,
  '.runpod/ssh/RunPod-Key-Go',
  '.runpod/ssh/runpodctl-ssh-key',
]
const MAX_FILE_BYTES = 64 * 1024
const MAX_CONFIG_BYTES = 1024 * 1024

/**
 * All keys of this computer that might work for a server. Unusable keys include the reason. `podKeyFile`: of the key
 * for that pod alone; null: it has none.
 */
export async function findKeys(
  locations: KeyLocations,
  queries: readonly KeyQuery[],
  podKeyFile: string | null = null,
): Promise<readonly FoundKey[]> {
  const { home, env, platform } = locations
  const config = readConfig(locations, queries)
  const chosen = locations.chosenFile()
  const files = new Map<string, SshKeySource>()
  const add = (path: string, source: SshKeySource): void => {
    if (!files.has(path)) files.set(path, source)
  }
  if (podKeyFile !== null) add(podKeyFile, 'pod-file')
  if (chosen !== null) add(expandHome(chosen, home), 'chosen-file')
  for (const path of config.files) add(path, 'ssh-config')
  // As in ssh with `IdentitiesOnly`, default key files are ignored if the config names others.
  const skipsDefaultFiles = config.isIdentitiesOnly && config.files.length > 0
  for (const path of skipsDefaultFiles ? [PODKEEPER_KEY_PATH] : DEFAULT_KEY_FILES)
    add(join(home, path), 'usual-file')
  const fileKeys = [...files].flatMap(([path, source]) => readKeyFile(path, source, locations) ?? [])

  const paths =
    config.agent === null ? agentPaths({ platform, socket: env['SSH_AUTH_SOCK'] }) : [config.agent]
  const reachable = paths.filter((path) => path !== 'none' && isAgentPath(path, platform))
  const listedKeys = await Promise.all(reachable.map(listAgentKeys))
  const agentKeys = listedKeys.flatMap((keys) => keys ?? []).map(toFoundKey)
  const fileFingerprints = new Set(
    fileKeys.flatMap(({ publicKey }) => (publicKey ? fingerprintOf(publicKey.blob) : [])),
  )
  const isInFiles = ({ publicKey }: FoundKey): boolean =>
    publicKey !== null && fileFingerprints.has(fingerprintOf(publicKey.blob))
  return [...fileKeys, ...(config.isIdentitiesOnly ? agentKeys.filter(isInFiles) : agentKeys)]
}

function readConfig({ home, env }: KeyLocations, queries: readonly KeyQuery[]): ConfiguredKeys {
  const text = readSmallFile(join(home, '.ssh/config'), MAX_CONFIG_BYTES)
  const included = new IncludedFiles(home)
  const include = (path: string): readonly string[] => included.read(path)
  const context = { home, env, localUser: localUser(), include }
  const found = queries.map((query) => (text === null ? null : readSshConfig(text, { ...query, ...context })))
  const known = found.filter((each) => each !== null)
  return {
    files: [...new Set(known.flatMap(({ files }) => files))],
    isIdentitiesOnly: known.some(({ isIdentitiesOnly }) => isIdentitiesOnly),
    agent: known.find(({ agent }) => agent !== null)?.agent ?? null,
  }
}

/** Null if the account has no name. */
function localUser(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}

function toFoundKey(key: AgentKey): FoundKey {
  const comment = plainText(key.comment).slice(0, 200)
  return {
    name: comment === '' ? 'a key from the agent' : comment,
    source: 'agent',
    publicKey: key.publicKey,
    problem: sizeProblem(key.publicKey),
    isUsable: true,
    access: { kind: 'agent', key },
  }
}

/** Null if there is no file. A missing file is reported only if the user chose it. */
export function readKeyFile(path: string, source: SshKeySource, locations: KeyLocations): FoundKey | null {
  const name = displayName(path, locations.home)
  const unusable = (problem: string): FoundKey => ({
    name,
    source,
    publicKey: null,
    problem,
    isUsable: false,
    access: null,
  })
  if (isNetworkPath(path, locations.platform))
    return unusable('It is on another computer. Copy the key to this one to use it.')
  const stats = statsOf(path)
  if (stats === 'absent') return source === 'chosen-file' ? unusable('There is no such file.') : null
  const text = readSmallFile(path, MAX_FILE_BYTES)
  if (text === null || stats === 'unreadable') return unusable('The file cannot be read.')
  const read = parseKeyFile(text)
  if (read.kind === 'unusable') return unusable(read.problem)
  if (isReadableByOthers(stats, locations.platform)) return unusable(READABLE_BY_OTHERS)
  const publicKey = read.publicKey ?? readPublicKeyFile(path)
  return {
    name,
    source,
    publicKey,
    problem: sizeProblem(publicKey),
    isUsable: true,
    access: { kind: 'file', path, text, isLocked: read.isLocked },
  }
}

/** A private key without a passphrase that is in no file. */
export function keyInMemory(text: string): FoundKey {
  const read = parseKeyFile(text)
  return {
    name: 'the key of the account',
    source: 'chosen-file',
    publicKey: read.kind === 'unusable' ? null : read.publicKey,
    problem: null,
    isUsable: read.kind !== 'unusable' && !read.isLocked,
    access: { kind: 'file', path: '', text, isLocked: false },
  }
}

function statsOf(path: string): Stats | 'absent' | 'unreadable' {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? 'absent'
  } catch {
    return 'unreadable'
  }
}

function readPublicKeyFile(path: string): PublicKey | null {
  const text = readSmallFile(`${path}.pub`, MAX_FILE_BYTES)
  return text === null ? null : parsePublicKeyLine(text)
}

function sizeProblem(key: PublicKey | null): string | null {
  return key !== null && isTooShort(key)
    ? `This RSA key has ${key.rsaBits} bits. Fewer than ${MIN_RSA_BITS} is not secure, so it is not used.`
    : null
}

const READABLE_BY_OTHERS =
  'Other users on this computer can read this file, so it is not used. Run “chmod 600” on it.'

/** As ssh: only the user's own files are judged. Windows has no such file modes. */
function isReadableByOthers({ mode, uid }: Stats, platform: NodeJS.Platform): boolean {
  return platform !== 'win32' && uid === process.getuid?.() && (mode & 0o077) !== 0
}

function displayName(path: string, home: string): string {
  return path.startsWith(join(home, '/')) ? `~${path.slice(home.length)}` : path
}
