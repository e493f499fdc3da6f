import { formatMoment, formatRemaining } from '../../core/base/text/format'
import type { ConnectionView } from '../../core/polling/connection'

export interface ReasonOptions {
  /** The accounts that watch pods of this one in its place. Default: none. */
  readonly watchers?: readonly string[]
  /** Whose API the account uses. */
  readonly service: string
  readonly timeZone?: string
}

/** What is wrong with the connection, in sentences. The date is included when it differs from that of `nowMs`. */
export function connectionReason(
  connection: ConnectionView,
  nowMs: number,
  { watchers = [], service, timeZone }: ReasonOptions,
): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  switch (connection.kind) {
    case 'offline':
      return offlineText(connection, nowMs, service)
    case 'unreadable':
      return `The answer didn’t come from ${service}. ${toSentence(connection.failure)}`
    case 'rate-limited':
      return `${service} asked for a pause. Next check at ${formatMoment(connection.untilMs, style)}.`
    case 'key-doubted':
      return `${service} refused the key at ${formatMoment(connection.atMs, style)}. Podkeeper tries it once more at ${formatMoment(connection.retryAtMs, style)}.`
    case 'key-refused':
      return `${service} refused the key (401) at ${formatMoment(connection.firstAtMs, style)} and again at ${formatMoment(connection.againAtMs, style)}. ${onlyWatchedText(watchers)} until a key works. Podkeeper tries this one again at ${formatMoment(connection.nextTryAtMs, style)}.`
    case 'forbidden':
      return `This key is valid but can’t list pods. ${toSentence(connection.failure)}`
    case 'connecting':
      return connection.isAskingKeyring === true
        ? 'Asking the system keyring for the key.'
        : `Connecting to ${service}.`
    case 'live':
    case 'no-account':
      return ''
  }
}

function offlineText(
  { failure, nextTryAtMs }: Extract<ConnectionView, { kind: 'offline' }>,
  nowMs: number,
  service: string,
): string {
  const retry = nextTryAtMs > nowMs ? `Retrying in ${formatRemaining(nextTryAtMs - nowMs)}.` : 'Retrying now.'
  const why = isBareFailure(failure) ? '' : ` ${toSentence(failure)}`
  return `Can’t reach ${service}.${why} ${retry}`
}

/** Whether it says no more than that nothing was reached: a code of the system, and neither a proxy nor a certificate. */
const isBareFailure = (failure: string): boolean =>
  /\((?:E[A-Z]{3,}|EAI_AGAIN|UND_ERR_[A-Z_]+)\)\.?$/.test(failure) && !/\bproxy\b/i.test(failure)

const onlyWatchedText = (watchers: readonly string[]): string =>
  watchers.length === 0 ? 'Nothing is watched' : `Only pods that ${listText(watchers)} shows are watched`

/** What becomes of the automatic stops of an account that is not live. `watchers`: as above. */
export const stopsWaitText = (watchers: readonly string[], service: string): string =>
  `${watchers.length === 0 ? 'Automatic stops' : 'Its other automatic stops'} wait until ${service} answers.`

/** "Dark energy", "Dark energy or Protein folds". */
const listText = (names: readonly string[]): string => names.join(' or ')

export function toSentence(text: string): string {
  const capitalized = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?…]$/.test(capitalized) || capitalized === '' ? capitalized : `${capitalized}.`
}

export const connectionMessageText = {
  listPartial:
    'Only part of the last list could be read. Pods may be missing here, and none is reported as gone. Podkeeper tries again automatically.',
  manageAccounts: 'Manage accounts',
  replaceKey: 'Replace key',
  couldNotRefresh: 'Couldn’t refresh',
  keyUnusable: (ending: string) => `The key ending in ${ending} can’t be used.`,
  /** How old the shown pods are. `account`: null where there is one; `listedAtMs`: null without any list. */
  dataFrom(account: string | null, listedAtMs: number | null, nowMs: number): string {
    if (listedAtMs === null) return account === null ? 'No pods known yet.' : `${account}: no pods known yet.`
    const moment = formatMoment(listedAtMs, { nowMs })
    return account === null ? `Data from ${moment}.` : `${account}: data from ${moment}.`
  },
} as const
