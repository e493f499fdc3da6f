import * as v from 'valibot'
import { plainText } from '../base/plain-text'
import { MAX_BUDGET_USD } from './definitions/money-settings'
import { type KnownAccount, parseKnownAccounts, withKnownAccount } from './account-identity'

/** The colors of accounts, in the order in which new ones get them. */
export const accountColors = ['blue', 'green', 'violet', 'amber', 'teal', 'pink', 'slate', 'orange'] as const
export type AccountColor = (typeof accountColors)[number]

/** See docs/product-rules.md#121-several-accounts. */
export const MAX_ACCOUNTS = 20
export const MAX_ACCOUNT_NAME = 40

/** The APIs that an account can be at. */
export const providerKinds = ['runpod', 'hubify'] as const
export type ProviderKind = (typeof providerKinds)[number]

/** For display. Absent: Runpod. */
export function providerName(provider: string | undefined): string {
  if (provider === undefined || provider === 'runpod') return 'Runpod'
  return provider === 'hubify' ? 'Hubify' : plainText(provider).slice(0, MAX_ACCOUNT_NAME)
}

/** The lab that an account at Hubify is. */
export interface LabRecord {
  readonly id: string
  /** Empty when its API named none. */
  readonly slug: string
  /** Whether routes that Hubify has announced are used before they are known to exist. */
  readonly usesAnnouncedRoutes: boolean
}

/** What is stored of an account. The key is stored only as encrypted by the system keyring. */
export interface AccountRecord {
  readonly id: string
  /** Absent: Runpod. As stored, so that a newer program finds its own again; see `accountApi`. */
  readonly provider?: string
  /** Present exactly where `provider` is "hubify". Several labs can share one key. */
  readonly lab?: LabRecord
  /** The id of the key. It differs from `id` once the account's key was replaced. */
  readonly keyId?: string
  readonly baseUrl: string
  /** The key's last four characters. */
  readonly keyEnding: string
  /** Base64; null when the key was kept for its session only. */
  readonly encryptedKey: string | null
  /** An earlier account that this may be: the person was asked and has not answered. */
  readonly possibleAccountId?: string
  /** Unique among the accounts, whatever its case. */
  readonly name: string
  readonly color: AccountColor
  /** It is not watched until a person ends the pause. */
  readonly isPaused?: boolean
  /** USD; absent: none of its own. The budgets of the settings are those of all accounts together. */
  readonly monthlyBudgetUsd?: number
  readonly dailyBudgetUsd?: number
}

/** What a person may change of an account. Null: no such budget. */
export interface AccountChanges {
  readonly name?: string
  readonly color?: AccountColor
  readonly isPaused?: boolean
  readonly monthlyBudgetUsd?: number | null
  readonly dailyBudgetUsd?: number | null
  /** Only for a lab; see `LabRecord`. */
  readonly usesAnnouncedRoutes?: boolean
}

const budget = v.pipe(v.number(), v.finite(), v.minValue(0.01), v.maxValue(MAX_BUDGET_USD))
/** What a person calls an account. */
export const accountNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_ACCOUNT_NAME))

export const accountChangesSchema = v.strictObject({
  name: v.exactOptional(accountNameSchema),
  color: v.exactOptional(v.picklist(accountColors)),
  isPaused: v.exactOptional(v.boolean()),
  monthlyBudgetUsd: v.exactOptional(v.nullable(budget)),
  dailyBudgetUsd: v.exactOptional(v.nullable(budget)),
  usesAnnouncedRoutes: v.exactOptional(v.boolean()),
})

/** As stored, in `config.json` and beside a key of the command line. */
export const storedLabSchema = v.looseObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  slug: v.fallback(v.pipe(v.string(), v.maxLength(100)), ''),
  usesAnnouncedRoutes: v.fallback(v.boolean(), false),
})

/** As stored. Names, colors and budgets that make no sense are left out, since they stop nothing. */
export const storedAccountSchema = v.looseObject({
  id: v.pipe(
    v.string(),
    v.check((id) => !id.includes('/')),
  ),
  provider: v.exactOptional(v.fallback(v.string(), '?')),
  // Without one that makes sense the account is not watched.
  lab: v.fallback(v.optional(storedLabSchema), undefined),
  keyId: v.exactOptional(v.string()),
  baseUrl: v.string(),
  keyEnding: v.string(),
  encryptedKey: v.nullable(v.string()),
  possibleAccountId: v.exactOptional(v.string()),
  name: v.fallback(v.optional(accountNameSchema), undefined),
  color: v.fallback(v.optional(v.picklist(accountColors)), undefined),
  isPaused: v.fallback(v.optional(v.boolean()), undefined),
  monthlyBudgetUsd: v.fallback(v.optional(budget), undefined),
  dailyBudgetUsd: v.fallback(v.optional(budget), undefined),
})

type StoredAccount = v.InferOutput<typeof storedAccountSchema>

