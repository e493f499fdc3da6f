import { createLogBook, type LogBook } from '../../core/logs/log-book'
import type { LogLine } from '../../core/logs/log-line'
import type { LogSource } from '../../core/pods/pod-logs'
import type { LogPosition } from '../../shared/requests/pod/log-requests'
import { createLogSearch, type LogSearch } from './log-search'
import { createRowIndex, type RowIndex, type ShownLine } from './row-index'
import { cellsOf, isExactText } from './text-cells'

const limits = { maxLines: 1_000_000, maxChars: 200_000_000 }

/** The part of a log that is shown. */
export interface ShownLog {
  readonly book: LogBook<ShownLine>
  readonly rows: RowIndex
  readonly search: LogSearch
}

/** A log as a window has it, of which one source or both are shown. */
export interface LogModel {
  /** Takes lines in the order in which they were read. */
  add(lines: readonly LogLine[]): void
  /** After what was read last; null before the first line. */
  position(): LogPosition | null
  /** Null: both. */
  show(source: LogSource | null): void
  setSearch(text: string): void
  setColumns(columns: number | null): void
  shown(): ShownLog
  /** Increases with every change. */
  readonly version: () => number
  readonly subscribe: (listener: () => void) => () => void
  /** How many lines there are of all sources, and how many were dropped for newer ones. */
  counts(): { readonly lines: number; readonly dropped: number }
}

export function createLogModel(): LogModel {
  const all = createLogBook<ShownLine>(limits)
  const listeners = new Set<() => void>()
  let source: LogSource | null = null
  let searchText = ''
  let columns: number | null = null
  let version = 0
  let position: LogPosition | null = null
  let shown = createShown(all)

  function createShown(book: LogBook<ShownLine>): ShownLog {
    const created = { book, rows: createRowIndex(book), search: createLogSearch(book) }
    created.rows.setColumns(columns)
    created.search.setText(searchText)
    return created
  }

  function changed(): void {
    version += 1
    for (const listener of listeners) listener()
  }

  const isShown = (line: LogLine): boolean => source === null || line.source === source

  return {
    add(lines) {
      for (const { id, atMs } of lines)
        position = { id: id ?? position?.id ?? null, atMs: atMs ?? position?.atMs ?? null }
      const measured = lines.map((line) => ({
        ...line,
        cells: cellsOf(line.text),
        isExact: isExactText(line.text),
      }))
      const from = all.add(measured)
      const shownFrom = source === null ? from : shown.book.add(measured.filter(isShown))
      shown.rows.update(shownFrom)
      shown.search.update(shownFrom)
      changed()
    },
    position: () => position,
    show(next) {
      if (next === source) return
      source = next
      if (source === null) shown = createShown(all)
      else {
        const lines = all.slice(all.firstIndex(), all.endIndex()).filter(isShown)
        shown = createShown(createLogBook(limits, lines))
      }
      changed()
    },
    setSearch(text) {
      searchText = text
      shown.search.setText(text)
      changed()
    },
    setColumns(next) {
      if (next === columns) return
      columns = next
      shown.rows.setColumns(next)
      changed()
    },
    shown: () => shown,
    version: () => version,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    counts: () => ({ lines: all.endIndex() - all.firstIndex(), dropped: all.firstIndex() }),
  }
}
