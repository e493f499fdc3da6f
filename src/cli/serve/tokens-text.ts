import { formatMoment, formatUsdPerHour } from '../../core/base/text/format'

export const tokenText = {
  noName: 'Add a name for the token: podkeeper token create NAME',
  created: (name: string): string => `The token ${name} was created. It is shown only now:`,
  revoked: (name: string): string =>
    `The token ${name} was revoked. Requests with it are refused from now on.`,
  none: 'There are no tokens. To create one, run podkeeper token create NAME --scope pods:read',
  badExpiry: 'It must be a time such as 12h or 30d.',
  badLimit: 'It must be an amount in USD, such as 5 or 2.50.',
  badScope: (scope: string): string =>
    `There is no scope ${scope}. Use pods:read, pods:write or pods:terminate.`,
  limitNeedsWrite: '--max-hourly limits new pods, so it needs --scope pods:write. Nothing was created.',
  usage: 'Usage: podkeeper token create NAME | list | revoke NAME',
} as const

/** Of a token in the list. */
export const tokenLineText = {
  allAccounts: 'all accounts',
  limit: (maxPerHourUsd: number) => `new pods up to ${formatUsdPerHour(maxPerHourUsd)}`,
  neverExpires: 'never expires',
  expired: 'expired',
  expires: (atMs: number, nowMs: number) => `expires ${formatMoment(atMs, { nowMs })}`,
} as const
