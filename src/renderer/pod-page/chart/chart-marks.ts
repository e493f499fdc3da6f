import type { ActivityRow } from '../../../core/audit-log/activity-rows'
import type { UsageTable } from '../../../core/history/usage-table'
import { MINUTE_MS } from '../../../core/base/time/time'
import { markLabels } from './chart-labels-text'

/** Something that happened, drawn as a line through all lanes. */
export interface ChartMark {
  readonly atMs: number
  readonly label: string
}

/** Alerts and actions of the log, and starts that nobody asked Podkeeper for. In the order of their time. */
export function chartMarks(rows: readonly ActivityRow[], table: UsageTable | null): readonly ChartMark[] {
  const ofLog = rows.flatMap(({ newest, place, action }): ChartMark[] => {
    if (action !== null)
      return action.phase === 'observed' ? [{ atMs: action.last.atMs, label: markLabels[action.action] }] : []
    return newest.kind === 'alert' ? [{ atMs: place.atMs, label: markLabels.alert }] : []
  })
  const starts = table === null ? [] : [...table.atMs].filter((_at, index) => table.newRuns[index] === 1)
  const ofSamples = starts
    .filter(
      (atMs) =>
        !ofLog.some((mark) => mark.label !== markLabels.alert && Math.abs(mark.atMs - atMs) < 5 * MINUTE_MS),
    )
    .map((atMs) => ({ atMs, label: markLabels.restart }))
  return [...ofLog, ...ofSamples].sort((a, b) => a.atMs - b.atMs)
}

export interface PlacedMark {
  /** px from the left of the plot. */
  readonly x: number
  /** What is written above it, from where on; null: it is part of the label before. */
  readonly label: { readonly text: string; readonly left: number } | null
}

const LABEL_GAP = 8

/**
 * The marks where they are drawn. Labels stay within the plot, and those that would collide become one with a count.
 * `widthOf`: the width of a text, px.
 */
export function placeMarks(
  marks: readonly ChartMark[],
  xOf: (atMs: number) => number,
  width: number,
  widthOf: (text: string) => number,
): readonly PlacedMark[] {
  const shown = marks
    .map(({ atMs, label }) => ({ x: xOf(atMs), text: label }))
    .filter(({ x }) => x >= 0 && x <= width)
  const leftOf = (x: number, text: string): number =>
    Math.max(0, Math.min(width - widthOf(text), x - widthOf(text) / 2))
  const groups: { text: string; count: number; left: number; at: number }[] = []
  shown.forEach(({ x, text }, at) => {
    groups.push({ text, count: 1, left: leftOf(x, text), at })
    // A count is wider than most labels, so a group that grew may reach the one before it.
    for (let [before, last] = groups.slice(-2); before && last; [before, last] = groups.slice(-2)) {
      if (last.left >= before.left + widthOf(before.text) + LABEL_GAP) return
      groups.pop()
      before.count += last.count
      before.text = markLabels.several(before.count)
      before.left = leftOf(shown[before.at]?.x ?? 0, before.text)
    }
  })
  return shown.map(({ x }, at) => {
    const group = groups.find((one) => one.at === at)
    return { x, label: group === undefined ? null : { text: group.text, left: group.left } }
  })
}
