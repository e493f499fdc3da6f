import { createHash } from 'node:crypto'

/**
 * The id of a key at its API address: a one-way digest that does not reveal the key. An account keeps the id
 * of its first key; see `accountIdFor` in key-store.ts for later keys.
 */
export function accountIdOf(baseUrl: URL, key: string): string {
  return createHash('sha256')
    .update(`podkeeper account\n${baseUrl.origin}\n${key}`)
    .digest('hex')
    .slice(0, 16)
}
