import type { IntentView } from '../../intents/intent-view'
import type { PodPhase } from '../../pods/pod'

/** What the person does with the pod that sits idle as the demo opens, in this order. */
export const momentSteps = ['stop', 'undo', 'automatic', 'done'] as const
export type MomentStep = (typeof momentSteps)[number]

/** What is looked at of a `PodView`. */
export interface MomentPod {
  readonly phase: PodPhase
  readonly intent: Pick<IntentView, 'action' | 'phase'> | null
}

/**
 * The step after a look at the pod: the first waits for a stop, the second until it was undone or sent. It never goes
 * back. See docs/product-rules.md#9-first-run.
 */
export function momentAfter(step: MomentStep, { phase, intent }: MomentPod): MomentStep {
  if (step !== 'stop' && step !== 'undo') return step
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

/** The step after one that the person skips; the last one is over. Without a stop there is nothing to undo. */
export const momentSkipped = (step: MomentStep): MomentStep =>
  step === 'automatic' || step === 'done' ? 'done' : 'automatic'
