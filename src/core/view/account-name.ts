import type { AccountId } from '../pods/pod'
import type { Snapshot } from './snapshot'

/** What a person calls the account; null where there is only one, which needs no name. */
export function accountName(
  snapshot: Pick<Snapshot, 'accounts'> | null,
  accountId: AccountId | null,
): string | null {
  if (snapshot === null || accountId === null || snapshot.accounts.length < 2) return null
  return snapshot.accounts.find(({ entry }) => entry.id === accountId)?.entry.name ?? null
}
