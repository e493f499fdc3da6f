import { rowsOf } from './text-cells'
import type { LogBook } from '../../core/logs/log-book'
import type { LogLine } from '../../core/logs/log-line'

/** A line with its width in cells of a monospaced font. */
export interface ShownLine extends LogLine {
  readonly cells: number
  readonly isExact: boolean
}

/** Which rows of the screen the lines of a book take, counted from the first line that was ever added. */
export interface RowIndex {
  /** The book changed from this index on. */
  update(from: number): void
  /** Null: lines are not wrapped. */
  setColumns(columns: number | null): void
  /** The first row of a line, and the row after the last line at `endIndex`. */
  rowOf(index: number): number
  /** The line in which a row is. */
  lineAt(row: number): number
}

export function createRowIndex(book: LogBook<ShownLine>): RowIndex {
  let columns: number | null = null
  /** The first rows of lines, from the one at `base` on. */
  let starts: number[] = []
  let base = 0
  let endRow = 0

  function rebuild(): void {
    base = book.firstIndex()
    starts = []
    endRow = base
    extend()
  }

  function extend(): void {
    if (columns === null) return
    // Lines that were dropped before they were counted.
    while (base + starts.length < book.firstIndex()) starts.push(endRow++)
    // Taken out together, since this may be a million lines.
    for (const { cells, isExact } of book.slice(base + starts.length, book.endIndex())) {
      starts.push(endRow)
      endRow += rowsOf(cells, isExact, columns)
    }
  }

  return {
    update(from) {
      if (columns === null) return
      const kept = Math.max(0, from - base)
      if (kept < starts.length) {
        endRow = starts[kept] ?? endRow
        starts.length = kept
      }
      // The rows of lines that are gone are not counted; they are removed now and then, since that moves all others.
      const gone = book.firstIndex() - base
      if (gone > 10_000 && gone > starts.length / 4) {
        starts = starts.slice(gone)
        base += gone
      }
      extend()
    },
    setColumns(next) {
      if (next === columns) return
      columns = next
      rebuild()
    },
    rowOf(index) {
      if (columns === null) return index
      return index >= base + starts.length ? endRow : (starts[Math.max(0, index - base)] ?? endRow)
    },
    lineAt(row) {
      if (columns === null) return Math.max(0, Math.floor(row))
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= row) low = middle
        else high = middle - 1
      }
      return base + low
    },
  }
}
