import type { ActivityLog } from './audit-log'
import { connectionEntry, intentEntry } from './audit-text'
import type { Intent } from '../intents/intent'
import type { AccountId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { Connection } from '../polling/connection'

/** Writes down what nobody decides. What cannot be written stops nothing: the log itself tells of that. */
export interface ActivityRecorder {
  /** At each phase and each thing learned, before it is shown or sent. */
  intent(intent: Intent): void
  /** At each picture, before it is shown. */
  connection(connection: Connection): void
}

export function createActivityRecorder(
  log: ActivityLog,
  accountId: AccountId,
  clock: Pick<Clock, 'now'>,
): ActivityRecorder {
  /** The last but for waits that the quota asks for, which are no trouble. */
  let last: Connection = { kind: 'connecting' }
  return {
    intent(intent) {
      // A try a minute for hours, each like the one before, would bury everything else.
      const isAnotherTry = intent.gpuTries > 0 && (intent.phase === 'waiting' || intent.phase === 'sent')
      if (!isAnotherTry) log.record(intentEntry(intent, clock.now().wallMs))
    },
    connection(connection) {
      if (connection.kind === 'rate-limited') return
      const entry = connectionEntry(last, connection, accountId, clock.now().wallMs)
      if (entry !== null) log.record(entry)
      if (!(isSilent(last) && isSilent(connection))) last = connection
    },
  }
}

/** Since when there is no answer is told by the first of several kinds of silence. */
const isSilent = ({ kind }: Connection): boolean => kind === 'offline' || kind === 'unreadable'
