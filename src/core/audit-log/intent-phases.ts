import { type IntentPhase, intentPhases } from '../intents/intent'
import { type PodAction, podActions } from '../pods/pod'
import type { AuditEntry } from './audit-log'

/** The step of an action that an entry records. */
export interface LoggedPhase {
  readonly action: PodAction
  readonly phase: IntentPhase
}

/** What an entry says that records the confirmation of a terminate. */
export const CONFIRMED = 'terminate confirmed'

/** The step that `entry` records; null where it records none, or says two different things about it. */
export function loggedPhase({ kind, what, podId, accountId, intent }: AuditEntry): LoggedPhase | null {
  if (kind !== 'intent' || podId === null || accountId === null) return null
  const [actionWord, phaseWord, ...rest] = what.split(' ')
  const action = podActions.find((one) => one === actionWord)
  const phase = intentPhases.find((one) => one === phaseWord)
  if (action === undefined || phase === undefined || rest.length > 0) return null
  return intent === undefined || intent.action === action ? { action, phase } : null
}

/** Whether an entry begins an action. */
export function isRequest(entry: AuditEntry): boolean {
  const phase = loggedPhase(entry)?.phase
  return phase === 'waiting' || (phase === 'scheduled' && entry.intent !== undefined && !isWaitText(entry))
}

/** Whether a scheduled action is one that was sent before and waits to be sent again. */
const isWaitText = ({ text }: AuditEntry): boolean => /^The (?:start|stop|restart|terminate) of /.test(text)
