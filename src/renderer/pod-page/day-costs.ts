import { DAY_MS } from '../../core/base/time/time'
import type { CostsView } from '../../core/money/costs/costs-view'
import { monthOf } from '../../core/money/ledger/months'

export const DAYS = 7

export interface DayCost {
  readonly startMs: number
  readonly cents: number
  readonly idleUsd: number
}

/** The beginning (UTC) of the first of the last days, Unix ms. */
export const firstDayMs = (nowMs: number): number => Math.floor(nowMs / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS

/** What a pod cost on each of the last days; null while the costs of a month that they are in are not known. */
export function dayCosts(
  months: readonly (CostsView | null)[],
  podId: string,
  nowMs: number,
): readonly DayCost[] | null {
  const starts = Array.from({ length: DAYS }, (_, day) => firstDayMs(nowMs) + day * DAY_MS)
  const known = months.filter((view) => view !== null)
  if (starts.some((startMs) => !known.some(({ month }) => month === monthOf(startMs)))) return null
  return starts.map((startMs) => {
    const own = known
      .flatMap(({ days }) => days)
      .filter((day) => day.startMs === startMs)
      .flatMap(({ parts }) => parts)
      .filter(({ id }) => id === `pod/${podId}`)
    return {
      startMs,
      cents: own.reduce((sum, { cents }) => sum + cents, 0),
      idleUsd: own.reduce((sum, { idleUsd }) => sum + idleUsd, 0),
    }
  })
}
