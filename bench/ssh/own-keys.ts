import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateEd25519Key, isEd25519KeyPair } from '../../src/ssh/keys/ed25519-key'
import type { Measurement } from '../measurement'

const KEYS = 10_000
/** One `ssh-keygen` process runs per key. */
const READ_BY_SSH_KEYGEN = 200

/** Creates keys as Podkeeper does and reads them back with Podkeeper, ssh2 and, for some of them, ssh-keygen. */
export function measureOwnKeys(): Promise<readonly Measurement[]> {
  const figure = (name: string, value: number): Measurement => ({
    group: 'ssh',
    name,
    unit: '',
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal: { kind: 'value', atMost: 0 },
  })
  return Promise.resolve([
    figure(`keys that cannot be read back, of ${KEYS}`, unreadableKeys(1, KEYS).length),
    figure(
      `keys that ssh-keygen cannot read, of ${READ_BY_SSH_KEYGEN}`,
      unreadableForSshKeygen(1, READ_BY_SSH_KEYGEN).length,
    ),
  ])
}

/** The seeds from `first` on whose keys cannot be read back. */
export function unreadableKeys(first: number, count: number): readonly number[] {
  return seedsFrom(first, count).filter((seed) => !isEd25519KeyPair(keyOf(seed)))
}

/** The seeds from `first` on whose keys the real `ssh-keygen` reads differently or cannot read. */
export function unreadableForSshKeygen(first: number, count: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-keys-'))
  try {
    return seedsFrom(first, count).filter((seed) => !isReadBySshKeygen(join(folder, `${seed}`), seed))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The key of a seed. Its comment has 0 to 20 bytes, so that every padding length occurs. */
export function keyOf(seed: number): ReturnType<typeof generateEd25519Key> {
  const secret = createHash('sha256').update(`key ${seed}`).digest()
  return generateEd25519Key('c'.repeat(seed % 21), secret)
}

function isReadBySshKeygen(file: string, seed: number): boolean {
  const { privateText, publicLine } = keyOf(seed)
  writeFileSync(file, privateText, { mode: 0o600 })
  writeFileSync(`${file}.pub`, publicLine)
  const run = (...args: readonly string[]): string =>
    execFileSync('ssh-keygen', [...args, '-f', file], { encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    return run('-y') === publicLine.trim() && run('-l').startsWith('256 SHA256:')
  } catch {
    return false
  }
}

const seedsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index)
