import type { AuditLog } from './audit-log'
import { connectionEntry, intentEntry } from './audit-text'
import type { Intent } from '../intents/intent'
import type { AccountId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { ConnectionView } from '../polling/connection'

/** Writes down what nobody decides. What cannot be written stops nothing: the log itself tells of that. */
export interface AuditRecorder {
  /** At each phase and each thing learned, before it is shown or sent. */
  recordIntent(recordIntent: Intent): void
  /** At each picture, before it is shown. */
  recordConnection(recordConnection: ConnectionView): void
}

export function createAuditRecorder(
  log: AuditLog,
  accountId: AccountId,
  clock: Pick<Clock, 'now'>,
): AuditRecorder {
  /** The last but for waits that the quota asks for, which are no trouble. */
  let last: ConnectionView = { kind: 'connecting' }
  return {
    recordIntent(intent) {
      // A try a minute for hours, each like the one before, would bury everything else.
      const isRetry = intent.gpuTries > 0 && (intent.phase === 'waiting' || intent.phase === 'sent')
      if (!isRetry) log.record(intentEntry(intent, clock.now().wallMs))
    },
    recordConnection(connection) {
      if (connection.kind === 'rate-limited') return
      const entry = connectionEntry(last, connection, accountId, clock.now().wallMs)
      if (!(isUnanswered(last) && isUnanswered(connection))) last = connection
      // Last: whoever hears of the entry may publish, which comes here again.
      if (entry !== null) log.record(entry)
    },
  }
}

/** Since when there is no answer is told by the first of several kinds of silence. */
const isUnanswered = ({ kind }: ConnectionView): boolean => kind === 'offline' || kind === 'unreadable'
