import * as v from 'valibot'
import { parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { type AccountRecord, MAX_ACCOUNTS } from './account-record'
import { knownAccountsOf, withRecord } from './account-identity'
import { completeAccounts, storedAccountSchema } from './account-codec'

/*
 * The content of `config.json`. Unknown fields are preserved for other versions. A file without a version was made by
 * hand, and may have only some of the sections.
 */

export const CONFIG_VERSION = 1
/** Rules of a thousand pods take less than one MB. */
export const MAX_CONFIG_BYTES = 16 * 1_024 * 1_024

export interface AppConfig {
  readonly [other: string]: unknown
  readonly version: typeof CONFIG_VERSION
  /** As stored; parsed by `parseSettings`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** In the person's order. */
  readonly accounts: readonly AccountRecord[]
  /** As stored, by account; parsed by `parseAccountRules`. */
  readonly guards: Readonly<Record<string, unknown>>
  /** As stored; parsed by `knownAccountsOf`. */
  readonly knownAccounts?: unknown
}

export const emptyConfig: AppConfig = { version: CONFIG_VERSION, settings: {}, accounts: [], guards: {} }

type Raw = Readonly<Record<string, unknown>>
const plainObject = v.custom<Raw>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

const configSchema = v.looseObject({
  settings: v.optional(plainObject, {}),
  accounts: v.optional(v.pipe(v.array(storedAccountSchema), v.maxLength(MAX_ACCOUNTS)), []),
  guards: v.optional(plainObject, {}),
})

const sections = ['settings', 'accounts', 'guards'] as const

/** Parses the text of a `config.json`; the error says why it cannot be used. */
export function parseConfig(text: string): Result<AppConfig, string> {
  const raw = parseJson(text)
  if (!v.is(plainObject, raw)) return fail('it is damaged')
  const { version } = raw
  if (version !== undefined) {
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
      return fail('its version is not a number')
    if (version > CONFIG_VERSION) return fail('a newer Podkeeper wrote it')
    // Every program writes all sections, so that one that is missing was not emptied, but lost.
    const missing = sections.find((name) => !Object.hasOwn(raw, name))
    if (missing !== undefined) return fail(`it has no ${missing}`)
  }
  const parsed = v.safeParse(configSchema, raw)
  if (!parsed.success) {
    const place = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'it')[0]
    return fail(`${place} in it is invalid`)
  }
  const { accounts, ...config } = parsed.output
  return ok({
    ...emptyConfig,
    ...config,
    accounts: completeAccounts(accounts),
    version: CONFIG_VERSION,
  })
}

/**
 * `config` with this account added or replaced, in the place of `replacedId` if there is one. `apiAccountId` null: as
 * known before.
 */
export function withAccount(
  config: AppConfig,
  account: AccountRecord,
  apiAccountId: string | null,
  replacedId: string = account.id,
): AppConfig {
  const known = knownAccountsOf(config)
  const place = config.accounts.findIndex(({ id }) => id === replacedId)
  const others = config.accounts.filter(({ id }) => id !== replacedId && id !== account.id)
  const accounts = [...others]
  accounts.splice(place === -1 ? others.length : place, 0, account)
  return { ...config, accounts, knownAccounts: withRecord(known, account, apiAccountId) }
}

/** `config` without this account, which stays known. */
export function withoutAccount(config: AppConfig, accountId: string): AppConfig {
  const known = knownAccountsOf(config)
  return {
    ...config,
    accounts: config.accounts.filter(({ id }) => id !== accountId),
    knownAccounts: known,
  }
}

export const serializeConfig = (config: AppConfig): string => `${JSON.stringify(config, null, 2)}\n`
