import type { PodKey } from '../../../core/pods/pod'
import type { PodSection } from '../../state/arrange/arrange-pods'

/** A row of the table: the heading of a group, or a pod. */
export type TableRow =
  | { readonly kind: 'group'; readonly id: string; readonly section: PodSection; readonly height: number }
  | { readonly kind: 'pod'; readonly id: PodKey; readonly section: PodSection; readonly height: number }

export const POD_ROW_PX = 36
export const GROUP_ROW_PX = 32
/** Rows beyond the viewport, so that the next pod is there for the keyboard before it is scrolled to. */
const OVERSCAN_PX = 400

/** All rows; the heading of the first group is that of the table. */
export function tableRows(sections: readonly PodSection[]): readonly TableRow[] {
  return sections.flatMap((section, index): TableRow[] => [
    ...(index === 0
      ? []
      : [{ kind: 'group' as const, id: `group:${section.id}`, section, height: GROUP_ROW_PX }]),
    ...section.podKeys.map((podKey) => ({ kind: 'pod' as const, id: podKey, section, height: POD_ROW_PX })),
  ])
}

/** Where each row begins, px from the first one; the last entry is the height of all. */
export function rowOffsets(rows: readonly TableRow[]): readonly number[] {
  const offsets = [0]
  for (const { height } of rows) offsets.push((offsets[offsets.length - 1] ?? 0) + height)
  return offsets
}

/** What of the table is visible, px from its first row. */
export interface TableView {
  readonly top: number
  readonly height: number
  /** Of the table, px. */
  readonly width: number
}

/** A run of rows that are drawn, and the empty space before them. */
export interface DrawnRow {
  readonly row: TableRow
  readonly index: number
  /** Height of the rows between this one and the one drawn before it, px. */
  readonly gap: number
}

/**
 * The rows in or near the view, and those in `keptIds`, such as the one with the focus, wherever they are. `end`: the
 * space after the last one, px.
 */
export function drawnRows(
  rows: readonly TableRow[],
  view: TableView,
  keptIds: readonly string[],
): { readonly drawn: readonly DrawnRow[]; readonly end: number } {
  const offsets = rowOffsets(rows)
  const at = (index: number): number => offsets[index] ?? 0
  const drawn: DrawnRow[] = []
  let drawnTo = 0
  rows.forEach((row, index) => {
    const isNear =
      at(index + 1) >= view.top - OVERSCAN_PX && at(index) <= view.top + view.height + OVERSCAN_PX
    if (!isNear && !keptIds.includes(row.id)) return
    drawn.push({ row, index, gap: at(index) - drawnTo })
    drawnTo = at(index + 1)
  })
  return { drawn, end: at(rows.length) - drawnTo }
}

/** The first section that is in the view, for the heading of the table. */
export function topSection(rows: readonly TableRow[], top: number): PodSection | undefined {
  const offsets = rowOffsets(rows)
  return rows.find((_, index) => (offsets[index + 1] ?? 0) > top)?.section
}

/** The pods from `from` to `to`, both included, in the order of the rows; only `to` if `from` is not among them. */
export function podsBetween(rows: readonly TableRow[], from: PodKey | null, to: PodKey): readonly PodKey[] {
  const keys = rows.flatMap((row) => (row.kind === 'pod' ? [row.id] : []))
  const [a, b] = [from === null ? -1 : keys.indexOf(from), keys.indexOf(to)]
  if (a === -1 || b === -1) return [to]
  return keys.slice(Math.min(a, b), Math.max(a, b) + 1)
}
