import type { StyledLine, StyledSpan } from './color'
import { padText, textWidth, truncateText } from './text'

export interface Column<Row> {
  readonly title: string
  readonly align: 'left' | 'right'
  /** In a narrow terminal, the column with the highest number is dropped first; 0 is never dropped. */
  readonly dropPriority: number
  /** The minimum width when truncated; null means that the column is shown in full or not at all. */
  readonly minWidth: number | null
  /** Other columns are dropped before this one gets narrower. Default: `minWidth`. */
  readonly preferredWidth?: number
  cell(row: Row): StyledSpan
}

const GAP = 2

/** Formats the table as lines of at most `columns`, headings first. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly StyledLine[] {
  const all = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row))
    const naturalWidth = Math.max(textWidth(column.title), ...cells.map(({ text }) => textWidth(text)))
    return { column, cells, naturalWidth }
  })
  const keptColumns = dropColumnsToFit(all.filter(hasContent), width)
  const widths = shrinkToFit(keptColumns, width)
  const line = (cells: readonly StyledSpan[]): StyledLine =>
    cells.flatMap(({ text, tone }, index) => {
      const cellWidth = widths[index] ?? 0
      const isLast = index === cells.length - 1
      const padded = padText(truncateText(text, cellWidth), cellWidth, keptColumns[index]?.column.align)
      return [{ text: padded, tone }, ...(isLast ? [] : [{ text: ' '.repeat(GAP), tone: 'plain' } as const])]
    })
  const titles = keptColumns.map(({ column }): StyledSpan => ({ text: column.title, tone: 'dim' }))
  return [
    line(titles),
    ...rows.map((_row, index) =>
      line(keptColumns.map(({ cells }) => cells[index] ?? ({ text: '', tone: 'plain' } as const))),
    ),
  ]
}

interface MeasuredColumn<Row> {
  readonly column: Column<Row>
  readonly cells: readonly StyledSpan[]
  readonly naturalWidth: number
}

const hasContent = <Row>({ column, cells }: MeasuredColumn<Row>): boolean =>
  column.dropPriority === 0 || cells.some(({ text }) => text !== '')

const preferredWidth = <Row>(one: MeasuredColumn<Row>): number =>
  Math.max(minimumWidth(one), Math.min(one.column.preferredWidth ?? 0, one.naturalWidth))

const minimumWidth = <Row>({ column, naturalWidth }: MeasuredColumn<Row>): number =>
  column.minWidth === null ? naturalWidth : Math.min(column.minWidth, naturalWidth)

function dropColumnsToFit<Row>(
  measured: readonly MeasuredColumn<Row>[],
  width: number,
): readonly MeasuredColumn<Row>[] {
  let keptColumns = measured
  while (keptColumns.reduce((sum, one) => sum + preferredWidth(one) + GAP, -GAP) > width) {
    const highestPriority = Math.max(...keptColumns.map(({ column }) => column.dropPriority))
    if (highestPriority === 0) break
    keptColumns = keptColumns.filter(({ column }) => column.dropPriority !== highestPriority)
  }
  return keptColumns
}

/** Shrinks the columns that may be truncated, the widest first. */
function shrinkToFit<Row>(kept: readonly MeasuredColumn<Row>[], width: number): number[] {
  const widths = kept.map(({ naturalWidth }) => naturalWidth)
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width
  while (excess > 0) {
    const slack = widths.map((each, index) => {
      const one = kept[index]
      return one === undefined ? 0 : each - minimumWidth(one)
    })
    const index = widths.reduce(
      (best, each, at) => ((slack[at] ?? 0) > 0 && (best < 0 || each > (widths[best] ?? 0)) ? at : best),
      -1,
    )
    if (index < 0) break
    widths[index] = (widths[index] ?? 0) - 1
    excess -= 1
  }
  return widths
}
