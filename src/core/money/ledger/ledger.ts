import type { LedgerFiles } from './ledger-files'
import { MINUTE_MS } from '../../base/time'
import { type BillOddity, type BillRead, validateBill } from './bills'
import { NANO_PER_USD } from './amounts'
import {
  bookIntervals,
  emptyMonthBook,
  hourIn,
  type MonthBook,
  type StoppedPod,
  type Subject,
  subjectIn,
} from './month-book'
import {
  type LastObservation,
  type LastObservations,
  parseMonthBook,
  serializeMonthBook,
  type TopUp,
} from './month-book-codec'
import { type Month, monthAfter, monthEnd, monthOf, monthStart } from './months'
import { reconcile } from './reconcile'
import { OTHER, type SubjectId, withLastKnownRate } from './billing-state'
import {
  type CostInterval,
  type DisksIn,
  intervalsBetween,
  intervalsOfFirst,
  intervalsOfGone,
  intervalsOfNew,
} from './cost-intervals'
import type { LedgerObservation, ObservedSubject } from './ledger-observation'

/** The costs of an account by the hour, observed and billed. Kept by month, for 13 months. */
export interface Ledger {
  /** Changes with every booking. */
  revision(): number
  observe(all: LedgerObservation): void
  /** Applies bills; returns their anomalies. */
  applyBill(read: BillRead): ReadonlyMap<BillOddity, number>
  /** Records the balance, USD; returns when it was last topped up by a fifth or more, Unix ms. */
  recordBalance(usd: number, atMs: number): number
  /** Records that the guard stopped a pod. The same action counts once. */
  recordStop(actionId: string, stopped: StoppedPod): void
  /** The latest observation of every subject, by its key. */
  lastObservations(): ReadonlyMap<string, LastObservation>
  /** Newest first. */
  months(): readonly Month[]
  /** Empty for a month without data. */
  book(month: Month): MonthBook
  /** Writes the changes to disk; returns a sentence for each month that could not be written. */
  save(nowMs: number): readonly string[]
  /** Problems with the files, for display; each is returned once. */
  drainProblems(): readonly string[]
}

/** After a longer time without an observation, pods may have come and gone. */
const UNOBSERVED_AFTER_MS = 5 * MINUTE_MS
const MAX_CARRY_MS = 30 * MINUTE_MS
const KEEP_MONTHS = 13
const TOP_UP_SHARE = 0.2

