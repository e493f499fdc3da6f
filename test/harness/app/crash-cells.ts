import type { IntentAction, IntentPhase } from '../../../src/core/intents/intent'
import type { Fault } from '../../../src/simulator/control/faults'
import type { PodSpec } from '../../../src/simulator/world/pod-spec'

/*
 * Every step of an action at which Podkeeper can be killed, with every answer that Runpod may give, and what must have come
 * of it once Podkeeper was started again.
 */

/** Where an action is when the power goes. */
export type Step =
  /** On disk, and its time has not come. */
  | 'scheduled'
  /** On disk as sent; Runpod has not seen it. */
  | 'on-its-way'
  /** Runpod has dealt with it; its answer has not arrived. */
  | 'dealt-with'
  /** The answer is on disk. */
  | 'answered'

const answers = {
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
} as const satisfies Record<string, Fault['kind'] | null>
export type Answer = keyof typeof answers

export interface Cell {
  readonly podId: string
  readonly action: IntentAction
  readonly step: Step
  /** Null: Runpod is not asked. */
  readonly answer: Answer | null
  /** What becomes of it. */
  readonly end: IntentPhase
  /** How often Runpod must have been asked, all in all. */
  readonly requests: number
}

export function cellsOf(action: IntentAction): readonly Cell[] {
  const asked = (Object.keys(answers) as Answer[]).filter(
    (answer) => answer !== 'no-gpu' || action === 'start',
  )
  // A start and a terminate are sent at once: there is no time between for anybody to see.
  const unsent = action === 'stop' || action === 'restart' ? [cell(action, 'scheduled', null)] : []
  return [
    ...unsent,
    cell(action, 'on-its-way', null),
    ...asked.map((answer) => cell(action, 'dealt-with', answer)),
    ...asked.filter((answer) => answer !== 'hang').map((answer) => cell(action, 'answered', answer)),
  ]
}

function cell(action: IntentAction, step: Step, answer: Answer | null): Cell {
  const podId = [action, step, answer ?? 'unasked'].join('-')
  return { podId, action, step, answer, ...outcome(action, step, answer) }
}

function outcome(action: IntentAction, step: Step, answer: Answer | null): Pick<Cell, 'end' | 'requests'> {
  if (step === 'scheduled') return { end: 'cancelled', requests: 0 }
  if (answer === null) return { end: 'did-not-happen', requests: 0 }
  if (isDone(answer)) return { end: 'observed', requests: 1 }
  // An answer that was lost is found out by looking, whatever it was.
  if (step === 'dealt-with') return { end: 'did-not-happen', requests: 1 }
  switch (answer) {
    case '429':
      // Only this is sent again, and a terminate not without being confirmed again.
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

/** Whether Runpod does what it is asked when it answers so. */
const isDone = (answer: Answer): boolean => answer === '200' || answer === '204' || answer === 'reset-after'

export function faultOf({ podId, answer, action }: Cell): Fault | null {
  const kind = answer === null ? null : answers[answer]
  if (kind === null) return null
  // Longer than it takes to pull the plug; only the others are sent again, once that is over.
  const retryAfterS = action === 'terminate' ? 60 : 8
  return { kind, podId, action, method: 'POST', count: 1, ...(answer === '429' ? { retryAfterS } : {}) }
}

/** Its pod, which does in a second what others do in half a minute. */
export const podOf = ({ podId, action }: Pick<Cell, 'podId' | 'action'>): PodSpec => ({
  id: podId,
  name: podId,
  mode: action === 'start' ? 'stopped' : 'training',
  provisioningS: 0,
  startingS: 1,
  stoppingS: 1,
  restartingS: 1,
})
