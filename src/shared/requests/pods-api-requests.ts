import * as v from 'valibot'
import { type ApiToken, MAX_LIFETIME_MS, TOKEN_NAME, tokenScopes } from '../../core/pods-api/api-token'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'
import { idSchema } from './field-schemas'

/** What has become of the server that a person turned on. */
export type ServeState =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving'; readonly port: number }
  | { readonly kind: 'port-in-use'; readonly port: number }
  /** One that serves the same data folder. `pid`: null: it did not say. */
  | { readonly kind: 'other-program'; readonly pid: number | null }
  /** `message`: a sentence. */
  | { readonly kind: 'failed'; readonly message: string }

/** A token as windows show it. Times are Unix ms. */
export interface ApiTokenView extends Omit<ApiToken, 'hash' | 'earlier'> {
  /** Null: never, or not known. */
  readonly lastUsedAtMs: number | null
}

export interface PodsApiView {
  readonly state: ServeState
  /** In the order in which they were created. */
  readonly tokens: readonly ApiTokenView[]
  /** Why the tokens can't be read, as a sentence; otherwise null. */
  readonly problem: string | null
}

export interface NewApiToken extends Pick<ApiToken, 'name' | 'scopes' | 'accountIds' | 'maxHourlyUsd'> {
  /** Null: it never expires. */
  readonly lifetimeMs: number | null
}

/** The part of the contract for the Pods API. No request carries a token: the app's own window shows it, once. */
export interface PodsApiRequests {
  podsApi: () => PodsApiView
  /** One that may do more than read is confirmed in the app's own window. */
  grantApiAccess: (token: NewApiToken) => 'created' | 'copied' | 'canceled'
  /** Asks in the app's own window. False: declined. */
  revokeApiAccess: (tokenId: string) => boolean
}

/** More is a mistake. */
export const MAX_TOKEN_HOURLY_USD = 10_000

const newTokenSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(TOKEN_NAME)),
  scopes: v.pipe(
    v.array(v.picklist(tokenScopes)),
    v.minLength(1),
    v.check((scopes) => new Set(scopes).size === scopes.length),
  ),
  accountIds: v.nullable(v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(MAX_ACCOUNTS))),
  maxHourlyUsd: v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(MAX_TOKEN_HOURLY_USD))),
  lifetimeMs: v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(MAX_LIFETIME_MS))),
})

export const podsApiRequestSchemas = {
  podsApi: v.tuple([]),
  grantApiAccess: v.tuple([newTokenSchema]),
  revokeApiAccess: v.tuple([v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/))]),
} satisfies { [K in keyof PodsApiRequests]: v.GenericSchema<unknown, Parameters<PodsApiRequests[K]>> }
