import type { ShownLog } from './log-model'

export const ROW_PX = 20
/** Chromium makes no element higher than 2^25 px. */
const MAX_HEIGHT_PX = 30_000_000
const MARGIN_ROWS = 20

/** What is drawn of a log: lines `from` to before `to`, of which the first is at `topPx` within the content. */
export interface VisibleLines {
  readonly from: number
  readonly to: number
  readonly topPx: number
}

/** The height of the content, px. One that would be too high is scrolled faster. */
export function contentHeight({ book, rows }: Pick<ShownLog, 'book' | 'rows'>): number {
  return Math.min(MAX_HEIGHT_PX, rowCount({ book, rows }) * ROW_PX)
}

const rowCount = ({ book, rows }: Pick<ShownLog, 'book' | 'rows'>): number =>
  rows.rowOf(book.endIndex()) - rows.rowOf(book.firstIndex())

/** How many px of rows one px of scrolling is. */
function scale(log: Pick<ShownLog, 'book' | 'rows'>, heightPx: number): number {
  const wholePx = rowCount(log) * ROW_PX
  const scrollablePx = contentHeight(log) - heightPx
  return scrollablePx <= 0 ? 1 : Math.max(1, (wholePx - heightPx) / scrollablePx)
}

export function visibleLines(
  log: Pick<ShownLog, 'book' | 'rows'>,
  scrollTopPx: number,
  heightPx: number,
): VisibleLines {
  const { book, rows } = log
  const firstRow = rows.rowOf(book.firstIndex())
  const seenPx = scrollTopPx * scale(log, heightPx)
  const seenRow = firstRow + seenPx / ROW_PX
  const from = Math.max(book.firstIndex(), rows.lineAt(Math.max(firstRow, seenRow - MARGIN_ROWS)))
  const lastRow = seenRow + heightPx / ROW_PX + MARGIN_ROWS
  const to = Math.min(book.endIndex(), rows.lineAt(lastRow) + 1)
  return {
    from,
    to: Math.max(from, to),
    topPx: scrollTopPx - seenPx + (rows.rowOf(from) - firstRow) * ROW_PX,
  }
}

/** The line at the top, and how many px of it are above. */
export function topLine(
  log: Pick<ShownLog, 'book' | 'rows'>,
  scrollTopPx: number,
  heightPx: number,
): { readonly index: number; readonly aboveRows: number } {
  const { book, rows } = log
  const row = rows.rowOf(book.firstIndex()) + (scrollTopPx * scale(log, heightPx)) / ROW_PX
  const index = Math.max(book.firstIndex(), rows.lineAt(row))
  return { index, aboveRows: row - rows.rowOf(index) }
}

/** Where to scroll so that a line, less these rows of it, is at the top. */
export function scrollTopOf(
  log: Pick<ShownLog, 'book' | 'rows'>,
  index: number,
  aboveRows: number,
  heightPx: number,
): number {
  const { book, rows } = log
  const row = rows.rowOf(Math.max(index, book.firstIndex())) - rows.rowOf(book.firstIndex()) + aboveRows
  return Math.max(0, (row * ROW_PX) / scale(log, heightPx))
}
