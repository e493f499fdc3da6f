import { formatClock } from '../../base/format'

/** "22:00" as minutes of the day, 0 to 1439; null: it is no such time. */
export function minutesOfTime(text: string): number | null {
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59) return null
  return Number(hours) * 60 + Number(minutes)
}

/** Why a text is no time of day, to follow a name; null when it is one. */
export function timeProblem(text: string): string | null {
  return minutesOfTime(text) === null ? 'must be a time of day from 00:00 to 23:59, such as 22:00' : null
}

/**
 * Whether `atMs` (Unix ms) lies in the quiet hours, which may go over midnight; the time at which they end is not in
 * them. They hold by the clock on the wall, however long that makes them when it is set to or from summer time. One
 * time without the other, or twice the same, is none. `timeZone`: IANA name; the system's own when left out.
 * Product rules, "Alerts".
 */
export function isInQuietHours(
  atMs: number,
  { quietHoursFrom, quietHoursTo }: QuietHours,
  timeZone?: string,
): boolean {
  const from = quietHoursFrom === null ? null : minutesOfTime(quietHoursFrom)
  const to = quietHoursTo === null ? null : minutesOfTime(quietHoursTo)
  if (from === null || to === null || from === to) return false
  const now = minutesOfTime(formatClock(atMs, timeZone)) ?? 0
  return from < to ? from <= now && now < to : now >= from || now < to
}

export interface QuietHours {
  readonly quietHoursFrom: string | null
  readonly quietHoursTo: string | null
}
