import * as v from 'valibot'
import { parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { accountApi, type AccountRecord, MAX_ACCOUNTS } from './account-record'
import { knownAccountsOf, withRecord } from './account-identity'
import { completeAccounts, storedAccountSchema } from './account-codec'

/*
 * The content of `config.json`. Unknown fields are preserved for other versions. A file without a version
 * counts as version 0.
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
type ConfigMigration = (raw: Raw) => Raw

/** The migration at `index` converts version `index` to the next one. */
const migrations: readonly ConfigMigration[] = [
  // Version 0 used an empty address for "none"; now it is null.
  (raw) => {
    const settings = v.is(plainObject, raw['settings']) ? raw['settings'] : {}
    if (settings['runpodBaseUrl'] !== '') return raw
    return { ...raw, settings: { ...settings, runpodBaseUrl: null } }
  },
]

const plainObject = v.custom<Raw>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

const configSchema = v.looseObject({
  settings: v.optional(plainObject, {}),
  account: v.optional(v.nullable(storedAccountSchema), null),
  accounts: v.optional(v.pipe(v.array(storedAccountSchema), v.maxLength(MAX_ACCOUNTS))),
  guards: v.optional(plainObject, {}),
})

const sections = ['settings', 'account', 'guards'] as const

/** Parses and migrates the text of a `config.json`; the error says why it cannot be used. */
export function parseConfig(text: string): Result<AppConfig, string> {
  const raw = parseJson(text)
  if (!v.is(plainObject, raw)) return fail('it is damaged')
  const version = raw['version'] ?? 0
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0)
    return fail('its version is not a number')
  if (version > CONFIG_VERSION) return fail('a newer Podkeeper wrote it')
  // Every version after 0 writes all sections, so that one that is missing was not emptied, but lost.
  const missing = version === 0 ? undefined : sections.find((name) => !Object.hasOwn(raw, name))
  if (missing !== undefined) return fail(`it has no ${missing}`)
  const migrated = migrations.slice(version).reduce((older, migrate) => migrate(older), raw)
  const parsed = v.safeParse(configSchema, migrated)
  if (!parsed.success) {
    const place = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'it')[0]
    return fail(`${place} in it is invalid`)
  }
  // Programs of format 1 stored one account.
  const { account, accounts, ...config } = parsed.output
  const stored = accounts ?? (account === null ? [] : [account])
  return ok({
    ...emptyConfig,
    ...config,
    accounts: completeAccounts(stored),
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

/** Programs that know one account find the first one of Runpod in `account`: they know no other provider. */
export function serializeConfig({ accounts, ...config }: AppConfig): string {
  const account = accounts.find((each) => accountApi(each).kind === 'runpod') ?? null
  return `${JSON.stringify({ ...config, account, accounts }, null, 2)}\n`
}
