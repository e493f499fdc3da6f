import type { IntentAction, IntentPhase } from '../../../../src/core/intents/intent'
import type { SimulatedFault } from '../../../../src/simulator/control/faults'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'

/*
 * Every step of an action at which Podkeeper can be killed, combined with every possible response from Runpod, and the
 * required result after Podkeeper restarts.
 */

/** The state of an action when the app is killed. */
export type CrashStep =
  /** Written to disk, and its undo time hasn't ended. */
  | 'scheduled'
  /** Written to disk as sent, but Runpod hasn't received it. */
  | 'on-its-way'
  /** Runpod has handled it, but its response hasn't arrived. */
  | 'dealt-with'
  /** The response is written to disk. */
  | 'answered'

const replies = {
  '200': null,
  '204': 'no-content',
  '409': 'conflict',
  '404': 'not-found',
  '429': 'rate-limited',
  '500': 'server-error',
  'no-gpu': 'no-gpu',
  hang: 'hang',
  'reset-before': 'reset-before',
  'reset-after': 'reset-after',
} as const satisfies Record<string, SimulatedFault['kind'] | null>
export type ActionReply = keyof typeof replies

export interface CrashCase {
  readonly podId: string
  readonly action: IntentAction
  readonly step: CrashStep
  /** Null if Runpod is not asked. */
  readonly answer: ActionReply | null
  /** The final state of the action. */
  readonly end: IntentPhase
  /** The required total number of requests to Runpod. */
  readonly requests: number
}

export function crashCasesOf(action: IntentAction): readonly CrashCase[] {
  const asked = (Object.keys(replies) as ActionReply[]).filter(
    (answer) => answer !== 'no-gpu' || action === 'start',
  )
  // A start or a terminate is sent immediately, so it has no undo time.
  const unsent = action === 'stop' || action === 'restart' ? [crashCase(action, 'scheduled', null)] : []
  return [
    ...unsent,
    crashCase(action, 'on-its-way', null),
    ...asked.map((answer) => crashCase(action, 'dealt-with', answer)),
    ...asked.filter((answer) => answer !== 'hang').map((answer) => crashCase(action, 'answered', answer)),
  ]
}

function crashCase(action: IntentAction, step: CrashStep, answer: ActionReply | null): CrashCase {
  const podId = [action, step, answer ?? 'unasked'].join('-')
  return { podId, action, step, answer, ...outcome(action, step, answer) }
}

function outcome(
  action: IntentAction,
  step: CrashStep,
  answer: ActionReply | null,
): Pick<CrashCase, 'end' | 'requests'> {
  if (step === 'scheduled') return { end: 'cancelled', requests: 0 }
  if (answer === null) return { end: 'did-not-happen', requests: 0 }
  if (isDone(answer)) return { end: 'observed', requests: 1 }
  // The app finds out by polling what happened, whatever the lost response was.
  if (step === 'dealt-with') return { end: 'did-not-happen', requests: 1 }
  switch (answer) {
    case '429':
      // Only this response is retried, except for a terminate, which would need a new confirmation.
      return action === 'terminate' ? { end: 'cancelled', requests: 1 } : { end: 'observed', requests: 2 }
    case '404':
      return { end: action === 'terminate' ? 'did-not-happen' : 'failed', requests: 1 }
    case '409':
    case 'no-gpu':
      return { end: 'failed', requests: 1 }
    default:
      return { end: 'did-not-happen', requests: 1 }
  }
}

/** Whether Runpod performs the action when it responds like this. */
const isDone = (answer: ActionReply): boolean =>
  answer === '200' || answer === '204' || answer === 'reset-after'

export function faultOf({ podId, answer, action }: CrashCase): SimulatedFault | null {
  const kind = answer === null ? null : replies[answer]
  if (kind === null) return null
  // Longer than it takes to kill the app. Only the others are retried, once this is over.
  const retryAfterS = action === 'terminate' ? 60 : 8
  return { kind, podId, action, method: 'POST', count: 1, ...(answer === '429' ? { retryAfterS } : {}) }
}

/** The case's pod, which takes one second for what normally takes half a minute. */
export const podOf = ({ podId, action }: Pick<CrashCase, 'podId' | 'action'>): SimulatedPodSpec => ({
  id: podId,
  name: podId,
  persistent: { sizeGb: 1, path: '/workspace' },
  mode: action === 'start' ? 'stopped' : 'training',
  provisioningS: 0,
  startingS: 1,
  stoppingS: 1,
  restartingS: 1,
})
