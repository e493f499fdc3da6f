import { formatMoment, formatUsdPerHour } from '../../core/base/text/format'

export const tokenText = {
  noName: 'Add a name for the token: podkeeper token create NAME',
  created: (name: string): string => `The token ${name} was created. It is shown only now:`,
  unchanged: (name: string): string =>
    `The token ${name} already exists with these rights, so nothing was changed. It can’t be shown again; podkeeper token rotate ${name} makes a new one.`,
  isOther: (name: string): string =>
    `There is a token ${name} with other rights. Use --replace to make a new one in its place, which ends the other at once.`,
  isExpired: (name: string): string =>
    `The token ${name} has expired. Use --replace to make a new one in its place.`,
  rotated: (name: string, until: string): string =>
    `The token ${name} was rotated. The new one is shown only now; the one before counts until ${until}:`,
  unknown: (name: string): string => `There is no token ${name}.`,
  revoked: (name: string): string =>
    `The token ${name} was revoked. Requests with it are refused from now on.`,
  none: 'There are no tokens. To create one, run podkeeper token create NAME --scope pods:read',
  badExpiry: 'It must be a time such as 12h or 30d, or never.',
  badOverlap: 'It must be 0, or a time such as 12h or 7d.',
  badLimit: 'It must be an amount in USD, such as 5 or 2.50.',
  badScope: (scope: string): string =>
    `There is no scope ${scope}. Use pods:read, pods:operate, pods:write or pods:terminate.`,
  badPods: 'It must be a pattern of up to 200 characters, such as alice-* or label:NAME.',
  limitNeedsWrite: '--max-hourly limits new pods, so it needs --scope pods:write. Nothing was created.',
  limitOfSomePods: '--max-hourly limits new pods, and a token with --pods creates none. Nothing was created.',
  usage: 'Usage: podkeeper token create NAME | list | rotate NAME | revoke NAME',
} as const

/** Of a token in the list. */
export const tokenLineText = {
  allAccounts: 'all accounts',
  pods: (patterns: readonly string[]) => `pods ${patterns.join(', ')}`,
  limit: (maxPerHourUsd: number) => `new pods up to ${formatUsdPerHour(maxPerHourUsd)}`,
  neverExpires: 'never expires',
  expired: 'expired',
  expires: (atMs: number, nowMs: number) => `expires ${formatMoment(atMs, { nowMs })}`,
} as const
