import type { PodId } from '../pods/pod'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { type Intent, isOpen } from './intent'

/** How long an ended intent remains visible on its pod. */
const ENDED_VISIBLE_MS = 10 * MINUTE_MS

/** The one open intent of the pod, if there is one; `intents` oldest first. */
export function openIntentOf(intents: Iterable<Intent>, podId: PodId): Intent | null {
  return [...intents].find((intent) => intent.podId === podId && isOpen(intent)) ?? null
}

/** The open intent of the pod, otherwise the last one if it ended recently; `intents` oldest first. */
export function currentIntentOf(intents: Iterable<Intent>, podId: PodId, now: Instant): Intent | null {
  const ofPod = [...intents].filter((intent) => intent.podId === podId)
  const open = openIntentOf(ofPod, podId)
  const last = ofPod.at(-1)
  if (open !== null || last === undefined) return open
  return elapsedMs(last.phaseAt, now) < ENDED_VISIBLE_MS ? last : null
}

/** Whether `recorded` by another process says more about an intent than what is known here, if anything is. */
export const isNewsOf = (known: Intent | undefined, recorded: Intent): boolean =>
  known === undefined || (isOpen(known) && recorded.phaseAt.wallMs > known.phaseAt.wallMs)
