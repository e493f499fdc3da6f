import { formatMoment, formatUsdPerHour } from '../../core/base/format'
import { type ApiToken, isTokenExpired } from '../../core/pods-api/api-token'
import { iso, JSON_VERSION } from '../output/json'

export const tokenText = {
  noName: 'Give the token a name: podkeeper token create NAME',
  created: (name: string): string => `The token ${name} was created. It is shown only now:`,
  revoked: (name: string): string =>
    `The token ${name} was revoked. Requests with it are refused from now on.`,
  none: 'There are no tokens. To make one: podkeeper token create NAME --scope pods:read',
  badExpiry: 'It must be a time such as 12h or 30d.',
  badLimit: 'It must be an amount in USD, such as 5 or 2.50.',
  badScope: (scope: string): string => `${scope} is no scope. Use pods:read, pods:write or pods:terminate.`,
  limitNeedsWrite: 'The limit of new pods only matters with --scope pods:write. Nothing was created.',
  usage: 'Usage: podkeeper token create NAME | list | revoke NAME',
} as const

/** One line for each token, without the tokens themselves. `nameOf`: of an account. */
export function tokenLines(
  tokens: readonly ApiToken[],
  nameOf: (accountId: string) => string,
  nowMs: number,
): readonly string[] {
  return tokens.map((token) => {
    const { name, id, scopes, accountIds, maxHourlyUsd, expiresAtMs } = token
    const accounts = accountIds === null ? 'all accounts' : accountIds.map(nameOf).join(', ')
    const limit = maxHourlyUsd === null ? [] : [`new pods up to ${formatUsdPerHour(maxHourlyUsd)}`]
    const expiry =
      expiresAtMs === null
        ? 'never expires'
        : isTokenExpired(token, nowMs)
          ? 'expired'
          : `expires ${formatMoment(expiresAtMs, { nowMs })}`
    return [`${name} (${id})`, scopes.join(' '), accounts, ...limit, expiry].join(' · ')
  })
}

export const tokensJson = (tokens: readonly ApiToken[]): unknown => ({
  version: JSON_VERSION,
  tokens: tokens.map(({ id, name, scopes, accountIds, maxHourlyUsd, createdAtMs, expiresAtMs }) => ({
    id,
    name,
    scopes,
    accounts: accountIds,
    maxHourlyUsd,
    createdAt: iso(createdAtMs),
    expiresAt: iso(expiresAtMs),
  })),
})
