import { formatClock } from '../base/text/format'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time/time'
import { parseTimeOfDay } from '../settings/definitions/quiet-hours'

/*
 * A time of day at which a pod is stopped unless it is in use, as it is stored and typed: "20:00", "20:00 mon-fri",
 * "20:00 fri,sat Europe/Berlin", or "never". See docs/product-rules.md#31-rules.
 */

export interface StopTime {
  /** Minutes since midnight, 0 to 1439. */
  readonly minutes: number
  /** 0 (Sunday) to 6, ascending. */
  readonly days: readonly number[]
  /** An IANA name; null: the zone of the computer that acts. */
  readonly timeZone: string | null
}

export const stopTimeProblem =
  'must be a time such as 20:00, with days such as mon-fri and a time zone such as Europe/Berlin if needed'

/** The stop time of a pod that none stops, although one stops the other pods of its account. */
export const NO_STOP_TIME = 'never'

export const isStopTimeText = (text: string): boolean => text === NO_STOP_TIME || parseStopTime(text) !== null

/** When these rules stop a pod; null: at no time of day. */
export const stopTimeOf = ({ stopAt }: { readonly stopAt?: string }): StopTime | null =>
  stopAt === undefined ? null : parseStopTime(stopAt)

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const ALL_DAYS: readonly number[] = [0, 1, 2, 3, 4, 5, 6]

/** A pod that was in use at the time is stopped later that evening, but not once this has passed. */
export const STOP_TIME_WINDOW_MS = 8 * HOUR_MS

const parsed = new Map<string, StopTime | null>()
const MAX_REMEMBERED = 1_000

/** Null: the text is none. Texts are parsed once, since rules are evaluated at each poll. */
export function parseStopTime(text: string): StopTime | null {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const [time = '', ...others] = text.trim().split(/\s+/)
  const minutes = parseTimeOfDay(time)
  const days = others[0] === undefined ? null : parseDays(others[0])
  const [timeZone = null, ...excess] = days === null ? others : others.slice(1)
  const isValid = minutes !== null && excess.length === 0 && (timeZone === null || isTimeZone(timeZone))
  const result = isValid ? { minutes, days: days ?? ALL_DAYS, timeZone } : null
  if (parsed.size >= MAX_REMEMBERED) parsed.clear()
  parsed.set(text, result)
  return result
}

/** The text of a stop time, each always in the same form. */
export function stopTimeText({ minutes, days, timeZone }: StopTime): string {
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const isDaily = days.length === ALL_DAYS.length
  return [time, ...(isDaily ? [] : [daysText(days)]), ...(timeZone === null ? [] : [timeZone])].join(' ')
}

const daysText = (days: readonly number[]): string =>
  days.join() === '1,2,3,4,5' ? 'mon-fri' : days.map((day) => weekdays[day]).join()

/** Null: no days. Ranges may cross the end of the week: "fri-mon". */
function parseDays(text: string): readonly number[] | null {
  const days = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first, ...excess] = part.split('-')
    const [from, to] = [first, last].map((name) => weekdays.findIndex((day) => day === name))
    if (from === undefined || to === undefined || from < 0 || to < 0 || excess.length > 0) return null
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === to) break
    }
  }
  return [...days].sort((a, b) => a - b)
}

function isTimeZone(name: string): boolean {
  return offsetFormat(name) !== null
}

const formats = new Map<string, Intl.DateTimeFormat | null>()

function offsetFormat(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  let format: Intl.DateTimeFormat | null = null
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    // The name of no zone, or of one that this system doesn't know.
  }
  if (formats.size >= MAX_REMEMBERED) formats.clear()
  formats.set(timeZone, format)
  return format
}

/** The offset of local time from UTC at a moment (Unix ms), in ms. */
function offsetMs(atMs: number, timeZone: string | null): number {
  const format = timeZone === null ? null : offsetFormat(timeZone)
  if (format === null) return -new Date(atMs).getTimezoneOffset() * MINUTE_MS
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const localMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return localMs - Math.floor(atMs / 1_000) * 1_000
}

/**
 * The moment of a local time, given as if it were UTC. One that exists twice is the first; one that is skipped by
 * daylight saving time is as much later.
 */
function momentOf(localMs: number, timeZone: string | null): number {
  const before = offsetMs(localMs - DAY_MS, timeZone)
  const after = offsetMs(localMs + DAY_MS, timeZone)
  const moments = [before, after]
    .filter((offset) => offsetMs(localMs - offset, timeZone) === offset)
    .map((offset) => localMs - offset)
  return moments.length > 0 ? Math.min(...moments) : localMs - before
}

/** The last stop time that has come, and the next one that is to come, Unix ms. */
export function stopTimesAround(
  { minutes, days, timeZone }: StopTime,
  nowMs: number,
): { readonly lastMs: number; readonly nextMs: number } {
  const today = Math.floor((nowMs + offsetMs(nowMs, timeZone)) / DAY_MS)
  const momentOn = (dayOffset: number): number | null => {
    const day = today + dayOffset
    // 1970-01-01 was a Thursday.
    if (!days.includes((((day + 4) % 7) + 7) % 7)) return null
    return momentOf(day * DAY_MS + minutes * MINUTE_MS, timeZone)
  }
  const find = (offsets: readonly number[], isWanted: (atMs: number) => boolean): number => {
    for (const offset of offsets) {
      const atMs = momentOn(offset)
      if (atMs !== null && isWanted(atMs)) return atMs
    }
    throw new Error('A stop time has at least one day a week.')
  }
  return {
    lastMs: find(DAYS_BACK, (atMs) => atMs <= nowMs),
    nextMs: find(DAYS_AHEAD, (atMs) => atMs > nowMs),
  }
}

/** Daylight saving time can move a time past midnight. */
const DAYS_AHEAD = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
const DAYS_BACK = DAYS_AHEAD.map((day) => -day)

/**
 * Time until a run of a pod that began at `startedAtMs` meets a stop time, ms; 0: it has met one that counts still. A
 * run that began after the stop time is that of somebody who wants to go on.
 */
export function stopTimeLeftMs(stopTime: StopTime, startedAtMs: number | null, nowMs: number): number {
  const { lastMs, nextMs } = stopTimesAround(stopTime, nowMs)
  const counts = nowMs - lastMs < STOP_TIME_WINDOW_MS && startedAtMs !== null && startedAtMs < lastMs
  return counts ? 0 : nextMs - nowMs
}

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** "at 8:00 PM", "on weekdays at 8:00 PM", "on Friday and Saturday at 8:00 PM (Europe/Berlin)". */
export function describeStopTime(text: string, ownTimeZone?: string): string {
  const stopTime = parseStopTime(text)
  if (stopTime === null) return `at ${text}`
  const { minutes, days, timeZone } = stopTime
  const clock = formatClock(`${Math.floor(minutes / 60)}:${minutes % 60}`)
  const zone = timeZone === null || timeZone === ownTimeZone ? '' : ` (${timeZone})`
  return `${daysPhrase(days)}at ${clock}${zone}`
}

function daysPhrase(days: readonly number[]): string {
  if (days.length === weekdays.length) return ''
  if (days.join() === '1,2,3,4,5') return 'on weekdays '
  if (days.join() === '0,6') return 'on weekends '
  const names = days.map((day) => dayNames[day])
  return `on ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')} `
}
