import { createHash } from 'node:crypto'

/**
 * Names an account without knowing more of it than its key: the same key at the same address is the same
 * account, another key never inherits its journal. A one-way digest of a secret that cannot be guessed.
 */
export function accountIdOf(baseUrl: URL, key: string): string {
  return createHash('sha256')
    .update(`podkeeper account\n${baseUrl.origin}\n${key}`)
    .digest('hex')
    .slice(0, 16)
}
