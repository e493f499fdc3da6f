import { formatTimeOfDay } from '../../core/base/text/format'
import type { ConnectionView } from '../../core/polling/connection'

/** Why pods could not be read; null if they could. */
export function connectionProblem(connection: ConnectionView): string | null {
  switch (connection.kind) {
    case 'live':
      return null
    case 'key-doubted':
    case 'key-refused':
      return 'Runpod does not accept this key. To use a new one, run podkeeper login or set RUNPOD_API_KEY.'
    case 'forbidden':
      return `The key is valid but has no permission to read pods. ${connection.failure}`
    case 'unreadable':
      return `Something between you and Runpod, such as a proxy, answered instead. ${connection.failure}`
    case 'rate-limited':
      return `Too many requests. Runpod asks for a pause until ${formatTimeOfDay(connection.untilMs)}.`
    case 'offline':
      return `Runpod could not be reached. ${connection.failure}`
    case 'no-account':
    case 'connecting':
      return 'There was no response.'
  }
}