export function createLedger(files: LedgerFiles, nowMs: number): Ledger {
  const books = new Map<Month, MonthBook>()
  const changedMonths = new Set<Month>()
  const problems: string[] = []
  let revision = 0
  const observations = new Map<string, LastObservation>()
  /** The last observations as stored with the newest month. */
  let savedObservations: LastObservations = {
    podsAtMs: null,
    volumesAtMs: null,
    looks: new Map(),
    topUp: null,
  }
  let topUp: TopUp | null = null
  const observedAtMs: { pods: number | null; volumes: number | null } = { pods: null, volumes: null }

  const oldest = (atMs: number): Month => monthAfter(monthOf(atMs), 1 - KEEP_MONTHS)
  const knownMonths = new Set(files.months().filter((month) => month >= oldest(nowMs)))

  function openBook(month: Month): MonthBook {
    const opened = books.get(month)
    if (opened) return opened
    const { text, problem } = knownMonths.has(month) ? files.read(month) : { text: null, problem: null }
    if (problem !== null) problems.push(`The costs of ${month} could not be read: ${problem}`)
    const parsed = text === null ? null : parseMonthBook(month, text)
    if (text !== null && parsed === null) {
      const name = files.setAside(month)
      problems.push(
        `The costs of ${month} were damaged, and are read anew from the bills; the file is kept as ${name}.`,
      )
    }
    const book = parsed?.book ?? emptyMonthBook(month)
    books.set(month, book)
    if (parsed && month === newest) restore(parsed.last)
    return book
  }

  function restore(last: LastObservations): void {
    savedObservations = last
    for (const [key, observation] of last.looks) observations.set(key, observation)
    observedAtMs.pods = last.podsAtMs
    observedAtMs.volumes = last.volumesAtMs
    topUp = last.topUp
  }

  const newest = [...knownMonths].sort().at(-1)
  if (newest !== undefined) openBook(newest)

  /** What is known of a subject from its most recent earlier month. */
  function earlierSubject(id: SubjectId, month: Month): Subject | undefined {
    if (books.get(month)?.subjects.has(id)) return undefined
    return books.get(monthAfter(month, -1))?.subjects.get(id)
  }

  function diskBillingOf(id: SubjectId, month: Month): DisksIn {
    const own = (openBook(month).subjects.get(id) ?? earlierSubject(id, month))?.disksIn
    if (own) return own
    // What applies to one pod of the account probably applies to others.
    for (const book of books.values())
      for (const { disksIn } of book.subjects.values()) if (disksIn !== null) return disksIn
    return null
  }

  function bookIntervalsOf(
    key: string,
    observed: ObservedSubject | null,
    intervals: readonly CostInterval[],
  ): void {
    const [fromMs, toMs] = [intervals[0]?.fromMs, intervals.at(-1)?.toMs]
    if (fromMs === undefined || toMs === undefined || toMs <= fromMs) return
    const id = key.startsWith('member/') ? OTHER : key
    for (let book = openBook(monthOf(fromMs)); ; book = openBook(monthAfter(book.month))) {
      const subject = subjectIn(book, id, earlierSubject(id, book.month))
      if (observed && id !== OTHER) {
        subject.name = observed.name
        subject.hardware = observed.hardware ?? subject.hardware
      }
      bookIntervals(book, key, subject, intervals, observed?.isIdle ?? false)
      changedMonths.add(book.month)
      if (book.endMs >= toMs) break
    }
    revision += 1
  }

  function markUnobserved(fromMs: number, toMs: number): void {
    if (toMs - fromMs <= UNOBSERVED_AFTER_MS) return
    for (let atMs = fromMs; atMs < toMs;) {
      const month = monthOf(atMs)
      const endMs = Math.min(toMs, monthEnd(month))
      const book = openBook(month)
      for (let hour = hourIn(book, atMs); hour <= hourIn(book, endMs - 1); hour++)
        book.unobservedHours.add(hour)
      changedMonths.add(month)
      atMs = endMs
    }
  }

  /** Volumes are listed less often than pods, so their last state is carried forward. */
  function carryVolumes(atMs: number): void {
    if (observedAtMs.volumes === null || atMs - observedAtMs.volumes > MAX_CARRY_MS) return
    for (const [key, last] of observations) {
      if (!key.startsWith('volume/') || last.atMs >= atMs) continue
      bookIntervalsOf(key, null, intervalsBetween(last, { ...last, atMs }, null))
      observations.set(key, { ...last, atMs })
    }
  }

  return {
    revision: () => revision,

    observe({ what, atMs, subjects, isComplete, possiblyPresent }) {
      const beforeMs = observedAtMs[what]
      // The clock was set back. Nothing is booked until it has caught up.
      if (beforeMs !== null && atMs <= beforeMs) return
      const oldestMs = monthStart(oldest(atMs))
      const month = monthOf(atMs)
      const sinceMs = Math.max(beforeMs ?? 0, oldestMs)
      if (what === 'pods' && beforeMs !== null) markUnobserved(Math.max(beforeMs, sinceMs), atMs)
      const prefixes = what === 'pods' ? ['pod/', 'member/'] : ['volume/']
      const presentKeys = new Set(subjects.map(({ key }) => key))
      for (const subject of subjects) {
        const disksIn = diskBillingOf(subject.key, month)
        const last = observations.get(subject.key)
        const observation = { atMs, standing: withLastKnownRate(subject.billingState, last?.standing) }
        const intervals =
          last && last.atMs >= oldestMs
            ? intervalsBetween(last, observation, disksIn)
            : beforeMs === null
              ? intervalsOfFirst(observation, monthStart(month), disksIn)
              : intervalsOfNew(observation, sinceMs, disksIn)
        bookIntervalsOf(subject.key, subject, intervals)
        const { isUsed } = subject
        const usedSinceMs = last?.isUsed === isUsed ? last.sinceMs : atMs
        observations.set(subject.key, { ...observation, missedAtMs: null, isUsed, sinceMs: usedSinceMs })
      }
      for (const [key, last] of observations) {
        if (presentKeys.has(key) || !prefixes.some((prefix) => key.startsWith(prefix)) || !isComplete)
          continue
        const missedAtMs = last.missedAtMs ?? atMs
        if (possiblyPresent.has(key)) observations.set(key, { ...last, missedAtMs })
        else {
          bookIntervalsOf(key, null, intervalsOfGone(last, missedAtMs, diskBillingOf(key, month)))
          observations.delete(key)
        }
      }
      observedAtMs[what] = atMs
      if (what === 'pods') carryVolumes(atMs)
      // Ensures that the last observation is saved together with what was booked up to it.
      changedMonths.add(month)
      openBook(month)
    },

    applyBill(read) {
      const { hours, oddities } = validateBill(read)
      const fromMs = Math.max(read.fromMs, monthStart(oldest(read.requestedAtMs)))
      for (let month = monthOf(fromMs); monthStart(month) < read.toMs; month = monthAfter(month)) {
        if (!reconcile(openBook(month), read, hours, (id) => earlierSubject(id, month))) continue
        changedMonths.add(month)
        revision += 1
      }
      return oddities
    },

    recordBalance(usd, atMs) {
      const balance = Math.round(usd * NANO_PER_USD)
      const isToppedUp =
        topUp === null ||
        balance - topUp.lowest >= Math.max(Math.abs(topUp.lowest) * TOP_UP_SHARE, NANO_PER_USD)
      if (topUp === null || isToppedUp) topUp = { atMs, lowest: balance }
      else if (balance < topUp.lowest) topUp = { ...topUp, lowest: balance }
      changedMonths.add(monthOf(atMs))
      return topUp.atMs
    },

    recordStop(actionId, stopped) {
      const month = monthOf(stopped.atMs)
      const { stops } = openBook(month)
      if (month < oldest(nowMs) || stops.has(actionId)) return
      stops.set(actionId, stopped)
      changedMonths.add(month)
      revision += 1
    },

    lastObservations: () => observations,
    months: () => [...new Set([...knownMonths, ...books.keys()])].sort().reverse(),
    book: openBook,

    save(atMs) {
      const failures: string[] = []
      // Oldest first, and the last observations with the newest month. After a crash in between, counting
      // continues from observations that are older than the bookings, and nothing is booked twice.
      const newestMonth = [...knownMonths, ...changedMonths].sort().at(-1)
      for (const month of [...changedMonths].sort()) {
        const current = {
          podsAtMs: observedAtMs.pods,
          volumesAtMs: observedAtMs.volumes,
          looks: new Map(observations),
          topUp,
        }
        const last = month === newestMonth ? current : savedObservations
        const written = files.write(month, serializeMonthBook(openBook(month), last))
        if (!written.ok) {
          failures.push(`The costs of ${month} could not be written down: ${written.error}`)
          continue
        }
        savedObservations = last
        knownMonths.add(month)
        changedMonths.delete(month)
      }
      for (const month of knownMonths)
        if (month < oldest(atMs)) {
          files.remove(month)
          knownMonths.delete(month)
          books.delete(month)
        }
      return failures
    },

    drainProblems: () => problems.splice(0),
  }
}
