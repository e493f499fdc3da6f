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

/** The id of a lab's account: the same for every key of the lab, so that a replaced key keeps its rules. */
export function labAccountId(baseUrl: URL, labId: string): string {
  return createHash('sha256').update(`podkeeper lab\n${baseUrl.origin}\n${labId}`).digest('hex').slice(0, 16)
}
