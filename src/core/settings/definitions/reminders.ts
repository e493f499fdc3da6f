import { HOUR_MS } from '../../base/time/time'

/** Hours of observed idleness at which the owner is reminded. See docs/product-rules.md#31-rules. */
const DEFAULT_HOURS: readonly number[] = [1, 2, 4, 8]

const MAX_REMINDERS = 10
const MAX_HOURS = 168

/** Why a text is not a list of reminders, to follow a name; null when it is one. */
export function reminderProblem(text: string): string | null {
  const hours = parseHours(text)
  if (hours.length > MAX_REMINDERS) return `must be at most ${MAX_REMINDERS} times`
  const areValid = hours.every((each) => each > 0 && each <= MAX_HOURS)
  const areRising = hours.every((each, index) => each > (hours[index - 1] ?? 0))
  return areValid && areRising ? null : 'must be hours up to 168, such as 1, 2, 4, 8, each more than the last'
}

/** Milliseconds of observed idleness at which to remind, ascending. */
export function reminderDelaysMs(text: string | null): readonly number[] {
  const hours = text === null || reminderProblem(text) !== null ? DEFAULT_HOURS : parseHours(text)
  return hours.map((each) => each * HOUR_MS)
}

/** Invalid numbers become NaN, which validation rejects. */
const parseHours = (text: string): number[] =>
  text.split(',').map((part) => (/^\s*\d+(\.\d+)?\s*$/.test(part) ? Number(part) : Number.NaN))
