import { formatNumber } from '../../base/text/format'
import { type BurnRate, burnRateText } from '../../money/burn-rate'
import type { HourlySaving } from '../../pods/data-impact'
import { isIdle } from '../pod-state'
import type { PodView } from '../snapshot'
import { sumOfSavings } from './stop-plan'

/* What window and tray say of a stop of several pods. */

/** "saves $4.65/hr". */
export const savesText = (saving: BurnRate): string => `saves ${burnRateText(saving)}`

/** "Saves $4.65/hr."; empty where nothing is saved, or it isn't known of any pod. */
export function savingSentence(savings: readonly (HourlySaving | undefined)[]): string {
  const sum = sumOfSavings(savings.map((saving) => saving ?? null))
  const text = savesText(sum)
  return sum.perHourUsd === 0 ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** "3 pods"; the name of a single one. */
export const podsText = (pods: readonly Pick<PodView, 'name'>[]): string => {
  const [only] = pods
  return pods.length === 1 && only !== undefined ? only.name : `${formatNumber(pods.length)} pods`
}

/** "Stop 25 idle pods?"; the name of a single one. */
export const stopPodsTitle = (pods: readonly PodView[]): string =>
  pods.length !== 1 && pods.every(isIdle)
    ? `Stop ${formatNumber(pods.length)} idle pods?`
    : `Stop ${podsText(pods)}?`

/** "8 would lose all data and are left out."; null where none is. */
export function leftOutText(leftOut: readonly Pick<PodView, 'name'>[]): string | null {
  const [only] = leftOut
  if (only === undefined) return null
  return leftOut.length === 1
    ? `${only.name} would lose all data and is left out.`
    : `${formatNumber(leftOut.length)} would lose all data and are left out.`
}
