import type { ActivityRow } from '../../../core/audit-log/activity-rows'
import type { UsageTable } from '../../../core/history/usage-table'
import { MINUTE_MS } from '../../../core/base/time'

/** Something that happened, drawn as a line through all lanes. */
export interface ChartMark {
  readonly atMs: number
  readonly label: string
}

const actionLabels = {
  start: 'Started',
  stop: 'Stopped',
  restart: 'Restarted',
  terminate: 'Terminated',
} as const

/** Alerts and actions of the log, and starts that nobody asked Podkeeper for. In the order of their time. */
export function chartMarks(rows: readonly ActivityRow[], table: UsageTable | null): readonly ChartMark[] {
  const ofLog = rows.flatMap(({ newest, place, action }): ChartMark[] => {
    if (action !== null)
      return action.phase === 'observed'
        ? [{ atMs: action.last.atMs, label: actionLabels[action.action] }]
        : []
    return newest.kind === 'alert' ? [{ atMs: place.atMs, label: 'Alert' }] : []
  })
  const starts = table === null ? [] : [...table.atMs].filter((_at, index) => table.newRuns[index] === 1)
  const ofSamples = starts
    .filter(
      (atMs) => !ofLog.some((mark) => mark.label !== 'Alert' && Math.abs(mark.atMs - atMs) < 5 * MINUTE_MS),
    )
    .map((atMs) => ({ atMs, label: 'Restarted' }))
  return [...ofLog, ...ofSamples].sort((a, b) => a.atMs - b.atMs)
}

export interface PlacedMark {
  /** px from the left of the plot. */
  readonly x: number
  /** What is written above it; null: it has no room. */
  readonly label: string | null
}

const LABEL_GAP = 8

/**
 * The marks where they are drawn. Labels that would collide become one with a count, at the first of them. `widthOf`:
 * the width of a text, px.
 */
export function placeMarks(
  marks: readonly ChartMark[],
  xOf: (atMs: number) => number,
  width: number,
  widthOf: (text: string) => number,
): readonly PlacedMark[] {
  const shown = marks
    .map(({ atMs, label }) => ({ x: xOf(atMs), label }))
    .filter(({ x }) => x >= 0 && x <= width)
  const placed: { x: number; label: string | null }[] = []
  let group: { x: number; label: string; count: number; mark: { x: number; label: string | null } } | null =
    null
  for (const { x, label } of shown) {
    const mark = { x, label: label as string | null }
    const room = group === null ? Number.NEGATIVE_INFINITY : group.x + widthOf(textOf(group)) / 2
    if (group !== null && x - widthOf(label) / 2 < room + LABEL_GAP) {
      group.count += 1
      mark.label = null
      group.mark.label = textOf(group)
    } else group = { x, label, count: 1, mark }
    placed.push(mark)
  }
  return placed
}

const textOf = ({ label, count }: { readonly label: string; readonly count: number }): string =>
  count === 1 ? label : `${count} events`
