import { minutesOfDay } from '../../base/text/format'

/** "22:00" as minutes of the day, 0 to 1439; null when it is not a time. */
export function parseTimeOfDay(text: string): number | null {
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59) return null
  return Number(hours) * 60 + Number(minutes)
}

/** Why a text is not a time of day, to follow a name; null when it is one. */
export function timeOfDayProblem(text: string): string | null {
  return parseTimeOfDay(text) === null ? 'must be a time of day from 00:00 to 23:59, such as 22:00' : null
}

/**
 * Whether `atMs` (Unix ms) is within the quiet hours, which may span midnight; the end time is excluded. They
 * follow local time, so they are longer or shorter when daylight saving time changes. If one time is missing
 * or both are equal, there are none. `timeZone`: IANA name; defaults to the system's. See
 * docs/product-rules.md#62-delivery.
 */
export function isInQuietHours(
  atMs: number,
  { quietHoursFrom, quietHoursTo }: QuietHours,
  timeZone?: string,
): boolean {
  const from = quietHoursFrom === null ? null : parseTimeOfDay(quietHoursFrom)
  const to = quietHoursTo === null ? null : parseTimeOfDay(quietHoursTo)
  if (from === null || to === null || from === to) return false
  const now = minutesOfDay(atMs, timeZone)
  return from < to ? from <= now && now < to : now >= from || now < to
}

export interface QuietHours {
  readonly quietHoursFrom: string | null
  readonly quietHoursTo: string | null
}
