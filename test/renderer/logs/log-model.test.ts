import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogBook } from '../../../src/core/logs/log-book'
import type { LogLine } from '../../../src/core/logs/log-line'
import { createLogModel } from '../../../src/renderer/logs/log-model'
import { createLogSearch, searchRanges } from '../../../src/renderer/logs/log-search'
import { createRowIndex, type ShownLine } from '../../../src/renderer/logs/row-index'
import { cellsOf, rowsOf } from '../../../src/renderer/logs/text-cells'
import {
  contentHeight,
  ROW_PX,
  scrollTopOf,
  topLine,
  visibleLines,
} from '../../../src/renderer/logs/visible-rows'

const line = (
  text: string,
  atMs: number | null = null,
  source: LogLine['source'] = 'container',
): LogLine => ({
  id: null,
  source,
  atMs,
  text,
})
const measured = (cells: number, atMs: number | null = null): ShownLine => ({
  ...line('x'.repeat(Math.min(cells, 5)), atMs),
  cells,
  isExact: true,
})

/** Lines added in pieces, some late, to a book that holds few. */
const additions = fc.array(fc.array(fc.tuple(fc.nat(300), fc.nat(30)), { maxLength: 15 }), { maxLength: 12 })

describe('the width of a text', () => {
  it('is counted in cells of a monospaced font, wide characters twice', () => {
    expect(cellsOf('hello')).toBe(5)
    expect(cellsOf('a\tb')).toBe(6)
    expect(cellsOf('中文')).toBe(4)
    expect(cellsOf('é')).toBe(1)
  })
  it('takes whole rows, and one more where it is an estimate', () => {
    expect([rowsOf(0, true, 10), rowsOf(10, true, 10), rowsOf(11, true, 10), rowsOf(11, false, 10)]).toEqual([
      1, 1, 2, 3,
    ])
  })
})

describe('the rows of lines', () => {
  it('are those of all lines before, whatever is added, moved, dropped and wrapped', () => {
    fc.assert(
      fc.property(
        additions,
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 2, max: 40 }),
        (pieces, maxLines, columns) => {
          const book = createLogBook<ShownLine>({ maxLines, maxChars: 1e6 })
          const rows = createRowIndex(book)
          rows.setColumns(columns)
          for (const piece of pieces) {
            rows.update(book.add(piece.map(([cells, atMs]) => measured(cells, atMs))))
            let row = rows.rowOf(book.firstIndex())
            for (let index = book.firstIndex(); index < book.endIndex(); index += 1) {
              expect(rows.rowOf(index)).toBe(row)
              expect(rows.lineAt(row)).toBe(index)
              row += rowsOf(book.line(index)!.cells, true, columns)
              expect(rows.lineAt(row - 0.5)).toBe(index)
            }
            expect(rows.rowOf(book.endIndex())).toBe(row)
          }
          rows.setColumns(null)
          expect(rows.rowOf(book.endIndex()) - rows.rowOf(book.firstIndex())).toBe(
            book.endIndex() - book.firstIndex(),
          )
        },
      ),
    )
  })
})

describe('what is drawn', () => {
  const logOf = (count: number, cells = 5, columns: number | null = null) => {
    const book = createLogBook<ShownLine>({ maxLines: 3_000_000, maxChars: 1e9 })
    book.add(Array.from({ length: count }, () => measured(cells)))
    const rows = createRowIndex(book)
    rows.setColumns(columns)
    return { book, rows }
  }

  it('are the lines in view and some around, in their place', () => {
    const log = logOf(1_000)
    expect(contentHeight(log)).toBe(20_000)
    expect(visibleLines(log, 0, 400)).toEqual({ from: 0, to: 41, topPx: 0 })
    expect(visibleLines(log, 10_000, 400)).toEqual({ from: 480, to: 541, topPx: 9_600 })
    expect(visibleLines(log, 19_600, 400).to).toBe(1_000)
  })

  it('reaches from the first to the last line also where the content would be too high', () => {
    const log = logOf(60_000, 300, 10)
    const height = contentHeight(log)
    expect(height).toBe(30_000_000)
    expect(visibleLines(log, 0, 400).from).toBe(0)
    const end = visibleLines(log, height - 400, 400)
    expect(end.to).toBe(60_000)
    const bottom = end.topPx + (log.rows.rowOf(60_000) - log.rows.rowOf(end.from)) * ROW_PX
    expect(Math.abs(bottom - height)).toBeLessThan(1)
  })

  it('stays where it is: a place gives the scroll position that it was read from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(null, 3, 7),
        (count, share, columns) => {
          const log = logOf(count, 10, columns)
          const top = share * (contentHeight(log) - 400)
          const place = topLine(log, top, 400)
          expect(Math.abs(scrollTopOf(log, place.index, place.aboveRows, 400) - top)).toBeLessThan(0.01)
        },
      ),
    )
  })
})

