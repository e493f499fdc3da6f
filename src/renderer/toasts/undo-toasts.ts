import type { IntentView } from '../../core/intents/intent-view'
import { SECOND_MS } from '../../core/base/time'
import { canUndo, isSlow } from '../pod-model/intent-text'
import type { PodView } from '../../core/view/snapshot'

/** A pod with its action. */
export interface ActingPod {
  readonly pod: PodView
  readonly intent: IntentView
}

/** A toast about the same action on one or several pods. */
export interface ActionToast {
  readonly id: string
  readonly kind: 'undoable' | 'slow' | 'done'
  readonly acting: readonly [ActingPod, ...ActingPod[]]
}

/** Actions that were asked for this close to each other are one request, such as a stop of several pods. */
const TOGETHER_MS = SECOND_MS
/** How long the end of an action is shown. */
const DONE_SHOWN_MS = 6 * SECOND_MS

/**
 * The toasts about stops and restarts, whoever asked for them, the oldest first: those that can be undone, those
 * without an answer, and for some seconds those that ended. `nowMs`: Unix ms.
 */
export function actionToasts(pods: readonly PodView[], nowMs: number): readonly ActionToast[] {
  const acting = pods
    .flatMap((pod): ActingPod[] => (pod.intent === null ? [] : [{ pod, intent: pod.intent }]))
    .sort((a, b) => a.intent.atMs - b.intent.atMs || (a.intent.id < b.intent.id ? -1 : 1))
  const toasts: { id: string; kind: ActionToast['kind']; acting: [ActingPod, ...ActingPod[]] }[] = []
  for (const one of acting) {
    const kind = kindOf(one.intent, nowMs)
    if (kind === null) continue
    const group = toasts.find(
      (toast) =>
        toast.kind === kind &&
        toast.acting[0].intent.action === one.intent.action &&
        toast.acting[0].intent.phase === one.intent.phase &&
        one.intent.atMs - (toast.acting.at(-1) ?? one).intent.atMs <= TOGETHER_MS,
    )
    if (group === undefined) toasts.push({ id: `${kind}:${one.intent.id}`, kind, acting: [one] })
    else group.acting.push(one)
  }
  return toasts
}

function kindOf(intent: IntentView, nowMs: number): ActionToast['kind'] | null {
  // The card shows how a start goes.
  if (intent.action === 'start' && intent.phase !== 'cancelled') return null
  switch (intent.phase) {
    case 'scheduled':
      return canUndo(intent, nowMs) ? 'undoable' : intent.message === null ? null : 'slow'
    case 'sent':
    case 'accepted':
      return isSlow(intent, nowMs) || intent.message !== null ? 'slow' : null
    case 'observed':
    case 'cancelled':
      return nowMs - intent.atMs < DONE_SHOWN_MS ? 'done' : null
    case 'waiting':
    case 'failed':
    case 'did-not-happen':
      return null
  }
}

/** The one that Z undoes: what was asked for last. */
export const lastUndoable = (toasts: readonly ActionToast[]): ActionToast | undefined =>
  [...toasts].reverse().find(({ kind }) => kind === 'undoable')
