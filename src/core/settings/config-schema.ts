import * as v from 'valibot'
import { parseJson } from '../base/parse-json'
import { fail, ok, type Result } from '../base/result'
import { type KnownAccount, parseKnownAccounts, withKnownAccount } from './account-identity'

/*
 * The content of `config.json`. Unknown fields are preserved for other versions. A file without a version
 * counts as version 0.
 */

export const CONFIG_VERSION = 1
/** Rules of a thousand pods take less than one MB. */
export const MAX_CONFIG_BYTES = 16 * 1_024 * 1_024

/** The last connected account. The key is stored only as encrypted by the system keyring. */
export interface AccountRecord {
  readonly id: string
  /** The id of the key. It differs from `id` once the account's key was replaced. */
  readonly keyId?: string
  readonly baseUrl: string
  /** The key's last four characters. */
  readonly keyEnding: string
  /** Base64; null when the key was kept for its session only. */
  readonly encryptedKey: string | null
  /** An earlier account that this may be: the person was asked and has not answered. */
  readonly possibleAccountId?: string
}

export interface AppConfig {
  readonly [other: string]: unknown
  readonly version: typeof CONFIG_VERSION
  /** As stored; parsed by `parseSettings`. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly account: AccountRecord | null
  /** As stored, by account; parsed by `parseAccountRules`. */
  readonly guards: Readonly<Record<string, unknown>>
  /** As stored; parsed by `knownAccountsOf`. */
  readonly knownAccounts?: unknown
}

export const emptyConfig: AppConfig = { version: CONFIG_VERSION, settings: {}, account: null, guards: {} }

type Raw = Readonly<Record<string, unknown>>
type Migration = (raw: Raw) => Raw

/** The migration at `index` converts version `index` to the next one. */
const migrations: readonly Migration[] = [
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
  account: v.optional(
    v.nullable(
      v.looseObject({
        id: v.string(),
        keyId: v.exactOptional(v.string()),
        baseUrl: v.string(),
        keyEnding: v.string(),
        encryptedKey: v.nullable(v.string()),
        possibleAccountId: v.exactOptional(v.string()),
      }),
    ),
    null,
  ),
  guards: v.optional(plainObject, {}),
})

const sections = ['settings', 'account', 'guards'] as const

/** Parses and migrates the text of a `config.json`; the error says why it cannot be used. */
export function parseConfig(text: string): Result<AppConfig, string> {
  const raw = parseJson(text)
  if (!v.is(plainObject, raw)) return fail('it is damaged')
  const version = raw['version'] ?? 0
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0)
    return fail('its version is no number')
  if (version > CONFIG_VERSION) return fail('a newer Podkeeper wrote it')
  // Every version after 0 writes all sections, so that one that is missing was not emptied, but lost.
  const missing = version === 0 ? undefined : sections.find((name) => !Object.hasOwn(raw, name))
  if (missing !== undefined) return fail(`it has no ${missing}`)
  const migrated = migrations.slice(version).reduce((older, migrate) => migrate(older), raw)
  const parsed = v.safeParse(configSchema, migrated)
  if (!parsed.success) {
    const place = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'it')[0]
    return fail(`${place} in it makes no sense`)
  }
  return ok({ ...emptyConfig, ...parsed.output, version: CONFIG_VERSION })
}

/** The id of the account's current key. */
export const keyIdOf = ({ id, keyId }: AccountRecord): string => keyId ?? id

/**
 * The accounts that were watched, the latest last. Includes the current one, which a program that keeps no list may
 * have stored, unless it may be one of the others.
 */
export function knownAccountsOf({ account, knownAccounts }: AppConfig): readonly KnownAccount[] {
  const known = parseKnownAccounts(knownAccounts)
  return account === null ? known : withRecord(known, account, null)
}

/** `config` with another current account. The earlier ones stay known; `apiAccountId` null: as known before. */
export function withAccount(
  config: AppConfig,
  account: AccountRecord | null,
  apiAccountId: string | null,
): AppConfig {
  const known = knownAccountsOf(config)
  return {
    ...config,
    account,
    knownAccounts: account === null ? known : withRecord(known, account, apiAccountId),
  }
}

function withRecord(
  known: readonly KnownAccount[],
  account: AccountRecord,
  apiAccountId: string | null,
): readonly KnownAccount[] {
  if (account.possibleAccountId !== undefined) return known
  const { id, baseUrl, keyEnding } = account
  return withKnownAccount(known, { id, keyId: keyIdOf(account), baseUrl, keyEnding, apiAccountId })
}

export const serializeConfig = (config: AppConfig): string => `${JSON.stringify(config, null, 2)}\n`
