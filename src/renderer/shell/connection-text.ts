import { formatAgo, formatDuration, formatMoment, formatRemaining } from '../../core/base/text/format'
import type { ConnectionView } from '../../core/polling/connection'

export type ConnectionTone = 'ok' | 'idle' | 'bad' | 'mute'

/** The color for `connectionText`. */
export function connectionTone(connection: ConnectionView): ConnectionTone {
  switch (connection.kind) {
    case 'live':
      return 'ok'
    case 'connecting':
    case 'no-account':
      return 'mute'
    case 'rate-limited':
    case 'key-doubted':
      return 'idle'
    case 'offline':
    case 'unreadable':
    case 'key-refused':
    case 'forbidden':
      return 'bad'
  }
}

/**
 * The status line beside the app's name: state of the connection with the age of the data or the time of the
 * next try. Times in Unix ms.
 */
export function connectionText(
  connection: ConnectionView,
  listedAtMs: number | null,
  nowMs: number,
  timeZone?: string,
): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  switch (connection.kind) {
    case 'no-account':
      return 'not connected'
    case 'connecting': {
      const doing = connection.isAskingKeyring === true ? 'asking the keyring…' : 'connecting…'
      return listedAtMs === null ? doing : `as of ${formatMoment(listedAtMs, style)} · ${doing}`
    }
    case 'live':
      return listedAtMs === null ? 'live' : `live · ${formatAgo(nowMs - listedAtMs)}`
    case 'offline':
      return `no answer for ${formatDuration(nowMs - connection.sinceMs)} · ${nextTryText(connection.nextTryAtMs, nowMs)}`
    case 'unreadable':
      return `unexpected answer · ${nextTryText(connection.nextTryAtMs, nowMs)}`
    case 'rate-limited':
      return `rate-limited until ${formatMoment(connection.untilMs, style)}`
    case 'key-doubted':
      return `checking the key again at ${formatMoment(connection.retryAtMs, style)}`
    case 'key-refused':
      return 'key refused'
    case 'forbidden':
      return 'key can’t list pods'
  }
}

function nextTryText(atMs: number, nowMs: number): string {
  return atMs > nowMs ? `trying again in ${formatRemaining(atMs - nowMs)}` : 'trying again now'
}

/** How many of several accounts are watched now. */
export interface LiveAccounts {
  readonly liveCount: number
  /** Of those that are not paused. */
  readonly count: number
  /** Unix ms; null when no account that is live was listed yet. */
  readonly listedAtMs: number | null
}

/** "all live · 4 s ago", "2 of 3 live", "all paused". */
export function liveAccountsText({ liveCount, count, listedAtMs }: LiveAccounts, nowMs: number): string {
  if (count === 0) return 'all paused'
  const live = liveCount === count ? 'all live' : `${liveCount} of ${count} live`
  return listedAtMs === null ? live : `${live} · ${formatAgo(nowMs - listedAtMs)}`
}
