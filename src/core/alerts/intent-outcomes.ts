import { type Intent, isOpen } from '../intents/intent'
import type { GonePod } from '../polling/pod-inventory'
import type { Pod, PodPhase } from '../pods/pod'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'

/*
 * Decides which action outcomes deserve an alert: a failed action, until the pod reaches the requested state
 * anyway, and a start that found a GPU, while the pod runs.
 */

/** A pod that started this close to the end of its start intent was started by that intent. */
const SAME_START_MS = 2 * MINUTE_MS

/**
 * Whether the alert about an ended intent is still relevant when its pod is in `phase`. The state of a pod
 * does not reveal whether it was restarted.
 */
export function isStillRelevant({ action, phase: end }: Intent, phase: PodPhase): boolean {
  if (end === 'observed') return phase === 'running'
  switch (action) {
    case 'stop':
      return phase !== 'stopped'
    case 'start':
      return phase !== 'running'
    default:
      return true
  }
}

/** A poll is processed within this time after its request. */
const SAME_POLL_MS = 30 * SECOND_MS

/** Whether a waiting start caused this start, which has an alert of its own. */
export function isStartedBy(intent: Intent | undefined, atMs: number): boolean {
  if (intent?.waitsForGpu !== true || intent.phase !== 'observed') return false
  return Math.abs(intent.phaseAt.wallMs - atMs) < SAME_START_MS
}

/** A pod that disappeared later than this after its observed terminate disappeared for another reason. */
const SAME_TERMINATE_MS = 10 * MINUTE_MS

/**
 * Whether the pod is gone because it was terminated here, or because an open action found it gone and
 * reported that.
 */
export function isGoneBecauseOf(intent: Intent | undefined, { goneAtMs }: GonePod): boolean {
  if (intent === undefined) return false
  if (intent.action === 'terminate') return intent.origin === 'person' && explainsGone(intent, goneAtMs)
  const isLost = intent.phase === 'failed' || (intent.phase === 'cancelled' && intent.message !== null)
  const afterMs = intent.phaseAt.wallMs - goneAtMs
  return isLost && 0 <= afterMs && afterMs < SAME_POLL_MS
}

/**
 * Whether an action from here explains that the run of a pod, which is stopped now, ended. A stop that did not happen
 * by its deadline explains nothing: see `withLateStop`.
 */
export function isStoppedBecauseOf(intent: Intent, { id, startedAtMs }: Pod): boolean {
  const { action, phase, podStartedAtMs } = intent
  const isSameRun = podStartedAtMs === null || startedAtMs === null || podStartedAtMs === startedAtMs
  if (intent.podId !== id || !isSameRun || action === 'start') return false
  return isOpen(intent) || (action !== 'restart' && phase === 'observed')
}

/** Whether a guard rule terminated the pod. */
export function isTerminatedByRule(
  intent: Intent | undefined,
  { goneAtMs }: Pick<GonePod, 'goneAtMs'>,
): intent is Intent {
  return intent?.action === 'terminate' && intent.origin !== 'person' && explainsGone(intent, goneAtMs)
}

/**
 * A terminate explains that a pod disappeared after its request while it is open, and shortly after it was
 * observed. One that failed or did not happen explains nothing. `goneAtMs`: Unix ms.
 */
function explainsGone(intent: Intent, goneAtMs: number): boolean {
  const { sentAt, requestedAt, phase, phaseAt } = intent
  if (goneAtMs < (sentAt ?? requestedAt).wallMs - SAME_POLL_MS) return false
  return isOpen(intent) || (phase === 'observed' && goneAtMs < phaseAt.wallMs + SAME_TERMINATE_MS)
}
