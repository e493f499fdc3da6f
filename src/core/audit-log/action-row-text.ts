import type { ListedAuditEntry } from './audit-log'
import { isWithoutOutcome, type LoggedAction } from './activity-rows'
import { observedText } from './audit-text'
import { formatDuration } from '../base/text/format'
import { unconfirmedText } from '../intents/action-text'
import type { PodAction } from '../pods/pod'

/** A row about an action: a sentence around the pod's name, then who asked or how long it took. */
export interface ActionRowText {
  readonly before: string
  readonly name: string
  readonly after: string
  /** Follows the sentence after a space: "· 4 s"; null: nothing more is known. */
  readonly detail: string | null
  /** All of it in whole sentences, for screen readers. */
  readonly spoken: string
}

interface Sentence extends Pick<ActionRowText, 'before' | 'name' | 'after'> {
  /** In a few words, and as a sentence; null: nothing more is known. */
  readonly detail: { readonly words: string; readonly sentence: string } | null
}

const verbs: { readonly [A in PodAction]: { noun: string; doing: string; past: string } } = {
  start: { noun: 'Start', doing: 'Starting', past: 'started' },
  stop: { noun: 'Stop', doing: 'Stopping', past: 'stopped' },
  restart: { noun: 'Restart', doing: 'Restarting', past: 'restarted' },
  terminate: { noun: 'Termination', doing: 'Terminating', past: 'terminated' },
}

/** `isUnderWay`: the action has no outcome yet, and may still get one. */
export function actionRowText(action: LoggedAction, isUnderWay: boolean): ActionRowText {
  const { detail, ...said } = sentenceOf(action, isUnderWay)
  const sentence = said.before + said.name + said.after
  const isEnded = /[.…]$/.test(said.after)
  const spoken = isEnded ? sentence : `${sentence}.`
  if (detail === null) return { ...said, detail: null, spoken }
  return {
    ...said,
    // After a sentence with its stop follows another one.
    detail: said.after.endsWith('.') ? detail.sentence : `·\u00a0${detail.words}`,
    spoken: `${spoken} ${detail.sentence}`,
  }
}

function sentenceOf(action: LoggedAction, isUnderWay: boolean): Sentence {
  const { last } = action
  const name = last.podName?.trim() ? last.podName : (last.podId ?? '')
  const { noun, doing, past } = verbs[action.action]
  const said = { name, detail: askedBy(action) }
  if (isWithoutOutcome(action)) {
    if (!isUnderWay)
      return { ...said, before: `The outcome of the ${noun.toLowerCase()} of `, after: ' is not in the log' }
    if (action.waitsForGpu) return { ...said, before: 'Waiting for a free GPU to start ', after: '…' }
    return { ...said, before: `${doing} `, after: '…' }
  }
  const rest = messageOf(last, action.action)
  switch (action.phase) {
    case 'observed':
      return {
        name,
        ...doneText(action),
        detail: tookText(action),
        ...withMessage(doneText(action).after, rest),
      }
    case 'cancelled':
      if (rest === null) {
        const unsent = action.wasSent === false ? ', nothing was sent' : ''
        return { ...said, before: `${noun} of `, after: ` undone${unsent}` }
      }
      return { ...said, before: `${noun} of `, ...withMessage(' canceled', rest) }
    case 'did-not-happen':
      if (action.waitsForGpu || action.wasSent !== true)
        return { ...said, before: '', ...withMessage(` was not ${past}`, rest) }
      return { ...said, before: `${noun} of `, ...withMessage(unobservedText(action), rest) }
    default:
      return { ...said, before: `${noun} of `, ...withMessage(' failed', rest) }
  }
}

/** "You stopped NAME", "Podkeeper stopped NAME (idle for 6 h)". */
function doneText(action: LoggedAction): Pick<Sentence, 'before' | 'after'> {
  const { past } = verbs[action.action]
  switch (action.requester) {
    case 'person':
      return { before: `${action.reason ?? 'You'} ${past} `, after: '' }
    case 'command-line':
      return { before: `${action.reason ?? 'The command line'} ${past} `, after: '' }
    case 'api-token':
      return { before: `The API token ${action.reason ?? ''} ${past} `, after: '' }
    default:
      return { before: `Podkeeper ${past} `, after: ` (${causeOf(action)})` }
  }
}

function tookText({ elapsedMs }: LoggedAction): Sentence['detail'] {
  if (elapsedMs === null) return null
  const words = formatDuration(elapsedMs)
  // Not broken between the number and its unit.
  return { words: words.replaceAll(' ', '\u00a0'), sentence: `It took ${words}.` }
}

/** Who asked, where the sentence does not say so. */
function askedBy(action: LoggedAction): Sentence['detail'] {
  switch (action.requester) {
    case 'person':
    case 'command-line':
      if (action.reason !== null)
        return { words: `requested by ${action.reason}`, sentence: `${action.reason} requested it.` }
      if (action.requester === 'person') return { words: 'requested by you', sentence: 'You requested it.' }
      return { words: 'requested on the command line', sentence: 'You requested it on the command line.' }
    case 'api-token': {
      const token = `the API token ${action.reason ?? ''}`
      return { words: `requested by ${token}`, sentence: `${token.replace('the', 'The')} requested it.` }
    }
    default: {
      const cause = causeOf(action)
      return { words: `requested by Podkeeper (${cause})`, sentence: `Podkeeper requested it (${cause}).` }
    }
  }
}

function causeOf({ requester, reason }: LoggedAction): string {
  if (reason !== null) return reason
  if (requester === 'max-hours') return 'maximum hours'
  if (requester === 'stop-time') return 'time of day'
  if (requester === 'plan') return 'as you planned'
  return requester === 'budget' ? 'budget' : 'idle'
}

function unobservedText({ sinceSentMs }: LoggedAction): string {
  const within = sinceSentMs === null ? 'in time' : `within ${formatDuration(sinceSentMs)}`
  return ` was sent but not observed ${within}`
}

const withMessage = (after: string, message: string | null): Pick<Sentence, 'after'> => ({
  after: message === null ? after : `${after}. ${message}`,
})

/** What the last entry says beyond its phase: why it failed, or was canceled; null: nothing. */
function messageOf({ text, podName, what, tone }: ListedAuditEntry, action: PodAction): string | null {
  if (text === observedText(action, podName ?? '')) return null
  const beginning = `The ${action} of ${podName}`
  for (const phaseText of [' failed.', ` ${unconfirmedText(action)}.`])
    if (text.startsWith(beginning + phaseText))
      return text.slice((beginning + phaseText).length).trim() || null
  // Only an undone action is shown without a warning.
  return what.endsWith(' cancelled') && tone === 'plain' ? null : text
}
