import type { LedgerFiles } from './ledger-files'
import { MINUTE_MS } from '../../base/time/time'
import { type BillOddity, type BillRead, validateBill } from './bills'
import { NANO_PER_USD } from './amounts'
import { isObservedInFuture, withoutFutureObservations } from './future-hours'
import { oldestMonth, openLedgerBooks } from './ledger-books'
import {
  bookIntervals,
  hourIn,
  markHour,
  type MonthBook,
  type StoppedPod,
  type Subject,
  subjectIn,
} from './month-book'
import { type Month, monthAfter, monthEnd, monthOf, monthStart } from './months'
import { reconcile } from './reconcile'
import { endedStops, savingOf, type StopTarget } from './stop-savings'
import { OTHER, type SubjectId, withLastKnownRate } from './billing-state'
import {
  type CostInterval,
  type DisksIn,
  intervalsBetween,
  intervalsOfFirst,
  intervalsOfGone,
  intervalsOfNew,
} from './cost-intervals'
import {
  certainIntervals,
  type LastObservation,
  type LastObservations,
  type LedgerObservation,
  type ObservedSubject,
  type TopUp,
} from './ledger-observation'

/**
 * The costs of an account by the hour, observed and billed. Kept by month, for 13 months. All times are those of
 * `TrustedClock`.
 */
export interface Ledger {
  /** Changes with every booking. */
  revision(): number
  observe(all: LedgerObservation): void
  /** Applies bills; returns how many anomalies they have that were not returned before. */
  applyBill(read: BillRead): ReadonlyMap<BillOddity, number>
  /** Remembers an anomaly of a bill in the month of `atMs`; false when it was known. */
  isNewOddity(oddity: string, atMs: number): boolean
  /** Records the balance, USD; returns when it was last topped up by a fifth or more, Unix ms. */
  recordBalance(usd: number, atMs: number): number
  /** Records that the guard stopped a pod, and with `target` what that saves. The same action counts once. */
  recordStop(actionId: string, stopped: Pick<StoppedPod, 'name' | 'atMs'>, target: StopTarget): void
  /** The latest observation of every subject, by its key. */
  lastObservations(): ReadonlyMap<string, LastObservation>
  /** Newest first. */
  months(): readonly Month[]
  /** Empty for a month without data. */
  book(month: Month): MonthBook
  /** Writes the changes to disk; returns a sentence for each month that could not be written. */
  save(): readonly string[]
  /** Removes months older than 13. Only with a time that is certain; never while a month on disk is newer than now. */
  prune(nowMs: number): void
  /**
   * Sets aside what was counted for a time after `nowMs`, by a clock that was wrong: it never counts, and its files are
   * copied. Counting continues from the last observation before. See docs/product-rules.md#52-spent-this-month.
   */
  repair(nowMs: number): void
  /** Problems with the files, for display; each is returned once. */
  drainProblems(): readonly string[]
}

/** After a longer time without an observation, pods may have come and gone. */
const UNOBSERVED_AFTER_MS = 5 * MINUTE_MS
const MAX_CARRY_MS = 30 * MINUTE_MS
const TOP_UP_SHARE = 0.2
/** No real bill has more anomalies in a month; further ones are not reported. */
const MAX_ODDITIES = 1_000

