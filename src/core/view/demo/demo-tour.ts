import type { PodGuardView } from '../../guard/guard-view'
import type { Activity } from '../../idle/activity'
import type { IntentView } from '../../intents/intent-view'
import type { Pod } from '../../pods/pod'
import { type DemoTour, tourSteps, type TourStep } from './demo-view'

/** An amount that is shown as more than nothing. */
const LEAST_USD = 0.01

/** What the tour looks at of a `PodView`. */
interface TourPod extends Pick<Pod, 'id' | 'phase'> {
  readonly activity: Activity
  readonly alertAfterMs: number
  readonly guard: Pick<PodGuardView, 'autoStop' | 'keepOn'>
  readonly intent: Pick<IntentView, 'action' | 'origin'> | null
}

/** The tour after a poll. It never goes back a step. `savedUsd`: see `SavedView`. */
export function tourAfter(tour: DemoTour, pods: readonly TourPod[], savedUsd: number | null): DemoTour {
  if (tour.step === 'saved') return savedUsd === null ? tour : { ...tour, savedUsd }
  const pod = pods.find(({ id }) => id === tour.podId)
  if (pod === undefined) return { ...tour, obstacle: 'gone' }
  const { activity, guard, intent, phase } = pod
  const observed: Record<TourStep, boolean> = {
    working: true,
    idle: activity.kind === 'idle',
    alerted: activity.kind === 'idle' && activity.idleForMs >= pod.alertAfterMs,
    warned: guard.autoStop.kind === 'planned',
    stopped: phase === 'stopped',
    saved: phase === 'stopped' && savedUsd !== null && savedUsd >= LEAST_USD,
  }
  const last = tourSteps
    .filter((step, index) => observed[step] || index <= tourSteps.indexOf(tour.step))
    .at(-1)
  const isByHand = phase === 'stopped' && intent?.action === 'stop' && intent.origin === 'person'
  return {
    ...tour,
    step: last ?? tour.step,
    obstacle:
      isByHand || tour.obstacle === 'stopped-by-hand'
        ? 'stopped-by-hand'
        : guard.keepOn === null
          ? null
          : 'kept-on',
    savedUsd: observed.saved ? savedUsd : null,
  }
}
