import { type IntentPhase, intentPhases } from '../intents/intent'
import { requestPrefixes } from './audit-text'
import { type PodAction, podActions } from '../pods/pod'
import type { AuditEntry, AuditRequester } from './audit-log'

/** The step of an action that an entry records. */
export interface LoggedPhase {
  readonly action: PodAction
  readonly phase: IntentPhase
}

/** How requests began in earlier versions, which recorded no requester. They are read, and never written. */
const earlierPrefixes: typeof requestPrefixes = {
  person: 'You asked for ',
  quiet: 'The rule of auto-stop asks for ',
  'max-hours': 'The rule of maximum hours asks for ',
  budget: 'The rule of the budget asks for ',
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

/** Who asked, as the entry that records the request says; null for every other entry. Names can't change it. */
export function loggedRequester(entry: AuditEntry): AuditRequester | null {
  if (loggedPhase(entry)?.phase !== 'scheduled') return null
  if (entry.intent !== undefined) return isWaitText(entry) ? null : entry.intent.requester
  const requesters = Object.keys(requestPrefixes) as (keyof typeof requestPrefixes)[]
  return (
    requesters.find((requester) =>
      [requestPrefixes[requester], earlierPrefixes[requester]].some((prefix) =>
        entry.text.startsWith(prefix),
      ),
    ) ?? null
  )
}

/** Whether an entry begins an action. A start that waits for a GPU is asked for by a person. */
export const isRequest = (entry: AuditEntry): boolean =>
  loggedRequester(entry) !== null || loggedPhase(entry)?.phase === 'waiting'

/** Whether a scheduled action is one that was sent before and waits to be sent again. */
const isWaitText = ({ text }: AuditEntry): boolean => /^The (?:start|stop|restart|terminate) of /.test(text)

/** Whether `newer` can be the next recorded step of the action that `older` is a step of. */
export function canFollow(older: AuditEntry, newer: AuditEntry): boolean {
  const [before, after] = [loggedPhase(older), loggedPhase(newer)]
  if (before === null || after === null || before.action !== after.action || isRequest(newer)) return false
  const { [before.phase]: next } = before.action === 'start' ? nextOfStart : nextPhases
  return next.includes(after.phase)
}

type NextPhases = Readonly<Record<IntentPhase, readonly IntentPhase[]>>

const nextPhases: NextPhases = {
  scheduled: ['sent', 'cancelled'],
  waiting: [],
  sent: ['sent', 'accepted', 'observed', 'failed', 'did-not-happen', 'scheduled'],
  accepted: ['observed', 'failed', 'did-not-happen'],
  observed: [],
  cancelled: [],
  failed: [],
  'did-not-happen': [],
}

/** The tries of a start that waits for a GPU are not recorded one by one. */
const nextOfStart: NextPhases = {
  ...nextPhases,
  waiting: ['sent', 'cancelled', 'did-not-happen'],
  sent: [...nextPhases.sent, 'cancelled'],
  accepted: [...nextPhases.accepted, 'accepted', 'cancelled'],
}