/** Completes what was read: each account once, with a name and a color of its own. */
export function completeAccounts(stored: readonly StoredAccount[]): readonly AccountRecord[] {
  const accounts: AccountRecord[] = []
  for (const { name, color, isPaused, monthlyBudgetUsd, dailyBudgetUsd, lab, ...record } of stored) {
    if (accounts.some(({ id }) => id === record.id)) continue
    const isNameFree = name !== undefined && !isNameTaken(accounts, name)
    accounts.push({
      ...record,
      name: isNameFree ? name : freeName(accounts, accountNameFor(record.provider)),
      color: color ?? freeColor(accounts),
      ...(lab !== undefined && { lab }),
      ...(isPaused === true && { isPaused }),
      ...(monthlyBudgetUsd !== undefined && { monthlyBudgetUsd }),
      ...(dailyBudgetUsd !== undefined && { dailyBudgetUsd }),
    })
  }
  return accounts
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const isNameTaken = (accounts: readonly Pick<AccountRecord, 'name'>[], name: string): boolean =>
  accounts.some((account) => sameName(account.name, name))

const accountNameFor = (provider: string | undefined): string => (provider === 'hubify' ? 'Lab' : 'Runpod')

/** "Runpod", "Runpod 2", …: the first that no account has. */
export function freeName(accounts: readonly Pick<AccountRecord, 'name'>[], wanted = 'Runpod'): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : ` ${number}`
    const name = `${wanted.slice(0, MAX_ACCOUNT_NAME - suffix.length).trimEnd()}${suffix}`
    if (!isNameTaken(accounts, name)) return name
  }
}

/** The name of a new account of a lab: what the lab is called, where no account has that name. */
export function freeLabName(
  accounts: readonly Pick<AccountRecord, 'name'>[],
  lab: { readonly name: string; readonly slug: string },
): string {
  const [called = 'Lab'] = [lab.name, lab.slug]
    .map((text) => plainText(text).trim())
    .filter((text) => text !== '')
  return freeName(accounts, called)
}

/** What an account is at. */
export type AccountApi =
  | { readonly kind: 'runpod' }
  | { readonly kind: 'hubify'; readonly lab: LabRecord }
  /** It is shown, and its key is sent nowhere. `problem` is a sentence. */
  | { readonly kind: 'unusable'; readonly problem: string }

/** What the key of an account is for, by its record. A record that contradicts itself is for nothing. */
export function accountApi({ provider, lab }: Pick<AccountRecord, 'provider' | 'lab'>): AccountApi {
  if ((provider === undefined || provider === 'runpod') && lab === undefined) return { kind: 'runpod' }
  if (provider === 'hubify' && lab !== undefined) return { kind: 'hubify', lab }
  const problem =
    provider === undefined || v.is(v.picklist(providerKinds), provider)
      ? 'Its stored data is incomplete, so it is not watched. Add it again.'
      : `This version of Podkeeper doesn’t know ${plainText(provider)}, so it is not watched.`
  return { kind: 'unusable', problem }
}

/** The first color that the fewest accounts have. */
export function freeColor(accounts: readonly Pick<AccountRecord, 'color'>[]): AccountColor {
  const count = (color: AccountColor): number => accounts.filter((account) => account.color === color).length
  return [...accountColors].sort((a, b) => count(a) - count(b))[0] ?? accountColors[0]
}

/** The id of the account's current key. */
export const keyIdOf = ({ id, keyId }: Pick<AccountRecord, 'id' | 'keyId'>): string => keyId ?? id

/** Why the account cannot have this name, as a sentence; null when it can. */
export function nameProblem(
  accounts: readonly Pick<AccountRecord, 'id' | 'name'>[],
  accountId: string,
  name: string,
): string | null {
  const other = accounts.find((account) => account.id !== accountId && sameName(account.name, name))
  return other === undefined ? null : `Another account is already named ${other.name}.`
}

export function withAccountChanges(account: AccountRecord, changes: AccountChanges): AccountRecord {
  const { usesAnnouncedRoutes, ...ofAccount } = changes
  const { monthlyBudgetUsd, dailyBudgetUsd, ...changed } = { ...account, ...ofAccount }
  const { lab } = account
  return {
    ...changed,
    name: changed.name.trim(),
    ...(lab !== undefined && usesAnnouncedRoutes !== undefined && { lab: { ...lab, usesAnnouncedRoutes } }),
    ...(typeof monthlyBudgetUsd === 'number' && { monthlyBudgetUsd }),
    ...(typeof dailyBudgetUsd === 'number' && { dailyBudgetUsd }),
  }
}

/** The accounts in this order. Those that `ids` lacks come last, as they were. */
export function inOrder(
  accounts: readonly AccountRecord[],
  ids: readonly string[],
): readonly AccountRecord[] {
  const place = ({ id }: AccountRecord): number => (ids.includes(id) ? ids.indexOf(id) : ids.length)
  return [...accounts].sort((a, b) => place(a) - place(b))
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
