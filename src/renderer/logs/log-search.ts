import type { LogBook } from '../../core/logs/log-book'
import type { LogLine } from '../../core/logs/log-line'

/** Finds the lines of a book that contain a text, a part at a time, so that a million lines hold up nothing. */
export interface LogSearch {
  /** The book changed from this index on. */
  update(from: number): void
  setText(text: string): void
  /** Reads on for about `budgetMs`; returns whether everything is read. */
  step(budgetMs: number, now: () => number): boolean
  count(): number
  /** The place of a line among the matches, from 1; null if it is none. */
  placeOf(index: number): number | null
  /** The nearest match after or before a line, or the first or last one; null if there is none. */
  next(index: number, direction: 1 | -1): number | null
}

const LINES_PER_CHECK = 500

export function createLogSearch(book: LogBook<Pick<LogLine, 'atMs' | 'text'>>): LogSearch {
  let pattern: RegExp | null = null
  let matches: number[] = []
  let readTo = 0

  /** How many matches are before this index. */
  function countBefore(index: number): number {
    let low = 0
    let high = matches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((matches[middle] ?? 0) < index) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Matches whose lines are gone, which are at the front. */
  const goneCount = (): number => countBefore(book.firstIndex())

  return {
    update(from) {
      if (from < readTo) {
        matches.length = countBefore(from)
        readTo = from
      }
      const gone = goneCount()
      if (gone > 10_000 && gone > matches.length / 4) matches = matches.slice(gone)
    },
    setText(text) {
      pattern = text === '' ? null : searchPattern(text)
      matches = []
      readTo = book.firstIndex()
    },
    step(budgetMs, now) {
      if (pattern === null) return true
      const untilMs = now() + budgetMs
      readTo = Math.max(readTo, book.firstIndex())
      while (readTo < book.endIndex()) {
        const end = Math.min(book.endIndex(), readTo + LINES_PER_CHECK)
        for (; readTo < end; readTo += 1) {
          const line = book.line(readTo)
          if (line !== undefined && pattern.test(line.text)) matches.push(readTo)
        }
        if (now() >= untilMs) break
      }
      return readTo >= book.endIndex()
    },
    count: () => matches.length - goneCount(),
    placeOf(index) {
      const place = countBefore(index)
      return matches[place] === index && index >= book.firstIndex() ? place + 1 - goneCount() : null
    },
    next(index, direction) {
      const first = goneCount()
      if (first === matches.length) return null
      const place = direction === 1 ? countBefore(index + 1) : countBefore(index) - 1
      if (place < first) return matches.at(-1) ?? null
      return matches[place] ?? matches[first] ?? null
    },
  }
}

/** Of the text as it is, whatever its case. */
const searchPattern = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')

/** Where `text` is in a line. */
export function searchRanges(
  line: string,
  text: string,
): readonly { readonly from: number; readonly to: number }[] {
  if (text === '') return []
  const pattern = new RegExp(searchPattern(text).source, 'gi')
  return [...line.matchAll(pattern)].slice(0, 200).map(({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
  }))
}
