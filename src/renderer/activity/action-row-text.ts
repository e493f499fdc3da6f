import type { ListedAuditEntry } from '../../core/audit-log/audit-log'
import { isWithoutOutcome, type LoggedAction } from '../../core/audit-log/activity-rows'
import { formatDuration } from '../../core/base/format'
import type { PodAction } from '../../core/pods/pod'

/** A row about an action: a sentence around the pod's name, then who asked or how long it took. */
export interface ActionRowText {
  readonly before: string
  readonly name: string
  readonly after: string
  /** Null: nothing more is known. */
  readonly detail: string | null
  /** The same as `detail`, as a sentence for screen readers; empty if there is none. */
  readonly spokenDetail: string
}

const verbs: { readonly [A in PodAction]: { noun: string; doing: string; past: string } } = {
  start: { noun: 'Start', doing: 'Starting', past: 'started' },
  stop: { noun: 'Stop', doing: 'Stopping', past: 'stopped' },
  restart: { noun: 'Restart', doing: 'Restarting', past: 'restarted' },
  terminate: { noun: 'Termination', doing: 'Terminating', past: 'terminated' },
}

/** `isUnderWay`: the action has no outcome yet, and may still get one. */
export function actionRowText(action: LoggedAction, isUnderWay: boolean): ActionRowText {
  const { last } = action
  const name = last.podName ?? last.podId ?? ''
  const { noun, doing, past } = verbs[action.action]
  const said = { name, ...askedBy(action) }
  if (isWithoutOutcome(action)) {
    if (!isUnderWay)
      return { ...said, before: `The outcome of the ${noun.toLowerCase()} of `, after: ' is not in the log' }
    if (action.waitsForGpu) return { ...said, before: 'Waiting for a free GPU to start ', after: '…' }
    return { ...said, before: `${doing} `, after: '…' }
  }
  const rest = messageOf(last)
  switch (action.phase) {
    case 'observed':
      return { name, ...doneText(action), ...tookText(action), ...withMessage(doneText(action).after, rest) }
    case 'cancelled':
      if (rest === null) {
        const unsent = action.wasSent === false ? ', nothing was sent' : ''
        return { ...said, before: `${noun} of `, after: ` undone${unsent}` }
      }
      return { ...said, before: `${noun} of `, ...withMessage(' canceled', rest) }
    case 'did-not-happen':
      if (action.waitsForGpu || action.wasSent === false)
        return { ...said, before: '', ...withMessage(` was not ${past}`, rest) }
      return { ...said, before: `${noun} of `, ...withMessage(unobservedText(action), rest) }
    default:
      return { ...said, before: `${noun} of `, ...withMessage(' failed', rest) }
  }
}

/** "You stopped NAME", "Podkeeper stopped NAME (idle for 6 h)". */
function doneText(action: LoggedAction): Pick<ActionRowText, 'before' | 'after'> {
  const { past } = verbs[action.action]
  switch (action.requester) {
    case null:
      return { before: '', after: ` was ${past}` }
    case 'person':
      return { before: `You ${past} `, after: '' }
    case 'command-line':
      return { before: `The command line ${past} `, after: '' }
    default:
      return { before: `Podkeeper ${past} `, after: ` (${causeOf(action)})` }
  }
}

function tookText({ elapsedMs }: LoggedAction): Pick<ActionRowText, 'detail' | 'spokenDetail'> {
  if (elapsedMs === null) return { detail: null, spokenDetail: '' }
  const duration = formatDuration(elapsedMs)
  return { detail: duration, spokenDetail: `It took ${duration}.` }
}

/** Who asked, where the sentence does not say so. */
function askedBy(action: LoggedAction): Pick<ActionRowText, 'detail' | 'spokenDetail'> {
  switch (action.requester) {
    case null:
      return { detail: null, spokenDetail: '' }
    case 'person':
      return { detail: 'asked by you', spokenDetail: 'You asked for it.' }
    case 'command-line':
      return { detail: 'asked on the command line', spokenDetail: 'It was asked for on the command line.' }
    default: {
      const cause = causeOf(action)
      return { detail: `asked by Podkeeper (${cause})`, spokenDetail: `Podkeeper asked for it (${cause}).` }
    }
  }
}

function causeOf({ requester, reason }: LoggedAction): string {
  if (reason !== null) return reason
  if (requester === 'max-hours') return 'maximum hours'
  return requester === 'budget' ? 'budget' : 'idle'
}

function unobservedText({ sinceSentMs }: LoggedAction): string {
  const within = sinceSentMs === null ? 'in time' : `within ${formatDuration(sinceSentMs)}`
  return ` was sent and not observed ${within}`
}

const withMessage = (after: string, message: string | null): Pick<ActionRowText, 'after'> => ({
  after: message === null ? after : `${after}. ${message}`,
})

/** What the last entry says beyond its phase: why it failed, or was canceled; null: nothing. */
function messageOf({ text, podName, what, tone }: ListedAuditEntry): string | null {
  const [action] = what.split(' ')
  const beginning = `The ${action} of ${podName}`
  for (const phaseText of [' failed.', ' did not happen.', ' was seen to have happened.'])
    if (text.startsWith(beginning + phaseText))
      return text.slice((beginning + phaseText).length).trim() || null
  // Only an undone action is told without a warning.
  return what.endsWith(' cancelled') && tone === 'plain' ? null : text
}
