import { actionWords } from '../../core/intents/action-labels'
import { formatClock, formatMoment, formatRemaining } from '../../core/base/format'
import { type IntentView, isOpen as isOpenIntent } from '../../core/intents/intent'
import { SECOND_MS } from '../../core/base/time'

/** A request that has gone unanswered for so long is worth a word. */
const SLOW_ANSWER_MS = 10 * SECOND_MS

/** Whether an action is on its way, so that no other is offered. */
export function isOpen(intent: IntentView | null): boolean {
  return intent !== null && isOpenIntent(intent)
}

/** Whether `intent` can be taken back at `nowMs` (Unix ms). */
export function canUndo(intent: IntentView, nowMs: number): boolean {
  if (intent.phase === 'waiting') return true
  return intent.phase === 'scheduled' && intent.undoUntilMs !== null && intent.undoUntilMs > nowMs
}

/** The colour that goes with `intentWords`. */
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

/** Where an action stands, in a sentence; the API's own words behind it. Times in Unix ms. */
export function intentWords(intent: IntentView, nowMs: number, timeZone?: string): string {
  const { doing, done, noun, notDone } = actionWords[intent.action]
  const at = () => formatMoment(intent.atMs, timeZone === undefined ? { nowMs } : { nowMs, timeZone })
  const clock = (ms: number) => (timeZone === undefined ? formatClock(ms) : formatClock(ms, timeZone))
  const because = intent.message === null ? '' : ` ${intent.message}`
  switch (intent.phase) {
    case 'scheduled':
      if (canUndo(intent, nowMs))
        return `${doing} in ${formatRemaining((intent.undoUntilMs ?? 0) - nowMs)}.${because}`
      return `${doing}…${because}`
    case 'waiting':
      return `Waiting for a GPU; next try at ${clock(intent.nextTryAtMs ?? intent.atMs)}.${because}`
    case 'sent':
      if (intent.waitsForGpu) return `Waiting for a GPU; trying now.${because}`
      if (nowMs - intent.atMs < SLOW_ANSWER_MS) return `${doing}…${because}`
      return `${doing}: no answer yet; checking.${because}`
    case 'accepted':
      return `${doing}: Runpod accepted it at ${at()}.${because}`
    case 'observed':
      return `${done} at ${at()}.${because}`
    case 'cancelled':
      return `${noun} cancelled at ${at()}.${because}`
    case 'failed':
      return `${notDone}.${because}`
    case 'did-not-happen':
      return `${noun} was asked for, but did not happen.${because}`
  }
}
