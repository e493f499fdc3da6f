import { freeLabName, freeName } from '../../core/settings/account-record'
import { accountIdOf } from '../../node/account-id'
import { CliExit, exitCodes } from '../output/exit'
import { type ChosenKey, ENVIRONMENT } from './account'
import { accountListText } from './account-text'
import type { CliConfig } from './config'

/** An account that the command line knows. */
export interface ListedAccount {
  readonly id: string
  /** Unique, whatever its case. */
  readonly name: string
  /** "runpod", "hubify", or what a newer app stored. */
  readonly provider: string
  /** The lab's name in addresses; null: it is no lab. */
  readonly slug: string | null
  readonly host: string
  readonly keyEnding: string
  /** Null: only the app has its key. */
  readonly key: ChosenKey | null
  readonly isKept: boolean
  readonly isInEnvironment: boolean
  readonly isInApp: boolean
  /** It is not watched until a person ends the pause in the app. */
  readonly isPaused: boolean
}

/**
 * The accounts of the app, in the person's order, then those of other keys. A key of the environment goes before a kept
 * one of the same account.
 */
export function listAccounts(config: CliConfig, keys: readonly ChosenKey[]): readonly ListedAccount[] {
  const idOf = (key: ChosenKey): string =>
    key.accountId ?? config.accountIdFor(accountIdOf(key.baseUrl, key.key))
  const ids = [...new Set([...config.appAccounts.map(({ id }) => id), ...keys.map(idOf)])]
  const names = accountNames(config, keys, idOf)
  return ids.map((id): ListedAccount => {
    const own = keys.filter((key) => idOf(key) === id)
    const record = config.appAccounts.find((account) => account.id === id)
    const [key = null] = own
    return {
      id,
      name: names.get(id) ?? id,
      provider: key === null ? (record?.provider ?? 'runpod') : key.lab === undefined ? 'runpod' : 'hubify',
      slug: (key?.lab ?? record?.lab)?.slug ?? null,
      host: key?.baseUrl.host ?? hostOf(record?.baseUrl ?? ''),
      keyEnding: key?.key.slice(-4) ?? record?.keyEnding ?? '',
      key,
      isKept: own.some(({ source }) => source === 'kept'),
      isInEnvironment: own.some(({ source }) => source === 'environment'),
      isInApp: record !== undefined,
      isPaused: record?.isPaused === true,
    }
  })
}

/** By account. The app's names go first, then those of kept keys. */
function accountNames(
  config: CliConfig,
  keys: readonly ChosenKey[],
  idOf: (key: ChosenKey) => string,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>(config.appAccounts.map(({ id, name }) => [id, name]))
  const isTaken = (name: string): boolean =>
    [...names.values()].some((other) => other.toLowerCase() === name.toLowerCase())
  const give = (id: string, name: string | undefined): void => {
    if (names.has(id)) return
    const others = [...names.values()].map((each) => ({ name: each }))
    names.set(id, name === undefined || isTaken(name) ? freeName(others) : name)
  }
  const kept = keys.filter(({ source }) => source === 'kept')
  // A name that a person gave goes before one that is made up.
  for (const key of kept) if (key.name !== undefined && !isTaken(key.name)) give(idOf(key), key.name)
  for (const key of kept) give(idOf(key), undefined)
  for (const key of keys) {
    if (key.lab === undefined) give(idOf(key), ENVIRONMENT)
    else if (!names.has(idOf(key))) {
      const others = [...names.values()].map((name) => ({ name }))
      names.set(idOf(key), freeLabName(others, { name: key.name ?? '', slug: key.lab.slug }))
    }
  }
  return names
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '')

/** The account with this name or id. Throws a `CliExit` that lists them. */
export function findAccount<Listed extends Pick<ListedAccount, 'id' | 'name' | 'isInEnvironment' | 'slug'>>(
  accounts: readonly Listed[],
  query: string,
): Listed {
  const typed = query.trim().toLowerCase()
  const byId = accounts.find(({ id }) => id === query)
  if (byId) return byId
  const isNamed = ({ name, isInEnvironment, slug }: Listed): boolean =>
    name.toLowerCase() === typed || (typed === ENVIRONMENT && isInEnvironment && slug === null)
  const named = accounts.filter(isNamed)
  // A lab is found by its name in addresses, too.
  const [found, other] =
    named.length > 0 ? named : accounts.filter(({ slug }) => slug?.toLowerCase() === typed)
  if (found && !other) return found
  const problem = other ? accountListText.several(query) : accountListText.none(query)
  throw new CliExit(exitCodes.usage, `${problem} ${accountsText(accounts)}`)
}

/** "Accounts: Runpod (3f1c…), Lab (8d02…)". */
export const accountsText = (accounts: readonly Pick<ListedAccount, 'id' | 'name'>[]): string =>
  accounts.length === 0 ? accountListText.noAccounts : accountListText.accounts(accounts)
