import type { Range } from './range'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time'

/*
 * Formats numbers and times as text, the same way in every window, notification and tooltip. English, USD,
 * with plain spaces between a number and its unit.
 */

/** How moments are formatted. Without `nowMs` only the time of day is included, never the day. */
export interface MomentStyle {
  readonly nowMs?: number
  /** IANA name; defaults to the system's time zone. */
  readonly timeZone?: string
}

// Created once, because creating a formatter is slow and these run for every pod in each poll.
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const TENTHS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** "$1,234.50"; "<$0.01" for amounts that would otherwise round to zero. `usd` in dollars. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd)
  const sign = usd < 0 ? '−' : ''
  if (size > 0 && size < 0.005) return usd < 0 ? '−$0.00' : '<$0.01'
  return `${sign}$${CENTS.format(size)}`
}

/** "$18.25/hr"; "approx. $18.25/hr" for a rate from a price list. */
export function formatUsdPerHour(usdPerHour: number, isApproximate = false): string {
  return `${isApproximate ? 'approx. ' : ''}${formatUsd(usdPerHour)}/hr`
}

/** "100 GB", in Runpod's definition of a GB. */
export function formatGb(sizeGb: number): string {
  return `${TENTHS.format(sizeGb)} GB`
}

/** Rounded down to whole units: "40 s", "12 min", "2 h 4 min", "3 d 5 h". Negative values count as 0. */
export function formatDuration(ms: number): string {
  return wholeUnits(ms, Math.floor)
}

/** Remaining time, rounded up so that it never shows 0 early: "4 s", "3 min", "1 h". */
export function formatRemaining(ms: number): string {
  return wholeUnits(ms, Math.ceil)
}

/** "4 s ago"; "just now" within the first second and for moments in the future. */
export function formatAgo(ms: number): string {
  return ms < SECOND_MS ? 'just now' : `${formatDuration(ms)} ago`
}

/** "14:05". */
export function formatTimeOfDay(atMs: number, timeZone?: string): string {
  // Avoids creating a formatter, because this runs for every pod in each poll.
  if (timeZone === undefined) {
    const at = new Date(atMs)
    return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  }
  return parts(atMs, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, timeZone)
}

/** "14:05" on the day of `nowMs`, "Tue 14:05" within a week of it, otherwise "3 Nov, 14:05". */
export function formatMoment(atMs: number, style: MomentStyle = {}): string {
  const { nowMs, timeZone } = style
  const clock = formatTimeOfDay(atMs, timeZone)
  if (nowMs === undefined) return clock
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  if (parts(atMs, day, timeZone) === parts(nowMs, day, timeZone)) return clock
  if (Math.abs(nowMs - atMs) < 6 * DAY_MS) return `${parts(atMs, { weekday: 'short' }, timeZone)} ${clock}`
  return `${parts(atMs, { day: 'numeric', month: 'short' }, timeZone)}, ${clock}`
}

/** "0–2%", or "1%" when both ends round to the same value. */
export function formatPercentRange(range: Range): string {
  const min = Math.round(range.min)
  const max = Math.round(range.max)
  return min === max ? `${min}%` : `${min}–${max}%`
}

function wholeUnits(ms: number, round: (value: number) => number): string {
  const left = Math.max(0, ms)
  const seconds = round(left / SECOND_MS)
  if (seconds < 60) return `${seconds} s`
  const minutes = round(left / MINUTE_MS)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`
  const hours = round(left / HOUR_MS)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function parts(atMs: number, options: Intl.DateTimeFormatOptions, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return new Intl.DateTimeFormat('en-GB', { ...options, ...zone }).format(atMs)
}
