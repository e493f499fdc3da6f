import { plainText } from '../base/text/plain-text'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import { managingServiceName } from '../pods/pod'

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
  if (provider === undefined || provider === 'runpod') return RUNPOD_NAME
  return provider === 'hubify' ? managingServiceName : plainText(provider).slice(0, MAX_ACCOUNT_NAME)
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
  /** Unix ms. Jobs that name no account and were added before don't run there. */
  readonly addedAtMs?: number
  /** It is not watched until a person ends the pause. */
  readonly isPaused?: boolean
  /** USD; absent: none of its own. The budgets of the settings are those of all accounts together. */
  readonly monthlyBudgetUsd?: number
  readonly dailyBudgetUsd?: number
  /** Whether the person is asked about pods created elsewhere. Absent: unless it is a lab, which several people use. */
  readonly watchesNewPods?: boolean
  /** Whether the person is told of idle serverless workers. Absent: yes. */
  readonly watchesEndpoints?: boolean
}

/** What a person may change of an account. Null: no such budget. */
export interface AccountRecordChanges {
  readonly name?: string
  readonly color?: AccountColor
  readonly isPaused?: boolean
  readonly monthlyBudgetUsd?: number | null
  readonly dailyBudgetUsd?: number | null
  readonly watchesNewPods?: boolean
  readonly watchesEndpoints?: boolean
  /** Only for a lab; see `LabRecord`. */
  readonly usesAnnouncedRoutes?: boolean
}

export const watchesNewPods = (record: Pick<AccountRecord, 'watchesNewPods' | 'lab'>): boolean =>
  record.watchesNewPods ?? record.lab === undefined

export const watchesEndpoints = (record: Pick<AccountRecord, 'watchesEndpoints'>): boolean =>
  record.watchesEndpoints ?? true

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

export const isNameTaken = (accounts: readonly Pick<AccountRecord, 'name'>[], name: string): boolean =>
  accounts.some((account) => sameName(account.name, name))

export const accountNameFor = (provider: string | undefined): string =>
  provider === 'hubify' ? 'Lab' : 'Runpod'

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

/** What the key of an account is for, by its record. A record that contradicts itself allows nothing. */
export function accountApi({ provider, lab }: Pick<AccountRecord, 'provider' | 'lab'>): AccountApi {
  if ((provider === undefined || provider === 'runpod') && lab === undefined) return { kind: 'runpod' }
  if (provider === 'hubify' && lab !== undefined) return { kind: 'hubify', lab }
  const problem =
    provider === undefined || providerKinds.some((kind) => kind === provider)
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

export function withAccountChanges(account: AccountRecord, changes: AccountRecordChanges): AccountRecord {
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
