import type { Intent } from './intent'
import { type IntentRequester, requesterOf } from './requester'

/** An intent as windows show it. */
export interface IntentView extends Pick<
  Intent,
  | 'id'
  | 'podId'
  | 'action'
  | 'origin'
  | 'personName'
  | 'tokenName'
  | 'saving'
  | 'phase'
  | 'waitsForGpu'
  | 'message'
> {
  readonly requester: IntentRequester
  /**
   * Unix ms until which it can be undone; null unless `scheduled`. While `waiting` it can be undone at any
   * time.
   */
  readonly undoUntilMs: number | null
  /** Unix ms of the next attempt of a waiting start; otherwise null. */
  readonly nextTryAtMs: number | null
  /** It failed because no GPU was free, so that waiting for one can be offered. */
  readonly canWaitForGpu: boolean
  /** When it reached this phase, Unix ms. */
  readonly atMs: number
}

export function toIntentView(intent: Intent): IntentView {
  const { id, podId, action, origin, phase, message, phaseAt, personName, tokenName, saving } = intent
  const dueAtMs = phaseAt.wallMs + intent.waitMs
  return {
    id,
    podId,
    action,
    origin,
    requester: requesterOf(intent),
    ...(personName !== undefined && { personName }),
    ...(tokenName !== undefined && { tokenName }),
    ...(saving !== undefined && { saving }),
    phase,
    waitsForGpu: intent.waitsForGpu,
    undoUntilMs: phase === 'scheduled' ? dueAtMs : null,
    nextTryAtMs: phase === 'waiting' ? dueAtMs : null,
    canWaitForGpu: phase === 'failed' && intent.lacksGpu,
    message,
    atMs: phaseAt.wallMs,
  }
}
