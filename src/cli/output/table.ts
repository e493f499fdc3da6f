import type { Line, Span } from './color'
import { cutTo, padTo, widthOf } from './text'

export interface Column<Row> {
  readonly title: string
  readonly align: 'left' | 'right'
  /** The column with the highest number goes first when the terminal is narrow; 0 never goes. */
  readonly expendable: number
  /** The fewest columns that it may be cut to; `null`: it is shown whole or not at all. */
  readonly minWidth: number | null
  /** Others go before it is cut below this. Default: `minWidth`. */
  readonly goodWidth?: number
  cell(row: Row): Span
}

const GAP = 2

/** The table as lines of at most `columns`, its titles first. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly Line[] {
  const all = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row))
    const natural = Math.max(widthOf(column.title), ...cells.map(({ text }) => widthOf(text)))
    return { column, cells, natural }
  })
  const kept = dropUntilFit(all.filter(hasContent), width)
  const widths = shrink(kept, width)
  const line = (cells: readonly Span[]): Line =>
    cells.flatMap(({ text, tone }, index) => {
      const cellWidth = widths[index] ?? 0
      const isLast = index === cells.length - 1
      const padded = padTo(cutTo(text, cellWidth), cellWidth, kept[index]?.column.align)
      return [{ text: padded, tone }, ...(isLast ? [] : [{ text: ' '.repeat(GAP), tone: 'plain' } as const])]
    })
  const titles = kept.map(({ column }): Span => ({ text: column.title, tone: 'dim' }))
  return [
    line(titles),
    ...rows.map((_row, index) =>
      line(kept.map(({ cells }) => cells[index] ?? ({ text: '', tone: 'plain' } as const))),
    ),
  ]
}

interface Measured<Row> {
  readonly column: Column<Row>
  readonly cells: readonly Span[]
  readonly natural: number
}

const hasContent = <Row>({ column, cells }: Measured<Row>): boolean =>
  column.expendable === 0 || cells.some(({ text }) => text !== '')

const goodWidth = <Row>(one: Measured<Row>): number =>
  Math.max(leastWidth(one), Math.min(one.column.goodWidth ?? 0, one.natural))

const leastWidth = <Row>({ column, natural }: Measured<Row>): number =>
  column.minWidth === null ? natural : Math.min(column.minWidth, natural)

function dropUntilFit<Row>(measured: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  let kept = measured
  while (kept.reduce((sum, one) => sum + goodWidth(one) + GAP, -GAP) > width) {
    const worst = Math.max(...kept.map(({ column }) => column.expendable))
    if (worst === 0) break
    kept = kept.filter(({ column }) => column.expendable !== worst)
  }
  return kept
}

/** Takes what is too much from the columns that may be cut, the widest first. */
function shrink<Row>(kept: readonly Measured<Row>[], width: number): number[] {
  const widths = kept.map(({ natural }) => natural)
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width
  while (excess > 0) {
    const room = widths.map((each, index) => {
      const one = kept[index]
      return one === undefined ? 0 : each - leastWidth(one)
    })
    const index = widths.reduce(
      (best, each, at) => ((room[at] ?? 0) > 0 && (best < 0 || each > (widths[best] ?? 0)) ? at : best),
      -1,
    )
    if (index < 0) break
    widths[index] = (widths[index] ?? 0) - 1
    excess -= 1
  }
  return widths
}
