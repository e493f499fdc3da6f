import type { Range } from '../range'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/time'

/*
 * Formats numbers, money and times as text, the same way in every window, notification, tooltip and command. The words
 * are English; the clock, the order of day and month, and the separators of numbers are those of the system's region.
 */

/** How moments are formatted. Without `nowMs` only the time of day is included, never the day. */
export interface MomentStyle {
  readonly nowMs?: number
  /** IANA name; defaults to the system's time zone. */
  readonly timeZone?: string
}

interface Formats {
  readonly locale: string
  readonly has12Hours: boolean
}

let formats: Formats = { locale: 'en-US', has12Hours: false }

// Creating a formatter is slow, and these run for every pod in each poll.
const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

/**
 * Sets the formats of this program to those of a system locale, such as "de-DE"; each program does it once, at its
 * start. A locale that is not known leaves them as they are.
 */
export function configureFormats(systemLocale: string): void {
  try {
    const { region } = new Intl.Locale(systemLocale).maximize()
    const { hourCycle } = new Intl.DateTimeFormat(systemLocale, { hour: 'numeric' }).resolvedOptions()
    formats = {
      locale: region === undefined ? 'en-US' : `en-${region}`,
      has12Hours: hourCycle === 'h12' || hourCycle === 'h11',
    }
  } catch {
    return
  }
  numberFormats.clear()
  dateFormats.clear()
}

/** The locale of an environment as POSIX orders it ("de_DE.UTF-8" as "de-DE"); null for none or the C locale. */
export function localeOfEnvironment(env: Readonly<Record<string, string | undefined>>): string | null {
  const value = env['LC_ALL'] || env['LC_TIME'] || env['LANG'] || ''
  const name = (value.split(/[.@]/, 1)[0] ?? '').replace('_', '-')
  return /^[a-z]{2,3}(-[a-z]{2})?$/i.test(name) ? name : null
}

/** "1,234.5": at most `maxDecimals` decimals, and at least `minDecimals`. */
export function formatNumber(value: number, maxDecimals = 0, minDecimals = 0): string {
  const key = `${minDecimals} ${maxDecimals}`
  const known = numberFormats.get(key)
  const options = { minimumFractionDigits: minDecimals, maximumFractionDigits: maxDecimals }
  const format = known ?? new Intl.NumberFormat(formats.locale, options)
  if (known === undefined) numberFormats.set(key, format)
  return format.format(value)
}

/** A date or time with the parts that `options` name. */
export function formatDate(atMs: number, options: Intl.DateTimeFormatOptions): string {
  // A format stays in the time zone that it was made in.
  const key = `${new Date(atMs).getTimezoneOffset()} ${JSON.stringify(options)}`
  const known = dateFormats.get(key)
  const format =
    known ??
    new Intl.DateTimeFormat(formats.locale, {
      ...options,
      ...(options.hour !== undefined && { hourCycle: formats.has12Hours ? 'h12' : 'h23' }),
    })
  if (known === undefined) dateFormats.set(key, format)
  // Newer engines separate "PM" by a narrow space, which not every font and terminal has.
  return format
    .format(atMs)
    .replaceAll('\u202f', ' ')
    .replace(/ ([ap])\.?m\.?$/, (_match, half: string) => ` ${half.toUpperCase()}M`)
}

/** "$1,234.50"; "<$0.01" for amounts that would otherwise round to zero. `usd` in dollars. */
export function formatUsd(usd: number): string {
  const size = Math.abs(usd)
  const sign = usd < 0 ? '−' : ''
  if (size > 0 && size < 0.005) return usd < 0 ? '−$0.00' : '<$0.01'
  return `${sign}$${formatNumber(size, 2, 2)}`
}

/** "$18.25/hr"; "approx. $18.25/hr" for a rate from a price list. */
export function formatUsdPerHour(usdPerHour: number, isApproximate = false): string {
  return `${isApproximate ? 'approx. ' : ''}${formatUsd(usdPerHour)}/hr`
}

/** "100 GB", in Runpod's definition of a GB. */
export function formatGb(sizeGb: number): string {
  return `${formatNumber(sizeGb, 1)} GB`
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** "512 B", "1.5 kB", "34 MB": in powers of 1,000, with one decimal below 10. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  return `${formatNumber(value, power > 0 && value < 10 ? 1 : 0)} ${BYTE_UNITS[power] ?? ''}`
}

/** Rounded down to whole units: "40 s", "12 min", "2 h 4 min", "3 d 5 h", "1,234 d". Negative values count as 0. */
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

/** "2:05 PM", or "14:05" where clocks have 24 hours. */
export function formatTimeOfDay(atMs: number, timeZone?: string): string {
  const minutes = minutesOfDay(atMs, timeZone)
  const [hour, minute] = [Math.floor(minutes / 60), String(minutes % 60).padStart(2, '0')]
  if (!formats.has12Hours) return `${String(hour).padStart(2, '0')}:${minute}`
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'AM' : 'PM'}`
}

/** A time of day that is stored as "22:00", as times are shown here. */
export function formatClock(stored: string): string {
  const [hours = 0, minutes = 0] = stored.split(':').map(Number)
  return formatTimeOfDay((hours * 60 + minutes) * MINUTE_MS, 'UTC')
}

/** Minutes since midnight, 0 to 1439. */
export function minutesOfDay(atMs: number, timeZone?: string): number {
  // Avoids a formatter, because this runs for every pod in each poll.
  if (timeZone === undefined) {
    const at = new Date(atMs)
    return at.getHours() * 60 + at.getMinutes()
  }
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
    .format(atMs)
    .split(':')
    .map(Number)
  return hour * 60 + minute
}

/** The time of day on the day of `nowMs`, "Tue 2:05 PM" within a week of it, otherwise "Nov 3, 2:05 PM". */
export function formatMoment(atMs: number, style: MomentStyle = {}): string {
  const { nowMs, timeZone } = style
  const clock = formatTimeOfDay(atMs, timeZone)
  if (nowMs === undefined) return clock
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = { day: 'numeric', month: 'short', year: 'numeric', ...zone } as const
  if (formatDate(atMs, day) === formatDate(nowMs, day)) return clock
  if (Math.abs(nowMs - atMs) < 6 * DAY_MS)
    return `${formatDate(atMs, { weekday: 'short', ...zone })} ${clock}`
  return `${formatDate(atMs, { day: 'numeric', month: 'short', ...zone })}, ${clock}`
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
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min')
  return twoUnits(round(left / HOUR_MS), 24, 'd', 'h')
}

/** "2 h 4 min", "2 h". */
function twoUnits(count: number, size: number, large: string, small: string): string {
  const rest = count % size
  return `${formatNumber(Math.floor(count / size))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
