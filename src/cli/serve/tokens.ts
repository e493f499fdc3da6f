import { type ApiToken, isTokenExpired } from '../../core/pods-api/api-token'
import { iso, JSON_VERSION } from '../output/json'
import { tokenLineText } from './tokens-text'

/** One line for each token, without the tokens themselves. `nameOf`: of an account. */
export function tokenLines(
  tokens: readonly ApiToken[],
  nameOf: (accountId: string) => string,
  nowMs: number,
): readonly string[] {
  return tokens.map((token) => {
    const { name, id, scopes, accountIds, maxHourlyUsd, podNames, expiresAtMs } = token
    const accounts = accountIds === null ? tokenLineText.allAccounts : accountIds.map(nameOf).join(', ')
    const limit = maxHourlyUsd === null ? [] : [tokenLineText.limit(maxHourlyUsd)]
    const pods = podNames === null ? [] : [tokenLineText.pods(podNames)]
    const expiry =
      expiresAtMs === null
        ? tokenLineText.neverExpires
        : isTokenExpired(token, nowMs)
          ? tokenLineText.expired
          : tokenLineText.expires(expiresAtMs, nowMs)
    return [`${name} (${id})`, scopes.join(' '), accounts, ...pods, ...limit, expiry].join(' · ')
  })
}

export const tokensJson = (tokens: readonly ApiToken[]): unknown => ({
  version: JSON_VERSION,
  tokens: tokens.map(
    ({ id, name, scopes, accountIds, maxHourlyUsd, podNames, createdAtMs, expiresAtMs }) => ({
      id,
      name,
      scopes,
      accounts: accountIds,
      pods: podNames,
      maxHourlyUsd,
      createdAt: iso(createdAtMs),
      expiresAt: iso(expiresAtMs),
    }),
  ),
})
