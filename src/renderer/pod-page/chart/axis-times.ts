import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/base/time/time'

/** How far apart the labels of the time axis may be. */
export const AXIS_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 12, 24, 48, 96, 168].map((hours) => hours * HOUR_MS),
]

/** Round times of the local clock, also across a change of summer time. */
export function localSplits(min: number, max: number, incrementMs: number): number[] {
  const start = new Date(min)
  start.setHours(0, 0, 0, 0)
  const splits: number[] = []
  const days = Math.max(1, Math.round(incrementMs / DAY_MS))
  for (const day = start; day.getTime() <= max; day.setDate(day.getDate() + days)) {
    const isWholeDays = incrementMs >= DAY_MS
    for (let minutes = 0; minutes < (isWholeDays ? 1 : 24 * 60); minutes += incrementMs / MINUTE_MS) {
      const at = new Date(day).setHours(0, minutes, 0, 0)
      if (at >= min && at <= max && at > (splits.at(-1) ?? 0)) splits.push(at)
    }
  }
  return splits
}
