import { HOUR_MS } from '../../base/time'

/** Hours of observed idleness at which an owner is reminded. Product rules, "Idle policy". */
const DEFAULT_HOURS: readonly number[] = [1, 2, 4, 8]

const MAX_REMINDERS = 10
const MAX_HOURS = 168

/** Why a text names no reminders, to follow a name; null when it does. */
export function reminderProblem(text: string): string | null {
  const hours = hoursOf(text)
  if (hours.length > MAX_REMINDERS) return `must be at most ${MAX_REMINDERS} times`
  const areTimes = hours.every((each) => each > 0 && each <= MAX_HOURS)
  const areRising = hours.every((each, index) => each > (hours[index - 1] ?? 0))
  return areTimes && areRising ? null : 'must be hours up to 168, such as 1, 2, 4, 8, each more than the last'
}

/** Milliseconds of observed idleness at which to remind, rising. */
export function remindersOf(text: string | null): readonly number[] {
  const hours = text === null || reminderProblem(text) !== null ? DEFAULT_HOURS : hoursOf(text)
  return hours.map((each) => each * HOUR_MS)
}

/** What is no number is NaN, which is no time. */
const hoursOf = (text: string): number[] =>
  text.split(',').map((part) => (/^\s*\d+(\.\d+)?\s*$/.test(part) ? Number(part) : Number.NaN))
