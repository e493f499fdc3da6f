import type { Intent } from '../intents/intent'
import type { Tombstone } from '../polling/pod-inventory'
import type { PodPhase } from '../pods/pod'
import { MINUTE_MS, SECOND_MS } from '../base/time'

/*
 * What becomes of actions, as far as it is worth an alert: one that came to nothing, until the pod is as it was asked to
 * be; and a start that found a GPU, while the pod runs.
 */

/** A pod that runs this near to the end of its start was started by it. */
const SAME_START_MS = 2 * MINUTE_MS

/** Whether what is said of an ended intent still holds, its pod being `phase`. A restart leaves no trace to tell by. */
export function isStillNews({ action, phase: end }: Intent, phase: PodPhase): boolean {
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

/** A look is taken in this long after it was asked for. */
const SAME_LOOK_MS = 30 * SECOND_MS

/** Whether the pod's start is what a waiting start achieved, which is news of its own. */
export function isStartOf(intent: Intent | undefined, atMs: number): boolean {
  if (intent?.waitsForGpu !== true || intent.phase !== 'observed') return false
  return Math.abs(intent.phaseAt.wallMs - atMs) < SAME_START_MS
}

/** Whether a person terminated it here; or an open action found it gone, and said so. */
export function isGoneBy(intent: Intent | undefined, { goneAtMs }: Tombstone): boolean {
  if (intent === undefined) return false
  if (intent.action === 'terminate') return intent.origin === 'person' && wasSent(intent)
  const isLost = intent.phase === 'failed' || (intent.phase === 'cancelled' && intent.message !== null)
  const afterMs = intent.phaseAt.wallMs - goneAtMs
  return isLost && 0 <= afterMs && afterMs < SAME_LOOK_MS
}

/** Whether a rule of the guard terminated it. */
export function isTerminatedByRule(intent: Intent | undefined): intent is Intent {
  return intent?.action === 'terminate' && intent.origin !== 'person' && wasSent(intent)
}

const wasSent = ({ phase }: Intent): boolean => phase !== 'cancelled' && phase !== 'failed'
