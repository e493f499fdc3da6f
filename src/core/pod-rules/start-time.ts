import { parseStopTime, stopTimesAround } from './stop-time'

/* When a pod is started once, as it is stored and typed. See docs/product-rules.md#31-rules. */

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

/** Whether it is a moment with its offset from UTC: "2026-12-08T09:00+01:00". */
export const isStartTimeText = (text: string): boolean =>
  MOMENT.test(text) && Number.isFinite(Date.parse(text))

export const startTimeProblem =
  'must be a time such as 09:00, with a day such as mon and a time zone such as Europe/Berlin if needed'

/** The form in which a start time is stored. `atMs`: Unix ms. */
export const startTimeText = (atMs: number): string => new Date(atMs).toISOString()

/**
 * The next moment of what a person typed ("09:00", "09:00 mon Europe/Berlin", or a moment with its offset), Unix ms; null:
 * it is none.
 */
export function parseTypedStartTime(typed: string, nowMs: number): number | null {
  if (isStartTimeText(typed)) return Date.parse(typed)
  const time = parseStopTime(typed)
  return time === null ? null : stopTimesAround(time, nowMs).nextMs
}