export function createLedger(files: LedgerFiles): Ledger {
  const books = openLedgerBooks(files)
  const openBook = (month: Month): MonthBook => books.open(month)
  let revision = 0
  let observations = new Map<string, LastObservation>()
  let topUp: TopUp | null = null
  const observedAtMs: { pods: number | null; volumes: number | null } = { pods: null, volumes: null }

  function restore(last: LastObservations): void {
    observations = new Map(last.observations)
    observedAtMs.pods = last.podsAtMs
    observedAtMs.volumes = last.volumesAtMs
    topUp = last.topUp
  }

  restore(books.lastObservations())

  const currentObservations = (): LastObservations => ({
    podsAtMs: observedAtMs.pods,
    volumesAtMs: observedAtMs.volumes,
    observations: new Map(observations),
    topUp,
  })

  /** What is known of a subject from its most recent earlier month. */
  function earlierSubject(id: SubjectId, month: Month): Subject | undefined {
    if (books.opened().get(month)?.subjects.has(id)) return undefined
    return books.opened().get(monthAfter(month, -1))?.subjects.get(id)
  }

  function diskBillingOf(id: SubjectId, month: Month): DisksIn {
    const own = (openBook(month).subjects.get(id) ?? earlierSubject(id, month))?.disksIn
    if (own) return own
    // What applies to one pod of the account probably applies to others.
    for (const book of books.opened().values())
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
      books.markChanged(book.month)
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
      for (let hour = hourIn(book, atMs); hour <= hourIn(book, endMs - 1); hour++) {
        book.unobservedHours.add(hour)
        markHour(book, hour)
      }
      books.markChanged(month)
      atMs = endMs
    }
  }

  /** Ends what earlier stops save, of this month and the one before. */
  function endSavings(observation: LedgerObservation): void {
    const month = monthOf(observation.atMs)
    for (const each of books.months().filter((known) => known === month || known === monthAfter(month, -1))) {
      const { stops } = openBook(each)
      for (const [id, stop] of endedStops(stops, observation, observations)) {
        stops.set(id, stop)
        books.markChanged(each)
      }
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

  function isNewOddity(oddity: string, atMs: number): boolean {
    const { knownOddities, month } = openBook(monthOf(atMs))
    const wasKnown = books.opened().get(monthAfter(month, -1))?.knownOddities.has(oddity) ?? false
    if (wasKnown || knownOddities.has(oddity) || knownOddities.size >= MAX_ODDITIES) return false
    knownOddities.add(oddity)
    books.markChanged(month)
    return true
  }

  return {
    revision: () => revision,

    observe(observation) {
      const { what, atMs, subjects, isComplete, possiblyPresent } = observation
      const beforeMs = observedAtMs[what]
      // The clock was set back. Nothing is booked until it has caught up.
      if (beforeMs !== null && atMs <= beforeMs) return
      const oldestMs = monthStart(oldestMonth(atMs))
      const month = monthOf(atMs)
      const sinceMs = Math.max(beforeMs ?? 0, oldestMs)
      if (what === 'pods' && beforeMs !== null) markUnobserved(Math.max(beforeMs, sinceMs), atMs)
      if (what === 'pods') endSavings(observation)
      const prefixes = what === 'pods' ? ['pod/', 'member/'] : ['volume/']
      const presentKeys = new Set(subjects.map(({ key }) => key))
      for (const subject of subjects) {
        const disksIn = diskBillingOf(subject.key, month)
        const last = observations.get(subject.key)
        const current = { atMs, billingState: withLastKnownRate(subject.billingState, last?.billingState) }
        const intervals =
          last && last.atMs >= oldestMs
            ? intervalsBetween(last, current, disksIn)
            : beforeMs === null
              ? intervalsOfFirst(current, monthStart(month), disksIn)
              : intervalsOfNew(current, sinceMs, disksIn)
        bookIntervalsOf(subject.key, subject, certainIntervals(intervals, current, subject, last))
        const { isUsed, uptimeMs = null } = subject
        const usedSinceMs = last?.isUsed === isUsed ? last.sinceMs : atMs
        observations.set(subject.key, {
          ...current,
          missedAtMs: null,
          isUsed,
          sinceMs: usedSinceMs,
          uptimeMs,
        })
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
      books.markChanged(month)
      openBook(month)
    },

    applyBill(read) {
      const { hours, oddities } = validateBill(read)
      const fromMs = Math.max(read.fromMs, monthStart(oldestMonth(read.requestedAtMs)))
      for (let month = monthOf(fromMs); monthStart(month) < read.toMs; month = monthAfter(month)) {
        if (!reconcile(openBook(month), read, hours, (id) => earlierSubject(id, month))) continue
        books.markChanged(month)
        revision += 1
      }
      const counts = new Map<BillOddity, number>()
      for (const [oddity, identities] of oddities)
        for (const identity of identities)
          if (isNewOddity(identity, read.requestedAtMs)) counts.set(oddity, (counts.get(oddity) ?? 0) + 1)
      return counts
    },

    isNewOddity,

    recordBalance(usd, atMs) {
      const balance = Math.round(usd * NANO_PER_USD)
      if (!Number.isFinite(balance)) return topUp?.atMs ?? atMs
      const isToppedUp =
        topUp === null ||
        balance - topUp.lowest >= Math.max(Math.abs(topUp.lowest) * TOP_UP_SHARE, NANO_PER_USD)
      if (topUp === null || isToppedUp) topUp = { atMs, lowest: balance }
      else if (balance < topUp.lowest) topUp = { ...topUp, lowest: balance }
      books.markChanged(monthOf(atMs))
      return topUp.atMs
    },

    recordStop(actionId, stopped, target) {
      const month = monthOf(stopped.atMs)
      const [newest] = books.months()
      if (newest !== undefined && month < oldestMonth(monthStart(newest))) return
      const { stops } = openBook(month)
      if (stops.has(actionId)) return
      stops.set(actionId, { ...stopped, saving: savingOf(target, stopped.atMs, observations) })
      books.markChanged(month)
      revision += 1
    },

    lastObservations: () => observations,
    months: () => books.months(),
    book: openBook,
    save: () => books.save(currentObservations()),
    prune: (atMs) => books.prune(atMs),

    repair(atMs) {
      const isFound = books.setAsideFuture(atMs)
      if (!isFound && !isObservedInFuture(currentObservations(), atMs)) return
      if (isFound) restore({ ...books.lastObservations(), topUp })
      restore(withoutFutureObservations(currentObservations(), openBook(monthOf(atMs)), atMs))
      books.markChanged(monthOf(atMs))
      revision += 1
    },

    drainProblems: () => books.drainProblems(),
  }
}