describe('a search', () => {
  it('finds lines in any case, and takes what is typed as it is', () => {
    expect(searchRanges('a.b A.B axb', 'a.b')).toEqual([
      { from: 0, to: 3 },
      { from: 4, to: 7 },
    ])
    expect(searchRanges('x', '')).toEqual([])
  })

  it('goes round, and says which match it is at', () => {
    const book = createLogBook({ maxLines: 100, maxChars: 1e6 })
    book.add(['hit', 'no', 'hit', 'HIT'].map((text) => line(text)))
    const search = createLogSearch(book)
    search.setText('hit')
    expect(search.step(10, () => 0)).toBe(true)
    expect([search.count(), search.placeOf(2), search.placeOf(1)]).toEqual([3, 2, null])
    expect([search.next(0, 1), search.next(3, 1), search.next(0, -1), search.next(4, -1)]).toEqual([
      2, 0, 3, 3,
    ])
    search.setText('none')
    search.step(10, () => 0)
    expect([search.count(), search.next(0, 1)]).toEqual([0, null])
  })

  it('stops within its time, and continues there', () => {
    const book = createLogBook({ maxLines: 1e5, maxChars: 1e9 })
    book.add(Array.from({ length: 5_000 }, () => line('hit')))
    const search = createLogSearch(book)
    search.setText('hit')
    let now = 0
    const steps: number[] = []
    while (!search.step(8, () => (now += 5))) steps.push(search.count())
    expect(steps[0]).toBe(1_000)
    expect(steps.length).toBeGreaterThan(3)
    expect(search.count()).toBe(5_000)
  })

  it('has the same matches as reading everything again, whatever is added, moved and dropped', () => {
    fc.assert(
      fc.property(additions, fc.integer({ min: 3, max: 40 }), (pieces, maxLines) => {
        const book = createLogBook({ maxLines, maxChars: 1e6 })
        const search = createLogSearch(book)
        search.setText('1')
        for (const piece of pieces) {
          search.update(book.add(piece.map(([number, atMs]) => line(String(number), atMs))))
          search.step(10, () => 0)
          const wanted: number[] = []
          for (let index = book.firstIndex(); index < book.endIndex(); index += 1)
            if (book.line(index)!.text.includes('1')) wanted.push(index)
          expect(search.count()).toBe(wanted.length)
          expect(wanted.map((index) => search.placeOf(index))).toEqual(wanted.map((_, i) => i + 1))
        }
      }),
    )
  })
})

describe('a log in a window', () => {
  it('continues after the line that was read last, whatever its time', () => {
    const model = createLogModel()
    expect(model.position()).toBeNull()
    model.add([
      { ...line('a', 7), id: '1' },
      { ...line('b', 5), id: '2' },
    ])
    expect(model.position()).toEqual({ id: '2', atMs: 5 })
    model.add([{ ...line('c'), id: '3' }, line('d')])
    model.add([])
    expect(model.position()).toEqual({ id: '3', atMs: 5 })
  })

  it('shows one source or both, and what is added to each', () => {
    const model = createLogModel()
    const texts = (): string[] => {
      const { book } = model.shown()
      return book.slice(book.firstIndex(), book.endIndex()).map(({ text }) => text)
    }
    let changes = 0
    model.subscribe(() => (changes += 1))
    model.setSearch('b')
    model.add([line('a', 1), line('b', 2, 'system')])
    model.show('system')
    expect(texts()).toEqual(['b'])
    model.add([line('c', 3), line('bb', 1, 'system')])
    expect(texts()).toEqual(['bb', 'b'])
    model.shown().search.step(10, () => 0)
    expect(model.shown().search.count()).toBe(2)
    model.show(null)
    expect(texts()).toEqual(['a', 'bb', 'b', 'c'])
    expect(model.counts()).toEqual({ lines: 4, dropped: 0 })
    expect(changes).toBe(5)
  })
})
