import * as v from 'valibot'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { ApiScope } from './api-types'

/** What a person gives to a token. Each includes reading. */
export const tokenScopes = ['pods:read', 'pods:operate', 'pods:write', 'pods:terminate'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Names for what people usually give. See docs/pods-api.md#roles. */
export const tokenRoles = {
  see: ['pods:read'],
  operate: ['pods:operate'],
  spend: ['pods:write'],
  administer: ['pods:write', 'pods:terminate'],
} as const satisfies Readonly<Record<string, readonly TokenScope[]>>
export type TokenRole = keyof typeof tokenRoles

/** A token of the Pods API as it is kept: without the token itself. Times are Unix ms. */
export interface ApiToken {
  readonly id: string
  /** Its name, as shown in the activity log. Unique. */
  readonly name: string
  /** SHA-256 of the token, in hex. */
  readonly hash: string
  /** The one before it, which counts until then. Absent: none does. */
  readonly earlier?: { readonly hash: string; readonly untilMs: number }
  readonly scopes: readonly TokenScope[]
  /** The accounts that it is for; null: all, later ones included. */
  readonly accountIds: readonly string[] | null
  /** USD per hour that one new pod may cost. Null: it creates none without a limit in the request. */
  readonly maxHourlyUsd: number | null
  /** Patterns with `*` and `?` of the names of pods that it is for; null: all pods, and what isn't about one. */
  readonly podNames: readonly string[] | null
  readonly createdAtMs: number
  /** Null: never. */
  readonly expiresAtMs: number | null
}

/** What a token is for. */
export type TokenRights = Pick<ApiToken, 'scopes' | 'accountIds' | 'maxHourlyUsd' | 'podNames'>

/** What a token has that is created without a time of its own. */
export const DEFAULT_LIFETIME_MS = 90 * DAY_MS
/** For how long the token before counts after a rotation, unless something else is asked for. */
export const DEFAULT_OVERLAP_MS = DAY_MS

export const TOKEN_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/
export const MAX_TOKENS = 100

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

/** None would be a token for nothing. */
export const podNamesSchema = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  v.minLength(1),
  v.maxLength(50),
)

/** Strict, so that what isn't known here gives no rights instead of more than was meant. */
export const apiTokenSchema: v.GenericSchema<unknown, ApiToken> = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
  name: v.pipe(v.string(), v.regex(TOKEN_NAME)),
  hash,
  earlier: v.exactOptional(v.strictObject({ hash, untilMs: v.number() })),
  scopes: v.array(v.picklist(tokenScopes)),
  accountIds: v.nullable(v.array(v.string())),
  maxHourlyUsd: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  podNames: v.nullable(podNamesSchema),
  createdAtMs: v.number(),
  expiresAtMs: v.nullable(v.number()),
})

const granted: Readonly<Record<TokenScope, readonly ApiScope[]>> = {
  'pods:read': ['labs:read', 'experiments:read', 'pods:read'],
  'pods:operate': ['pods:operate'],
  'pods:write': ['labs:write', 'experiments:write', 'pods:write', 'pods:operate'],
  'pods:terminate': ['pods:terminate'],
}

/** Whether a token with these scopes may use a route. Every scope includes reading. */
export const grants = (scopes: readonly TokenScope[], scope: ApiScope): boolean =>
  scopes.some((each) => granted[each].includes(scope) || granted['pods:read'].includes(scope))

/** The scope to ask a person for. */
export const tokenScopeFor = (scope: ApiScope): TokenScope =>
  tokenScopes.find((each) => granted[each].includes(scope)) ?? 'pods:read'

export const isTokenExpired = ({ expiresAtMs }: Pick<ApiToken, 'expiresAtMs'>, nowMs: number): boolean =>
  expiresAtMs !== null && nowMs >= expiresAtMs

const unitsMs: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }
export const MAX_LIFETIME_MS = 3_660 * DAY_MS

/** "30d" in ms, "never" as 'never'; null for anything else. */
export const parseExpiry = (text: string): number | 'never' | null =>
  text.trim() === 'never' ? 'never' : parseLifetime(text)

/** When a token expires that is created at `atMs` with this choice; undefined: none was made. Null: never. */
export const expiryOf = (choice: number | 'never' | undefined, atMs: number): number | null =>
  choice === 'never' ? null : atMs + (choice ?? DEFAULT_LIFETIME_MS)

/** "30d" in ms; null unless it is a time of up to ten years. */
export function parseLifetime(text: string): number | null {
  const [, amount = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text.trim()) ?? []
  const ms = Number(amount) * (unitsMs[unit] ?? 0)
  return ms > 0 && ms <= MAX_LIFETIME_MS ? ms : null
}
