import * as v from 'valibot'
import type { AccountId, PodId } from '../pods/pod'
import { accountApi, type AccountRecord, keyIdOf } from './account-record'

/*
 * Which account a key belongs to. See docs/product-rules.md#12-unreliable-replies and
 * docs/decisions/0021-account-identity.md.
 */

/** An account that was watched with a key before. */
export interface KnownAccount {
  readonly id: AccountId
  /** The id of its latest key. */
  readonly keyId: string
  readonly baseUrl: string
  /** The latest key's last four characters. */
  readonly keyEnding: string
  /** The account's id at the API; null until a reply reports it. */
  readonly apiAccountId: string | null
}

/** What is known of a key that the API accepted. */
export interface KeyEvidence {
  readonly keyId: string
  readonly baseUrl: string
  /** The account's id at the API; null if the API does not tell it. */
  readonly apiAccountId: string | null
  readonly podIds: readonly PodId[]
}

export type AccountMatch =
  | { readonly kind: 'known'; readonly account: KnownAccount }
  /** An account that was not watched before. */
  | { readonly kind: 'new' }
  /** Nothing tells whether the key belongs to `candidate`, so a person must. */
  | { readonly kind: 'unclear'; readonly candidate: KnownAccount }

/**
 * Matches a key with `accounts` (the latest last). The first key of an account belongs to it for good. Otherwise the
 * API's id decides, also against an earlier match of this key; then a pod that both have, because pod ids are unique
 * at the API.
 */
export function matchAccount(
  key: KeyEvidence,
  accounts: readonly KnownAccount[],
  podIdsOf: (accountId: AccountId) => ReadonlySet<PodId>,
): AccountMatch {
  const { keyId, apiAccountId, podIds } = key
  const atAddress = accounts.filter(({ baseUrl }) => baseUrl === key.baseUrl).reverse()
  const possible = atAddress.filter((account) => apiAccountId === null || account.apiAccountId === null)
  const known =
    atAddress.find(({ id }) => id === keyId) ??
    atAddress.find((account) => apiAccountId !== null && account.apiAccountId === apiAccountId) ??
    possible.find((account) => account.keyId === keyId) ??
    possible.find(({ id }) => podIds.some((podId) => podIdsOf(id).has(podId)))
  if (known) return { kind: 'known', account: known }
  const [candidate] = possible
  return candidate ? { kind: 'unclear', candidate } : { kind: 'new' }
}

/** Far more than a person has; the oldest are forgotten. */
const MAX_KNOWN_ACCOUNTS = 50

/** `accounts` with `account` as the latest, which alone has its key. An id at the API that is known stays known. */
export function withKnownAccount(
  accounts: readonly KnownAccount[],
  account: KnownAccount,
): readonly KnownAccount[] {
  const earlier = accounts.find(({ id }) => id === account.id)
  const apiAccountId = account.apiAccountId ?? earlier?.apiAccountId ?? null
  const others = accounts
    .filter(({ id }) => id !== account.id)
    .map((other) => (other.keyId === account.keyId ? { ...other, keyId: other.id } : other))
  return [...others, { ...account, apiAccountId }].slice(-MAX_KNOWN_ACCOUNTS)
}

const knownAccount = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  keyId: v.string(),
  baseUrl: v.string(),
  keyEnding: v.string(),
  apiAccountId: v.fallback(v.nullable(v.pipe(v.string(), v.nonEmpty())), null),
})

/** Parses the accounts of a file. Entries that cannot be read are left out, so that a person is asked instead. */
export function parseKnownAccounts(stored: unknown): readonly KnownAccount[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((entry: unknown) => {
    const parsed = v.safeParse(knownAccount, entry)
    return parsed.success ? [parsed.output] : []
  })
}

/**
 * The accounts that were watched, the latest last. Includes the present ones, which a program that keeps no list may
 * have stored, unless they may be one of the others.
 */
export function knownAccountsOf({
  accounts,
  knownAccounts,
}: {
  readonly accounts: readonly AccountRecord[]
  readonly knownAccounts?: unknown
}): readonly KnownAccount[] {
  return accounts.reduce(
    (known, account) => withRecord(known, account, null),
    parseKnownAccounts(knownAccounts),
  )
}

export function withRecord(
  known: readonly KnownAccount[],
  account: AccountRecord,
  apiAccountId: string | null,
): readonly KnownAccount[] {
  // The id of a lab's account tells which lab it is, whatever its key.
  if (account.possibleAccountId !== undefined || accountApi(account).kind !== 'runpod') return known
  const { id, baseUrl, keyEnding } = account
  return withKnownAccount(known, { id, keyId: keyIdOf(account), baseUrl, keyEnding, apiAccountId })
}
