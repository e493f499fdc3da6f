import { type ApiToken, grants, tokenScopeFor } from './api-token'
import type { ApiScope } from './api-types'

/** Who asks, as far as a token says. */
export type ApiCaller = Pick<ApiToken, 'id' | 'name' | 'scopes' | 'accountIds' | 'maxHourlyUsd'>

/** Why the caller may not use a route, as a sentence; null: it may. */
export const scopeProblem = ({ name, scopes }: ApiCaller, scope: ApiScope): string | null =>
  grants(scopes, scope) ? null : `The token ${name} lacks the scope ${tokenScopeFor(scope)}`

/** Null: of all accounts together, or of whichever. */
export const mayAccess = ({ accountIds }: Pick<ApiCaller, 'accountIds'>, accountId: string | null): boolean =>
  accountIds === null || (accountId !== null && accountIds.includes(accountId))
