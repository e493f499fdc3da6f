import type { AuditLog } from './audit-log'
import { connectionEntry, intentEntry } from './audit-text'
import type { Intent } from '../intents/intent'
import type { AccountId } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import type { ConnectionView } from '../polling/connection'

/**
 * Records events that no rule decides: progress of actions and of the connection. A write failure does not
 * stop the event; the log reports it itself.
 */
export interface AuditRecorder {
  /** Called on every change of an intent, before it is shown or sent. */
  recordIntent(recordIntent: Intent): void
  /** Called before each snapshot is published. */
  recordConnection(recordConnection: ConnectionView): void
}

export function createAuditRecorder(
  log: AuditLog,
  accountId: AccountId,
  clock: Pick<Clock, 'now'>,
  service?: string,
): AuditRecorder {
  /** The last connection state, ignoring quota delays, which are not failures. */
  let last: ConnectionView = { kind: 'connecting' }
  return {
    recordIntent(intent) {
      // Retries every minute for hours would bury everything else.
      const isRetry = intent.gpuTries > 0 && (intent.phase === 'waiting' || intent.phase === 'sent')
      if (!isRetry) log.record(intentEntry(intent, clock.now().wallMs, service))
    },
    recordConnection(connection) {
      if (connection.kind === 'rate-limited') return
      const entry = connectionEntry(last, connection, accountId, clock.now().wallMs, service)
      if (!(isUnanswered(last) && isUnanswered(connection))) last = connection
      // Recorded last, because a listener of the log may publish and thereby call this again.
      if (entry !== null) log.record(entry)
    },
  }
}

/**
 * Switching between kinds of failed connections is not logged, so the first entry tells since when there is
 * no answer.
 */
const isUnanswered = ({ kind }: ConnectionView): boolean => kind === 'offline' || kind === 'unreadable'
