import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/base/time'

const utcFormat = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' })
const DAY = utcFormat({ month: 'short', day: 'numeric' })
const HOUR = utcFormat({ hour: 'numeric' })
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** "Nov 24", in UTC. */
export const shortDay = (atMs: number): string => DAY.format(atMs)

/** "11 AM UTC" on the day of `nowMs`, otherwise "Nov 23, 11 AM UTC"; the whole hour. */
export function shortHour(atMs: number, nowMs: number): string {
  const hour = `${HOUR.format(atMs).replace(/\s/, ' ')} UTC`
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
    .map(({ count, unit }) => `${WHOLE.format(count)} ${unit}`)
  return named.length === 0 ? '0 min' : named.join(' ')
}

/** "9%"; "<1%" for a small share that would round to zero. `share`: 0–1. */
export const shareText = (share: number): string =>
  share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`
