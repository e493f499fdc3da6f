import { formatAgo, formatUsdPerHour } from '../../core/base/text/format'
import { isTokenExpired, type TokenScope } from '../../core/pods-api/api-token'
import { expiryText } from '../../core/pods-api/token-questions'
import type { ApiTokenView, ServeState } from '../../shared/requests/pods-api-requests'

const addressAt = (port: number): string => `http://127.0.0.1:${port}`

/** What programs are given; null while it isn't served. */
export const servedAddress = (state: ServeState): string | null =>
  state.kind === 'serving' ? addressAt(state.port) : null

export function serveStateText(state: ServeState): string {
  switch (state.kind) {
    case 'off':
      return 'Not served'
    case 'starting':
      return 'Starting…'
    case 'serving':
      return `Serving at ${addressAt(state.port)}`
    case 'port-in-use':
      return `Port ${state.port} is in use by another program. Choose another port, or end that program.`
    case 'other-program':
      return `podkeeper serve${state.pid === null ? '' : ` (process ${state.pid})`} already serves this data folder. Podkeeper takes over when it ends.`
    case 'failed':
      return `Not served: ${state.message}`
  }
}

export const podsApiText = {
  state: 'Address',
  copyAddress: 'Copy address',
  addressCopied: 'The address was copied.',
  couldNotRead: 'Couldn’t read the tokens',
} as const

/** "Read", or "Read, start, stop and create, ask to terminate". */
const scopesText = (scopes: readonly TokenScope[]): string =>
  [
    'Read',
    ...(scopes.includes('pods:write')
      ? ['start, stop and create']
      : scopes.includes('pods:operate')
        ? ['stop and keep running']
        : []),
    ...(scopes.includes('pods:terminate') ? ['ask to terminate'] : []),
  ].join(', ')

/** `accountName`: null: it isn't known any more. */
export function tokenText(
  token: ApiTokenView,
  accountName: (accountId: string) => string | null,
  nowMs: number,
): string {
  const { scopes, accountIds, maxHourlyUsd, podNames, expiresAtMs, lastUsedAtMs } = token
  const accounts =
    accountIds === null
      ? 'all accounts'
      : accountIds.map((id) => accountName(id) ?? 'a removed account').join(', ')
  const pods = podNames === null ? [] : [`only pods ${podNames.join(', ')}`]
  const price =
    podNames !== null
      ? []
      : maxHourlyUsd !== null
        ? [`new pods up to ${formatUsdPerHour(maxHourlyUsd)}`]
        : scopes.includes('pods:write')
          ? ['new pods at any price']
          : []
  const expiry =
    expiresAtMs === null
      ? 'never expires'
      : isTokenExpired(token, nowMs)
        ? 'expired'
        : `expires ${expiryText(expiresAtMs, nowMs)}`
  const use = lastUsedAtMs === null ? 'no known use' : `last used ${formatAgo(nowMs - lastUsedAtMs)}`
  return [scopesText(scopes), accounts, ...pods, ...price, expiry, use].join(' · ')
}

export const tokensText = {
  title: 'Tokens',
  help: 'Each program needs one. It is shown once.',
  none: 'No tokens yet. Each program needs one.',
  create: 'Create token…',
  revoke: 'Revoke…',
  revokeOf: (name: string) => `Revoke ${name}`,
  token: (name: string) => `Token ${name}`,
  created: (name: string) => `The token ${name} was created.`,
  copied: (name: string) => `The token ${name} was created and copied.`,
  revoked: (name: string) => `The token ${name} was revoked.`,
  couldNotRevoke: 'The token wasn’t revoked',
} as const

export const tokenDialogText = {
  title: 'Create token',
  name: 'Name',
  nameHelp: 'Shown in the activity log beside what it does',
  badName: 'Use up to 40 letters, digits, spaces, dots, dashes and underscores.',
  mayDo: 'It may',
  read: 'Read pods, costs and activity',
  readNote: 'Always',
  write: 'Start, stop and create pods, and run jobs',
  writeNote: 'You confirm this once now. Later requests run without asking',
  terminate: 'Ask to terminate pods',
  terminateNote: 'You confirm each one',
  accounts: 'Accounts',
  allAccounts: 'All, and those added later',
  chosenAccounts: 'Only chosen ones',
  chooseAccounts: 'Accounts of the token',
  noAccount: 'Choose an account.',
  limit: 'Highest price of a new pod',
  limitUnit: 'USD per hour',
  limitHelp: 'Without one, a request may name any price',
  badLimit: (max: number) => `Enter an amount up to $${max}, such as 5 or 2.50.`,
  expiry: 'Expires',
  create: 'Create',
  couldNotCreate: 'The token wasn’t created',
} as const

/** Lifetimes in days. */
export const lifetimes = [
  { id: '1', label: 'In 1 day' },
  { id: '7', label: 'In 7 days' },
  { id: '30', label: 'In 30 days' },
  { id: '90', label: 'In 90 days' },
  { id: '365', label: 'In a year' },
  { id: 'never', label: 'Never' },
] as const
