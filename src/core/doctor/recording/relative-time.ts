/* Times in recordings are seconds from its start: "@-3600s". They say how old things were, and not when that was. */

const RELATIVE = /^@(-?\d{1,12}(?:\.\d{1,3})?)s$/
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** A time as an API or HTTP writes it, relative to `startMs` (Unix ms); null for anything else. */
export function relativeTime(text: string, startMs: number): string | null {
  if (!RFC_3339.test(text) && !HTTP_DATE.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : relativeMs(ms - startMs)
}

export const relativeMs = (ms: number): string => `@${Math.round(ms) / 1_000}s`

/** Milliseconds from the start; null for a text that is no relative time. */
export function parseRelativeTime(text: string): number | null {
  const seconds = RELATIVE.exec(text)?.[1]
  return seconds === undefined ? null : Number(seconds) * 1_000
}
