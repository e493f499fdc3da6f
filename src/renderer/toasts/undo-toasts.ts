import type { IntentView } from '../../core/intents/intent-view'
import { SECOND_MS } from '../../core/base/time/time'
import { canUndo, hasOpenIntent, isSlow } from '../pod-model/text/intent-text'
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

/** When actions ended, as far as a window knows: Unix ms by the id of the intent; null while it goes on. */
export type EndTimes = ReadonlyMap<IntentView['id'], number | null>

/**
 * The end times of the actions of `pods`. What a window has seen going on ends when the window sees it end, which is
 * later than it was if there is much to do. `known`: those of the pods before; `nowMs`: Unix ms.
 */
export function endTimesOf(pods: readonly PodView[], known: EndTimes, nowMs: number): EndTimes {
  const intents = pods.flatMap(({ intent }) => intent ?? [])
  const seenMs = (intent: IntentView): number | null => {
    if (hasOpenIntent(intent)) return null
    const beforeMs = known.has(intent.id) ? (known.get(intent.id) ?? nowMs) : intent.atMs
    return Math.max(intent.atMs, beforeMs)
  }
  return new Map(intents.map((intent) => [intent.id, seenMs(intent)]))
}

/**
 * The toasts about stops and restarts, no matter who asked for them, the oldest first: those that can be undone, those
 * without an answer, and for some seconds those that ended. `nowMs`: Unix ms.
 */
export function actionToasts(
  pods: readonly PodView[],
  nowMs: number,
  endTimes: EndTimes = noEndTimes,
): readonly ActionToast[] {
  const acting = pods
    .flatMap((pod): ActingPod[] => (pod.intent === null ? [] : [{ pod, intent: pod.intent }]))
    .sort(
      (a, b) => since(a.intent, endTimes) - since(b.intent, endTimes) || (a.intent.id < b.intent.id ? -1 : 1),
    )
  const toasts: { id: string; kind: ActionToast['kind']; acting: [ActingPod, ...ActingPod[]] }[] = []
  for (const one of acting) {
    const kind = kindOf(one.intent, nowMs, endTimes)
    if (kind === null) continue
    const group = toasts.find(
      (toast) =>
        toast.kind === kind &&
        toast.acting[0].intent.action === one.intent.action &&
        toast.acting[0].intent.phase === one.intent.phase &&
        since(one.intent, endTimes) - since((toast.acting.at(-1) ?? one).intent, endTimes) <= TOGETHER_MS,
    )
    if (group === undefined) toasts.push({ id: `${kind}:${one.intent.id}`, kind, acting: [one] })
    else group.acting.push(one)
  }
  return toasts
}

const noEndTimes: EndTimes = new Map()

/** Since when it is as it is, or as the window shows it; Unix ms. */
const since = ({ id, atMs }: IntentView, endTimes: EndTimes): number => endTimes.get(id) ?? atMs

function kindOf(intent: IntentView, nowMs: number, endTimes: EndTimes): ActionToast['kind'] | null {
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
      return nowMs - since(intent, endTimes) < DONE_SHOWN_MS ? 'done' : null
    case 'waiting':
    case 'failed':
    case 'did-not-happen':
      return null
  }
}

/** The one that Z undoes: what was asked for last. */
export const lastUndoable = (toasts: readonly ActionToast[]): ActionToast | undefined =>
  [...toasts].reverse().find(({ kind }) => kind === 'undoable')
