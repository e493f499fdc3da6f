import { createHash } from 'node:crypto'

/**
 * Names a key at its address, without giving it away: a one-way digest of a secret that cannot be guessed. An account
 * is called by the name of its first key; see `accountOf` in key-keeper.ts for the keys that come after it.
 */
export function accountIdOf(baseUrl: URL, key: string): string {
  return createHash('sha256')
    .update(`podkeeper account\n${baseUrl.origin}\n${key}`)
    .digest('hex')
    .slice(0, 16)
}
