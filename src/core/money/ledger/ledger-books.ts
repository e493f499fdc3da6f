import type { LedgerFiles } from './ledger-files'
import { hasFuture, removeFuture } from './future-hours'
import { emptyMonthBook, type MonthBook } from './month-book'
import { type LastObservations, noObservations, parseMonthBook, serializeMonthBook } from './month-book-codec'
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
    const { text, problem } = mayExist ? files.read(month) : { text: null, problem: null }
    if (problem !== null) problems.push(`The costs of ${month} could not be read: ${problem}`)
    const parsed = text === null ? null : parseMonthBook(month, text)
    if (text !== null && parsed === null) {
      const name = files.setAside(month)
      problems.push(
        `The costs of ${month} were damaged and are being rebuilt from the bills; the file is kept as ${name}.`,
      )
    }
    const book = parsed?.book ?? emptyMonthBook(month)
    books.set(month, book)
    if (parsed) lastOf.set(month, parsed.last)
    return book
  }

  function readLastObservations(): void {
    const newest = [...knownMonths].sort().at(-1)
    if (newest !== undefined) open(newest)
    savedObservations = (newest === undefined ? undefined : lastOf.get(newest)) ?? noObservations
  }

  readLastObservations()

  /** The name of the copy; null, and nothing may be removed, when there is none. */
  function keepCopy(month: Month): string | null {
    const kept = files.keepCopy(month)
    if (kept.ok) return kept.value
    problems.push(`The costs of ${month} are dated in the future and could not be copied: ${kept.error}`)
    return null
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
        const written = files.write(month, serializeMonthBook(open(month), last))
        if (!written.ok) {
          failures.push(`The costs of ${month} could not be saved: ${written.error}`)
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
          files.remove(month)
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
          const copy = keepCopy(each)
          if (copy === null) continue
          copies.push(copy)
        }
        if (!isOfFuture) {
          removeFuture(open(each), nowMs)
          changedMonths.add(each)
          continue
        }
        files.remove(each)
        for (const kept of [knownMonths, books, lastOf, changedMonths]) kept.delete(each)
      }
      if (copies.length > 0)
        problems.push(
          `Costs for future hours were counted while a clock was wrong. They don’t count; the files are kept as ${copies.join(', ')}.`,
        )
      if (isFound) readLastObservations()
      return isFound
    },

    drainProblems: () => problems.splice(0),
  }
}
