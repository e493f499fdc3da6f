import { type LastObservations, noObservations } from './ledger-observation'
import { dayName, dayOfName, type LedgerFiles } from './ledger-files'
import { hasFuture, removeFuture } from './future-hours'
import { emptyMonthBook, type MonthBook } from './month-book'
import { addDay, parseMonth, serializeDay, serializeMonth } from './month-book-codec'
import { type Month, monthAfter, monthOf } from './months'

/** The books of an account by month, opened from disk when they are needed. */
export interface LedgerBooks {
  /** Empty for a month without data. */
  open(month: Month): MonthBook
  /** Those that are open. */
  opened(): ReadonlyMap<Month, MonthBook>
  /** Newest first, including those that are not on disk yet. */
  months(): readonly Month[]
  markChanged(month: Month): void
  /** As stored with the newest month on disk. */
  lastObservations(): LastObservations
  /** Writes the changes; returns a sentence for each month that could not be written. */
  save(current: LastObservations): readonly string[]
  /** Removes months that are older than 13, unless one on disk is newer than now. Unix ms. */
  prune(nowMs: number): void
  /** Sets aside what is of a time after `nowMs`. False when there is nothing of that kind. */
  setAsideFuture(nowMs: number): boolean
  /** Problems with the files, for display; each is returned once. */
  drainProblems(): readonly string[]
}

const KEEP_MONTHS = 13

export const oldestMonth = (atMs: number): Month => monthAfter(monthOf(atMs), 1 - KEEP_MONTHS)

export function openLedgerBooks(files: LedgerFiles): LedgerBooks {
  const books = new Map<Month, MonthBook>()
  const lastOf = new Map<Month, LastObservations>()
  const changedMonths = new Set<Month>()
  const knownMonths = new Set(files.months())
  const problems: string[] = []
  const listProblem = files.listProblem()
  if (listProblem !== null) problems.push(`The costs of earlier months cannot be read: ${listProblem}`)
  /** The last observations as stored with the newest month. */
  let savedObservations = noObservations

  function open(month: Month): MonthBook {
    const opened = books.get(month)
    if (opened) return opened
    const mayExist = knownMonths.has(month) || listProblem !== null
    const parsed = mayExist ? readPart(month, (text) => parseMonth(month, text)) : null
    const book = parsed?.book ?? emptyMonthBook(month)
    books.set(month, book)
    if (parsed) lastOf.set(month, parsed.last)
    for (const name of mayExist ? files.parts(month) : []) {
      const day = dayOfName(name)
      if (day !== null) readPart(name, (text) => addDay(book, day, text) || null)
    }
    return book
  }

  /** Null: there is none, or it can't be used, which is a problem. */
  function readPart<T>(name: string, parse: (text: string) => T | null): T | null {
    const { text, problem } = files.read(name)
    if (problem !== null) problems.push(`The costs of ${name} could not be read: ${problem}`)
    if (text === null) return null
    const parsed = parse(text)
    if (parsed === null)
      problems.push(
        `The costs of ${name} were damaged and are being rebuilt from the bills; the file is kept as ${files.setAside(name)}.`,
      )
    return parsed
  }

  /** Returns why it could not be written; null: it is on disk. */
  function writeMonth(month: Month, last: LastObservations): string | null {
    const book = open(month)
    // Days first, and oldest first. After a crash in between, counting continues from observations that are older
    // than the bookings, which each day knows.
    for (const day of [...book.changedDays].sort((a, b) => a - b)) {
      const text = serializeDay(book, day)
      const written = text === null ? null : files.write(dayName(month, day), text)
      if (written === null) files.remove(dayName(month, day))
      else if (!written.ok) return written.error
      book.changedDays.delete(day)
    }
    const written = files.write(month, serializeMonth(book, last))
    return written.ok ? null : written.error
  }

  function readLastObservations(): void {
    // A crash may have come between the first day of a month and the month.
    const newest = [...knownMonths]
      .sort()
      .reverse()
      .find((month) => files.parts(month).includes(month))
    if (newest !== undefined) open(newest)
    savedObservations = (newest === undefined ? undefined : lastOf.get(newest)) ?? noObservations
  }

  readLastObservations()

  /** The names of the copies; null, and nothing may be removed, when one is missing. */
  function keepCopies(month: Month): readonly string[] | null {
    const copies: string[] = []
    for (const name of files.parts(month)) {
      const kept = files.keepCopy(name)
      if (!kept.ok) {
        problems.push(`The costs of ${month} are dated in the future and could not be copied: ${kept.error}`)
        return null
      }
      copies.push(kept.value)
    }
    return copies
  }

  return {
    open,
    opened: () => books,
    months: () => [...new Set([...knownMonths, ...books.keys()])].sort().reverse(),
    markChanged: (month) => void changedMonths.add(month),
    lastObservations: () => savedObservations,

    save(current) {
      const failures: string[] = []
      // Oldest first, and the last observations with the newest month. After a crash in between, counting
      // continues from observations that are older than the bookings, and nothing is booked twice.
      const newestMonth = [...knownMonths, ...changedMonths].sort().at(-1)
      for (const month of [...changedMonths].sort()) {
        const last = month === newestMonth ? current : savedObservations
        const problem = writeMonth(month, last)
        if (problem !== null) {
          failures.push(`The costs of ${month} could not be saved: ${problem}`)
          continue
        }
        savedObservations = last
        lastOf.set(month, last)
        knownMonths.add(month)
        changedMonths.delete(month)
      }
      return failures
    },

    prune(nowMs) {
      const months = [...knownMonths].sort()
      if ((months.at(-1) ?? '') > monthOf(nowMs)) return
      for (const month of months)
        if (month < oldestMonth(nowMs)) {
          for (const name of files.parts(month)) files.remove(name)
          knownMonths.delete(month)
          books.delete(month)
          lastOf.delete(month)
        }
    },

    setAsideFuture(nowMs) {
      const month = monthOf(nowMs)
      const copies: string[] = []
      let isFound = false
      for (const each of [...new Set([...knownMonths, ...books.keys()])].sort()) {
        const isOfFuture = each > month
        if (!isOfFuture && (each < month || !hasFuture(open(each), nowMs))) continue
        isFound = true
        if (knownMonths.has(each)) {
          const kept = keepCopies(each)
          if (kept === null) continue
          copies.push(...kept)
        }
        if (!isOfFuture) {
          removeFuture(open(each), nowMs)
          changedMonths.add(each)
          continue
        }
        for (const name of files.parts(each)) files.remove(name)
        for (const kept of [knownMonths, books, lastOf, changedMonths]) kept.delete(each)
      }
      if (copies.length > 0)
        problems.push(
          `Costs for future hours were counted while a clock was wrong. They don’t count; the files are kept as ${namesText(copies)}.`,
        )
      if (isFound) readLastObservations()
      return isFound
    },

    drainProblems: () => problems.splice(0),
  }
}

/** A month has a file for each day. */
const namesText = (names: readonly string[]): string =>
  names.length <= 2 ? names.join(', ') : `${names[0]} and ${names.length - 1} more`
