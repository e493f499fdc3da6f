import { formatTimeOfDay } from '../../core/base/text/format'
import type { ConnectionView } from '../../core/polling/connection'

/** Why pods could not be read, at whichever service; null if they could. */
export function connectionProblem(connection: ConnectionView): string | null {
  switch (connection.kind) {
    case 'live':
      return null
    case 'key-doubted':
    case 'key-refused':
      return 'The API does not accept this key. To use a new one, run podkeeper login or set it in the environment.'
    case 'forbidden':
      return `The key is valid but has no permission to read pods. ${connection.failure}`
    case 'unreadable':
      return `Something between you and the API, such as a proxy, answered instead. ${connection.failure}`
    case 'rate-limited':
      return `Too many requests with this key. It is used again at ${formatTimeOfDay(connection.untilMs)}.`
    case 'offline':
      return `The API could not be reached. ${connection.failure}`
    case 'no-account':
    case 'connecting':
      return 'There was no response.'
  }
}
