import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogBook } from '../../../src/core/logs/log-book'
import { createDuplicateFilter } from '../../../src/core/logs/log-reader'
import type { LogLine } from '../../../src/core/logs/log-line'

const line = (atMs: number | null, text = String(atMs)): LogLine => ({
  id: null,
  source: 'system',
  atMs,
  text,
})
const ample = { maxLines: 1_000, maxChars: 1e6 }
const textsOf = (book: ReturnType<typeof createLogBook>): readonly string[] =>
  book.slice(book.firstIndex(), book.endIndex()).map(({ text }) => text)

describe('a book of lines', () => {
  it('has them by time, and those of the same time as they came', () => {
    const book = createLogBook(ample)
    expect(book.add([line(1), line(3), line(3, 'b')])).toBe(0)
    expect(book.add([line(2), line(3, 'c'), line(4)])).toBe(1)
    expect(textsOf(book)).toEqual(['1', '2', '3', 'b', 'c', '4'])
    expect(book.line(1)?.text).toBe('2')
    expect(book.line(9)).toBeUndefined()
  })

  it('leaves a line without a time where it arrived', () => {
    const book = createLogBook(ample)
    book.add([line(5), line(null, 'x'), line(1)])
    expect(textsOf(book)).toEqual(['5', 'x', '1'])
  })

  it('drops the oldest beyond its limits, and keeps its indexes', () => {
    const book = createLogBook({ maxLines: 3, maxChars: 100 })
    book.add([1, 2, 3, 4, 5].map((atMs) => line(atMs)))
    expect([book.firstIndex(), book.endIndex(), textsOf(book)]).toEqual([2, 5, ['3', '4', '5']])
    expect(book.line(1)).toBeUndefined()
    expect(book.add([line(6, 'x'.repeat(99))])).toBe(5)
    expect(textsOf(book)).toEqual(['5', 'x'.repeat(99)])
  })

  it('keeps the newest line however long it is', () => {
    const book = createLogBook({ maxLines: 3, maxChars: 2 })
    book.add([line(1), line(2, 'too long')])
    expect(textsOf(book)).toEqual(['too long'])
  })

  it('is the sorted end of what was added, whatever the order and the pieces', () => {
    const times = fc.array(fc.nat(50), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(times, { maxLength: 8 }), fc.integer({ min: 1, max: 80 }), (pieces, maxLines) => {
        const book = createLogBook({ maxLines: 10_000, maxChars: 1e6 })
        const bounded = createLogBook({ maxLines, maxChars: 1e6 })
        let serial = 0
        for (const piece of pieces) {
          const lines = piece.map((atMs) => line(atMs, `${atMs}-${serial++}`))
          const before = textsOf(book)
          const changedFrom = book.add(lines)
          bounded.add(lines)
          expect(textsOf(book).slice(0, changedFrom)).toEqual(before.slice(0, changedFrom))
          expect(bounded.endIndex() - bounded.firstIndex()).toBeLessThanOrEqual(maxLines)
        }
        const all = pieces.flat()
        const sorted = all
          .map((atMs, i) => ({ atMs, i }))
          .sort((a, b) => a.atMs - b.atMs || a.i - b.i)
          .map(({ atMs, i }) => `${atMs}-${i}`)
        expect(textsOf(book)).toEqual(sorted)
        expect(bounded.endIndex()).toBe(all.length)
        expect(bounded.endIndex() - bounded.firstIndex()).toBe(Math.min(maxLines, all.length))
      }),
    )
  })

  it('takes a million lines in seconds, and holds no more than it may', () => {
    const book = createLogBook({ maxLines: 100_000, maxChars: 1e9 })
    const { user } = process.cpuUsage()
    for (let batch = 0; batch < 1_000; batch += 1)
      book.add(Array.from({ length: 1_000 }, (_, i) => line(batch * 1_000 + i, 'x')))
    expect((process.cpuUsage().user - user) / 1_000).toBeLessThan(5_000)
    expect([book.firstIndex(), book.endIndex()]).toEqual([900_000, 1_000_000])
  })
})

describe('a line that comes twice', () => {
  const raw = (id: string | null, atMs: number | null, text: string) =>
    ({ id, atMs, text, source: 'container' }) as const

  it('is known by its id, or else its time, with its source and text', () => {
    const isNew = createDuplicateFilter()
    const lines = [
      raw('1', 5, 'a'),
      raw(null, 5, 'a'),
      raw('1', 5, 'b'),
      { ...raw('1', 5, 'a'), source: 'system' as const },
    ]
    expect(lines.map(isNew)).toEqual([true, true, true, true])
    expect(lines.map(isNew)).toEqual([false, false, false, false])
  })

  it('is new if nothing tells it apart', () => {
    const isNew = createDuplicateFilter()
    expect([raw(null, null, 'a'), raw(null, null, 'a')].map(isNew)).toEqual([true, true])
  })

  it('is forgotten after many others, so that memory stays bounded', () => {
    const isNew = createDuplicateFilter(10)
    isNew(raw('first', 1, ''))
    for (let i = 0; i < 15; i += 1) isNew(raw(String(i), 1, ''))
    expect(isNew(raw('14', 1, ''))).toBe(false)
    for (let i = 15; i < 30; i += 1) isNew(raw(String(i), 1, ''))
    expect(isNew(raw('first', 1, ''))).toBe(true)
  })
})
