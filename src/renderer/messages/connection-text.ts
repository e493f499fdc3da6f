import { formatMoment } from '../../core/base/format'
import type { ConnectionView } from '../../core/polling/connection'

export interface ReasonOptions {
  /** The accounts that watch pods of this one in its place. Default: none. */
  readonly watchers?: readonly string[]
  readonly timeZone?: string
}

/** What is wrong with the connection, in sentences. The date is included when it differs from that of `nowMs`. */
export function connectionReason(
  connection: ConnectionView,
  nowMs: number,
  { watchers = [], timeZone }: ReasonOptions = {},
): string {
  const style = timeZone === undefined ? { nowMs } : { nowMs, timeZone }
  switch (connection.kind) {
    case 'offline':
      return toSentence(connection.failure)
    case 'unreadable':
      return `What came back is not Runpod's answer. ${toSentence(connection.failure)}`
    case 'rate-limited':
      return `Runpod asks for a pause; the next look is at ${formatMoment(connection.untilMs, style)}.`
    case 'key-doubted':
      return `Runpod refused the key at ${formatMoment(connection.atMs, style)}. It is tried once more at ${formatMoment(connection.retryAtMs, style)} before it is called refused.`
    case 'key-refused':
      return `Runpod answered 401 at ${formatMoment(connection.firstAtMs, style)} and again at ${formatMoment(connection.againAtMs, style)}. ${onlyWatchedText(watchers)} until you give another key.`
    case 'forbidden':
      return `This key is valid, but may not look at pods. ${toSentence(connection.failure)}`
    case 'connecting':
      return 'Connecting to Runpod.'
    case 'live':
    case 'no-account':
      return ''
  }
}

const onlyWatchedText = (watchers: readonly string[]): string =>
  watchers.length === 0 ? 'Nothing is watched' : `Only what ${listText(watchers)} shows of it is watched`

/** What becomes of the automatic stops of an account that is not live. `watchers`: as above. */
export const stopsWaitText = (watchers: readonly string[]): string =>
  `${watchers.length === 0 ? 'Automatic stops' : 'Its other automatic stops'} wait until Runpod answers.`

/** "Dark energy", "Dark energy or Protein folds". */
const listText = (names: readonly string[]): string => names.join(' or ')

function toSentence(text: string): string {
  const capitalized = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?…]$/.test(capitalized) || capitalized === '' ? capitalized : `${capitalized}.`
}
