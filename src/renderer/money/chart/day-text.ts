import { formatDate, formatNumber, formatTimeOfDay } from '../../../core/base/text/format'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/base/time/time'

/** "Nov 24", in UTC. */
export const shortDay = (atMs: number): string =>
  formatDate(atMs, { month: 'short', day: 'numeric', timeZone: 'UTC' })

/** "11:00 AM UTC" on the day of `nowMs`, otherwise "Nov 23, 11:00 AM UTC". */
export function shortHour(atMs: number, nowMs: number): string {
  const hour = `${formatTimeOfDay(atMs, 'UTC')} UTC`
  return shortDay(atMs) === shortDay(nowMs) ? hour : `${shortDay(atMs)}, ${hour}`
}

/** "20 h 49 min", "9 h", "20 h 48 min 37 s": what `ms` has of each unit, rounded down to seconds. */
export function hoursText(ms: number): string {
  const parts = [
    { count: Math.floor(ms / HOUR_MS), unit: 'h' },
    { count: Math.floor((ms % HOUR_MS) / MINUTE_MS), unit: 'min' },
    { count: Math.floor((ms % MINUTE_MS) / SECOND_MS), unit: 's' },
  ]
  const named = parts
    .filter(({ count }) => count > 0)
    .map(({ count, unit }) => `${formatNumber(count)} ${unit}`)
  return named.length === 0 ? '0 min' : named.join(' ')
}
