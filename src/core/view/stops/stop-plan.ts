import { type HourlySaving, savingOfStop } from '../../pods/data-impact'
import { isOpen } from '../../intents/intent'
import { approximatePart } from '../../money/ledger/amounts'
import type { BurnRate } from '../../money/burn-rate'
import { isIdle } from '../pod-state'
import type { PodView } from '../snapshot'

/** The pods that can be stopped now: observed in this run, without an open action. */
export const stoppable = (pods: readonly PodView[]): readonly PodView[] =>
  pods.filter(
    ({ actions, intent, isFromLastRun }) =>
      actions.includes('stop') && (intent === null || !isOpen(intent)) && isFromLastRun !== true,
  )

/** Whether nothing surely survives a stop, so that the app's own window asks first. */
export const wouldLoseData = ({ stopImpact }: Pick<PodView, 'stopImpact'>): boolean =>
  stopImpact.every(({ impact }) => impact !== 'kept')

/**
 * What stopping these pods saves: their rates without what their disks go on costing. At least that, where the price of
 * a pod is not known.
 */
export function stopSaving(pods: readonly PodView[]): BurnRate {
  return sumOfSavings(pods.map((pod) => savingOfStop(pod, pod.stopImpact)))
}

/** Null: it isn't known of that pod. */
export function sumOfSavings(savings: readonly (HourlySaving | null)[]): BurnRate {
  return {
    perHourUsd: savings.reduce((sum, saving) => sum + (saving?.perHourUsd ?? 0), 0),
    isAtLeast: savings.includes(null),
    ...approximatePart(savings.some((saving) => saving?.isApproximate === true)),
  }
}

/** Which idle pods one yes stops. */
export interface IdleStopPlan {
  readonly stopped: readonly PodView[]
  /** They would lose all data, so that each has a question of its own. */
  readonly leftOut: readonly PodView[]
}

/** See docs/product-rules.md#43-stop. */
export function stopIdlePlan(pods: readonly PodView[]): IdleStopPlan {
  const idle = stoppable(pods).filter(isIdle)
  return {
    stopped: idle.filter((pod) => !wouldLoseData(pod)),
    leftOut: idle.filter((pod) => wouldLoseData(pod)),
  }
}
