import { HOUR_MS } from '../../base/time/time'
import type { LastObservation, LastObservations } from './ledger-observation'
import { HOURS_PER_DAY, hourIn, markHour, type MonthBook } from './month-book'
import { hourStart } from './months'
import { OTHER } from './billing-state'

/** Two lists may be this far apart in time without one being of the future, ms. */
const TOLERANCE_MS = 60_000

const subjectIdOf = (key: string): string => (key.startsWith('member/') ? OTHER : key)

/** Whether the book has anything of a time after `nowMs`, because it was counted by a wrong clock. */
export function hasFuture(book: MonthBook, nowMs: number): boolean {
  const untilMs = nowMs + TOLERANCE_MS
  const hourNow = hourIn(book, untilMs)
  if ([...book.bookedUntilMs.values()].some((atMs) => atMs > untilMs)) return true
  for (const { hours } of book.subjects.values())
    for (const [hour, { lastReadMs }] of hours) if (hour > hourNow || lastReadMs > untilMs) return true
  return (
    [...book.pageReads].some(([hour, { lastMs }]) => hour > hourNow || lastMs > untilMs) ||
    [...book.unobservedHours].some((hour) => hour > hourNow)
  )
}

/**
 * Removes what is of a time after `nowMs`: hours, and readings of bills, which are then read anew. The hour that was
 * booked beyond now goes too, because it cannot be divided.
 */
export function removeFuture(book: MonthBook, nowMs: number): void {
  for (let hour = 0; hour <= hourIn(book, book.endMs - 1); hour += HOURS_PER_DAY) markHour(book, hour)
  const hourNow = hourIn(book, nowMs)
  const bookedTooFar = new Set<string>()
  for (const [key, atMs] of book.bookedUntilMs) {
    if (atMs <= nowMs) continue
    bookedTooFar.add(subjectIdOf(key))
    book.bookedUntilMs.set(key, hourStart(nowMs))
  }
  for (const [id, { hours }] of book.subjects)
    for (const [hour, bucket] of hours) {
      if (hour > hourNow || (hour === hourNow && bookedTooFar.has(id))) hours.delete(hour)
      else if (bucket.lastReadMs > nowMs)
        Object.assign(bucket, { lastReading: null, finalReading: null, firstReadMs: 0, lastReadMs: 0 })
    }
  for (const hour of book.unobservedHours) if (hour > hourNow) book.unobservedHours.delete(hour)
  for (const [hour, { lastMs }] of book.pageReads)
    if (hour > hourNow || lastMs > nowMs) book.pageReads.delete(hour)
  book.corrections = book.corrections.map((each) => ({ ...each, atMs: Math.min(each.atMs, nowMs) }))
  for (const [id, stop] of book.stops) {
    const atMs = Math.min(stop.atMs, nowMs)
    // How long it lasted was measured by the wrong clock.
    const saving = atMs < stop.atMs ? { ...stop.saving, endedAtMs: atMs } : stop.saving
    book.stops.set(id, { ...stop, atMs, saving })
  }
}

export const isObservedInFuture = (
  { podsAtMs, volumesAtMs, observations }: LastObservations,
  nowMs: number,
): boolean =>
  [podsAtMs ?? 0, volumesAtMs ?? 0, ...[...observations.values()].map(({ atMs }) => atMs)].some(
    (atMs) => atMs > nowMs + TOLERANCE_MS,
  )

/**
 * The observations with none after `nowMs`. One of the future is moved to the end of what remains booked of its
 * subject, so that counting continues from there and nothing is counted twice.
 */
export function withoutFutureObservations(
  last: LastObservations,
  book: MonthBook,
  nowMs: number,
): LastObservations {
  const clamp = (atMs: number, untilMs: number): number => Math.min(atMs, untilMs)
  const observations = new Map(
    [...last.observations].map(([key, observation]): [string, LastObservation] => {
      const atMs = observation.atMs > nowMs ? bookedEnd(book, key, nowMs) : observation.atMs
      const missedAtMs = observation.missedAtMs === null ? null : clamp(observation.missedAtMs, atMs)
      // What is longer than the time until now belongs to the wrong clock.
      const uptimeMs = observation.atMs > nowMs ? null : observation.uptimeMs
      return [key, { ...observation, atMs, missedAtMs, sinceMs: clamp(observation.sinceMs, atMs), uptimeMs }]
    }),
  )
  const latestOf = (prefixes: readonly string[], atMs: number | null): number | null => {
    if (atMs === null || atMs <= nowMs) return atMs
    const times = [...observations].flatMap(([key, observation]) =>
      prefixes.some((prefix) => key.startsWith(prefix)) ? [observation.atMs] : [],
    )
    return times.length === 0 ? hourStart(nowMs) : Math.max(...times)
  }
  return {
    ...last,
    observations,
    podsAtMs: latestOf(['pod/', 'member/'], last.podsAtMs),
    volumesAtMs: latestOf(['volume/'], last.volumesAtMs),
  }
}

/** The end of the last hour before the present one in which something is booked; otherwise the start of this hour. */
function bookedEnd(book: MonthBook, key: string, nowMs: number): number {
  const hours = [...(book.subjects.get(subjectIdOf(key))?.hours ?? [])]
  const booked = hours.filter(([hour, { max, onMs }]) => hour < hourIn(book, nowMs) && (max > 0 || onMs > 0))
  if (booked.length === 0) return hourStart(nowMs)
  return book.startMs + (Math.max(...booked.map(([hour]) => hour)) + 1) * HOUR_MS
}
