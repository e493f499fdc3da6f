import { actionText, unconfirmedText } from '../../../core/intents/action-text'
import { formatMoment, formatRemaining, formatTimeOfDay } from '../../../core/base/text/format'
import { isOpen as isOpenIntent } from '../../../core/intents/intent'
import type { IntentView } from '../../../core/intents/intent-view'
import { SECOND_MS } from '../../../core/base/time/time'

/** After this time without a reply, the text says that the result is being checked. */
const SLOW_ANSWER_MS = 10 * SECOND_MS

/** Whether an action is in progress, in which case no other is offered. */
export function hasOpenIntent(intent: IntentView | null): boolean {
  return intent !== null && isOpenIntent(intent)
}

/** Whether `intent` can be undone at `nowMs` (Unix ms). */
export function canUndo(intent: IntentView, nowMs: number): boolean {
  if (intent.phase === 'waiting') return true
  return intent.phase === 'scheduled' && intent.undoUntilMs !== null && intent.undoUntilMs > nowMs
}

/**
 * Time left to undo, ms. Never more than there was at first, although the clock of a window may lag behind that of the
 * snapshot. `nowMs`: Unix ms.
 */
export function undoLeftMs({ undoUntilMs, atMs }: IntentView, nowMs: number): number {
  if (undoUntilMs === null) return 0
  return Math.max(0, Math.min(undoUntilMs - nowMs, undoUntilMs - atMs))
}

/** Whether it was sent a while ago and nothing is known of it. `nowMs`: Unix ms. */
export function isSlow({ phase, atMs }: IntentView, nowMs: number): boolean {
  return phase === 'sent' && nowMs - atMs >= SLOW_ANSWER_MS
}

/** The color for `intentText`. */
export function intentTone(intent: IntentView): 'idle' | 'info' | 'bad' | 'mute' {
  switch (intent.phase) {
    case 'scheduled':
      return intent.action === 'start' ? 'info' : 'idle'
    case 'waiting':
    case 'sent':
    case 'accepted':
      return 'info'
    case 'failed':
    case 'did-not-happen':
      return 'bad'
    case 'cancelled':
    case 'observed':
      return 'mute'
  }
}

/** The state of an action as a sentence, followed by the API's reason. Times in Unix ms. */
export function intentText(intent: IntentView, nowMs: number, timeZone?: string): string {
  const { doing, done, noun, notDone } = actionText[intent.action]
  const momentText = () => formatMoment(intent.atMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })
  const clockText = (ms: number) =>
    timeZone === undefined ? formatTimeOfDay(ms) : formatTimeOfDay(ms, timeZone)
  const messageText = intent.message === null ? '' : ` ${intent.message}`
  switch (intent.phase) {
    case 'scheduled':
      if (canUndo(intent, nowMs))
        return `${doing} in ${formatRemaining(undoLeftMs(intent, nowMs))}.${messageText}`
      return `${doing}…${messageText}`
    case 'waiting':
      return `Waiting for a GPU; next try at ${clockText(intent.nextTryAtMs ?? intent.atMs)}.${messageText}`
    case 'sent':
      if (intent.waitsForGpu) return `Waiting for a GPU; trying now.${messageText}`
      if (!isSlow(intent, nowMs)) return `${doing}…${messageText}`
      return `${doing}: no answer yet; checking.${messageText}`
    case 'accepted':
      return `${doing}: accepted at ${momentText()}.${messageText}`
    case 'observed':
      return `${done} at ${momentText()}.${messageText}`
    case 'cancelled':
      return `${noun} canceled at ${momentText()}.${messageText}`
    case 'failed':
      return `${notDone}.${messageText}`
    case 'did-not-happen':
      return `${noun} was requested, but ${unconfirmedText(intent.action)}.${messageText}`
  }
}
