import { isOpen } from '../../intents/intent'
import type { IntentView } from '../../intents/intent-view'
import type { PodPhase } from '../../pods/pod'

/**
 * What the person does with the pod that sits idle as the demo opens, in this order. `start`: it has to run again before
 * it can be stopped automatically.
 */
export const tourSteps = ['stop', 'undo', 'automatic', 'start', 'watch', 'saved', 'done'] as const
export type TourStep = (typeof tourSteps)[number]

/** What is looked at of a `PodView`. */
export interface TourPod {
  readonly phase: PodPhase
  readonly intent: Pick<IntentView, 'action' | 'phase' | 'origin'> | null
  readonly guard: { readonly isAutoStopEnabled: boolean }
}

/**
 * The step after a look at the pod. Each step ends by what was observed of what the person did: the stop, its undo, the
 * switch, a start where it is stopped, and the automatic stop. See docs/product-rules.md#9-first-run.
 */
export function tourAfter(step: TourStep, pod: TourPod): TourStep {
  switch (step) {
    case 'stop':
    case 'undo':
      return afterStop(step, pod)
    case 'automatic':
    case 'start':
      if (!pod.guard.isAutoStopEnabled) return 'automatic'
      return pod.phase === 'running' && !isBeingStopped(pod) ? 'watch' : 'start'
    case 'watch':
      if (!pod.guard.isAutoStopEnabled) return 'automatic'
      if (isStoppedByPerson(pod)) return 'start'
      return pod.phase === 'stopped' ? 'saved' : 'watch'
    case 'saved':
    case 'done':
      return step
  }
}

/** The first step waits for a stop, the second until it was undone or sent. */
function afterStop(step: 'stop' | 'undo', { phase, intent }: TourPod): TourStep {
  if (phase === 'stopped') return 'automatic'
  if (intent?.action !== 'stop') return step
  switch (intent.phase) {
    case 'scheduled':
      return 'undo'
    case 'failed':
    case 'did-not-happen':
      return 'stop'
    default:
      return 'automatic'
  }
}

const isBeingStopped = ({ intent }: TourPod): boolean => intent?.action === 'stop' && isOpen(intent)

const isStoppedByPerson = (pod: TourPod): boolean =>
  pod.intent?.action === 'stop' &&
  pod.intent.origin === 'person' &&
  (isBeingStopped(pod) || pod.phase === 'stopped')

/** The step after one that the person skips. Without a stop there is nothing to undo; what is left needs the switch. */
export const tourSkipped = (step: TourStep): TourStep =>
  step === 'stop' || step === 'undo' ? 'automatic' : 'done'
