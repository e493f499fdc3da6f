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
  /** The widths of lines from the one at `base` on, below zero for estimates: a million objects are slow to visit. */
  let widths: number[] = []
  /** The first rows of the same lines; empty where they are not wrapped. */
  let starts: number[] = []
  let base = book.firstIndex()
  let endRow = base

  function measure(): void {
    // Lines that were dropped before they were counted.
    while (base + widths.length < book.firstIndex()) widths.push(0)
    for (const { cells, isExact } of book.slice(base + widths.length, book.endIndex()))
      widths.push(isExact ? cells : -cells)
  }

  function extend(): void {
    if (columns === null) return
    for (let place = starts.length; place < widths.length; place += 1) {
      const width = widths[place] ?? 0
      starts.push(endRow)
      endRow += rowsOf(Math.abs(width), width >= 0, columns)
    }
  }

  measure()
  return {
    update(from) {
      const kept = Math.max(0, from - base)
      if (kept < widths.length) {
        widths.length = kept
        if (kept < starts.length) {
          endRow = starts[kept] ?? endRow
          starts.length = kept
        }
      }
      // What is gone is removed now and then, since that moves all others.
      const gone = book.firstIndex() - base
      if (gone > 10_000 && gone > widths.length / 4) {
        widths = widths.slice(gone)
        starts = starts.slice(gone)
        base += gone
      }
      measure()
      extend()
    },
    setColumns(next) {
      if (next === columns) return
      columns = next
      starts = []
      endRow = base
      extend()
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
