import { formatNumber, formatUsd } from '../../../core/base/text/format'

/** Ticks of the money axis: round dollars in four or five steps. */
export function moneyTicks(topUsd: number): readonly number[] {
  if (!(topUsd > 0)) return [0, 1]
  const rough = topUsd / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil(topUsd / step - 1e-9) + 1 }, (_tick, index) => index * step)
}

/** "$30", "$0.25": cents only when the axis needs them. */
export const tickText = (usd: number): string =>
  Number.isInteger(usd) ? `$${formatNumber(usd)}` : formatUsd(usd)

const WIDEST_STEP = 15
const LABEL_STEPS = [1, 2, 5, 7, 10, WIDEST_STEP]
/** From one date to the next, px. */
const MIN_LABEL_GAP = 80
/** From a date to "Today", px. */
const MIN_TODAY_GAP = 52

/**
 * The indexes of the days whose date is written: every so many days from the first one, whatever the length of the
 * month. Without those that would touch "Today", which stands at its own day. `dayWidth` in px.
 */
export function datedDays(count: number, dayWidth: number, today: number | null): readonly number[] {
  const step = LABEL_STEPS.find((days) => days * dayWidth >= MIN_LABEL_GAP) ?? WIDEST_STEP
  return Array.from({ length: Math.ceil(count / step) }, (_label, index) => index * step).filter(
    (day) => today === null || Math.abs(day - today) * dayWidth >= MIN_TODAY_GAP,
  )
}

/** About how wide a text of 11 px is, px. */
export const labelWidth = (text: string): number => text.length * 6

/**
 * The middle, in days, of the longest run of days where a label of `width` px fits above a line at `lineUsd`; null:
 * there is none. `topsUsd`: how high each day reaches.
 */
export function freeRun(
  topsUsd: readonly number[],
  lineUsd: number,
  width: number,
  dayWidth: number,
): number | null {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let day = 0; day <= topsUsd.length; day++) {
    const top = topsUsd[day]
    if (top !== undefined && top <= lineUsd) continue
    if (day - start > best.length) best = { start, length: day - start }
    start = day + 1
  }
  return best.length * dayWidth >= width ? best.start + best.length / 2 : null
}
