import { isOpen } from '../intents/intent'
import { approximatePart } from '../money/ledger/amounts'
import type { BurnRate } from '../money/burn-rate'
import { isIdle } from './pod-state'
import type { PodView } from './snapshot'

const HOURS_PER_DAY = 24

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
  const savedUsd = pods.map(({ costPerHourUsd, stopImpact }) => {
    const disks = stopImpact.reduce((sum, impact) => sum + (impact.stoppedCostPerDayUsd ?? 0), 0)
    return Math.max(0, (costPerHourUsd ?? 0) - disks / HOURS_PER_DAY)
  })
  return {
    perHourUsd: savedUsd.reduce((sum, usd) => sum + usd, 0),
    isAtLeast: pods.some(({ costPerHourUsd }) => costPerHourUsd === null),
    ...approximatePart(pods.some(({ isPriceApproximate }) => isPriceApproximate === true)),
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
