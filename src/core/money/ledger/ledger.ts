import type { LedgerFiles } from './ledger-files'
import { MINUTE_MS } from '../../base/time'
import { type BillOddity, type BillRead, cleanBill } from './bills'
import { NANO } from './amounts'
import {
  type Book,
  bookStretches,
  emptyBook,
  hourIn,
  type StoppedPod,
  type Subject,
  subjectIn,
} from './month-book'
import { bookText, type LastLook, type LastLooks, parseBook, type TopUp } from './month-book-codec'
import { type Month, monthAfter, monthEnd, monthOf, monthStart } from './months'
import { reconcile } from './reconcile'
import { OTHER, type Standing, type SubjectId } from './billing-state'
import {
  type DisksIn,
  type Stretch,
  stretchesBetween,
  stretchesOfFirst,
  stretchesOfGone,
  stretchesOfNew,
} from './cost-intervals'

/** One thing that costs, as a look showed it. */
export interface Seen {
  /** By what name it was looked at; members of a cluster are booked together. */
  readonly key: SubjectId
  readonly name: string
  readonly hardware: string | null
  readonly standing: Standing
  /** It idled since the last look. */
  readonly isIdle: boolean
  /** A pod that is on, a volume that some pod mounts. */
  readonly isUsed: boolean
}

/** A look at all pods, or at all volumes. */
export interface SeenAll {
  readonly what: 'pods' | 'volumes'
  readonly atMs: number
  readonly seen: readonly Seen[]
  /** Whether what is missing was not there. */
  readonly isComplete: boolean
  /** Keys of those that are missing and not yet known to be gone. */
  readonly perhapsThere: ReadonlySet<string>
}

/** What an account cost, by the hour: seen, and billed. It is kept by month, for 13 months. */
export interface Ledger {
  /** Changes with everything that is booked. */
  revision(): number
  observe(all: SeenAll): void
  /** Takes in a bill; returns what was odd about it. */
  takeBill(read: BillRead): ReadonlyMap<BillOddity, number>
  /** Takes in the balance, USD; returns when it was last topped up by a fifth or more, Unix ms. */
  takeBalance(usd: number, atMs: number): number
  /** Notes that the guard stopped a pod; the same action twice is one. */
  takeStop(actionId: string, stopped: StoppedPod): void
  /** How everything stood when it was seen last, by its key. */
  looks(): ReadonlyMap<string, LastLook>
  /** Newest first. */
  months(): readonly Month[]
  /** Empty for a month that nothing is known of. */
  book(month: Month): Book
  /** Writes down what changed; a sentence for each month that could not be written. */
  save(nowMs: number): readonly string[]
  /** What was odd about the files, for people; told once. */
  takeProblems(): readonly string[]
}

/** Longer without a look, pods may have come and gone. */
const UNSEEN_AFTER_MS = 5 * MINUTE_MS
const CARRIED_MS = 30 * MINUTE_MS
const KEEP_MONTHS = 13
const FIFTH = 0.2

export function createLedger(files: LedgerFiles, nowMs: number): Ledger {
  const books = new Map<Month, Book>()
  const changed = new Set<Month>()
  const problems: string[] = []
  let revision = 0
  const looks = new Map<string, LastLook>()
  /** What the newest month on disk says of the last looks. */
  let savedLast: LastLooks = { podsAtMs: null, volumesAtMs: null, looks: new Map(), topUp: null }
  let topUp: TopUp | null = null
  const lookedAtMs: { pods: number | null; volumes: number | null } = { pods: null, volumes: null }

  const oldest = (atMs: number): Month => monthAfter(monthOf(atMs), 1 - KEEP_MONTHS)
  const known = new Set(files.months().filter((month) => month >= oldest(nowMs)))

  function open(month: Month): Book {
    const opened = books.get(month)
    if (opened) return opened
    const { text, problem } = known.has(month) ? files.read(month) : { text: null, problem: null }
    if (problem !== null) problems.push(`The costs of ${month} could not be read: ${problem}`)
    const parsed = text === null ? null : parseBook(month, text)
    if (text !== null && parsed === null) {
      const name = files.setAside(month)
      problems.push(
        `The costs of ${month} were damaged, and are read anew from the bills; the file is kept as ${name}.`,
      )
    }
    const book = parsed?.book ?? emptyBook(month)
    books.set(month, book)
    if (parsed && month === newest) takeUp(parsed.last)
    return book
  }

  function takeUp(last: LastLooks): void {
    savedLast = last
    for (const [key, look] of last.looks) looks.set(key, look)
    lookedAtMs.pods = last.podsAtMs
    lookedAtMs.volumes = last.volumesAtMs
    topUp = last.topUp
  }

  const newest = [...known].sort().at(-1)
  if (newest !== undefined) open(newest)

  /** What is known of a subject by its last month. */
  function earlier(id: SubjectId, month: Month): Subject | undefined {
    if (books.get(month)?.subjects.has(id)) return undefined
    return books.get(monthAfter(month, -1))?.subjects.get(id)
  }

  function disksInOf(id: SubjectId, month: Month): DisksIn {
    const own = (open(month).subjects.get(id) ?? earlier(id, month))?.disksIn
    if (own) return own
    // What holds for one pod of the account likely holds for another.
    for (const book of books.values())
      for (const { disksIn } of book.subjects.values()) if (disksIn !== null) return disksIn
    return null
  }

  function enter(key: string, seen: Seen | null, stretches: readonly Stretch[]): void {
    const [fromMs, toMs] = [stretches[0]?.fromMs, stretches.at(-1)?.toMs]
    if (fromMs === undefined || toMs === undefined || toMs <= fromMs) return
    const id = key.startsWith('member/') ? OTHER : key
    for (let book = open(monthOf(fromMs)); ; book = open(monthAfter(book.month))) {
      const subject = subjectIn(book, id, earlier(id, book.month))
      if (seen && id !== OTHER) {
        subject.name = seen.name
        subject.hardware = seen.hardware ?? subject.hardware
      }
      bookStretches(book, key, subject, stretches, seen?.isIdle ?? false)
      changed.add(book.month)
      if (book.endMs >= toMs) break
    }
    revision += 1
  }

  function noteUnseen(fromMs: number, toMs: number): void {
    if (toMs - fromMs <= UNSEEN_AFTER_MS) return
    for (let atMs = fromMs; atMs < toMs;) {
      const month = monthOf(atMs)
      const endMs = Math.min(toMs, monthEnd(month))
      const book = open(month)
      for (let hour = hourIn(book, atMs); hour <= hourIn(book, endMs - 1); hour++) book.unseenHours.add(hour)
      changed.add(month)
      atMs = endMs
    }
  }

  /** Volumes are listed less often than pods; in between they cost on as they were. */
  function carryVolumes(atMs: number): void {
    if (lookedAtMs.volumes === null || atMs - lookedAtMs.volumes > CARRIED_MS) return
    for (const [key, last] of looks) {
      if (!key.startsWith('volume/') || last.atMs >= atMs) continue
      enter(key, null, stretchesBetween(last, { ...last, atMs }, null))
      looks.set(key, { ...last, atMs })
    }
  }

  return {
    revision: () => revision,

    observe({ what, atMs, seen, isComplete, perhapsThere }) {
      const beforeMs = lookedAtMs[what]
      // The clock was set back: what was booked stands until it has caught up.
      if (beforeMs !== null && atMs <= beforeMs) return
      const oldestMs = monthStart(oldest(atMs))
      const month = monthOf(atMs)
      const sinceMs = Math.max(beforeMs ?? 0, oldestMs)
      if (what === 'pods' && beforeMs !== null) noteUnseen(Math.max(beforeMs, sinceMs), atMs)
      const prefixes = what === 'pods' ? ['pod/', 'member/'] : ['volume/']
      const there = new Set(seen.map(({ key }) => key))
      for (const one of seen) {
        const disksIn = disksInOf(one.key, month)
        const last = looks.get(one.key)
        const look = { atMs, standing: withRate(one.standing, last?.standing) }
        const stretches =
          last && last.atMs >= oldestMs
            ? stretchesBetween(last, look, disksIn)
            : beforeMs === null
              ? stretchesOfFirst(look, monthStart(month), disksIn)
              : stretchesOfNew(look, sinceMs, disksIn)
        enter(one.key, one, stretches)
        const { isUsed } = one
        const usedSinceMs = last?.isUsed === isUsed ? last.sinceMs : atMs
        looks.set(one.key, { ...look, missedAtMs: null, isUsed, sinceMs: usedSinceMs })
      }
      for (const [key, last] of looks) {
        if (there.has(key) || !prefixes.some((prefix) => key.startsWith(prefix)) || !isComplete) continue
        const missedAtMs = last.missedAtMs ?? atMs
        if (perhapsThere.has(key)) looks.set(key, { ...last, missedAtMs })
        else {
          enter(key, null, stretchesOfGone(last, missedAtMs, disksInOf(key, month)))
          looks.delete(key)
        }
      }
      lookedAtMs[what] = atMs
      if (what === 'pods') carryVolumes(atMs)
      // So that the last look is on disk with what was booked up to it.
      changed.add(month)
      open(month)
    },

    takeBill(read) {
      const { hours, oddities } = cleanBill(read)
      const fromMs = Math.max(read.fromMs, monthStart(oldest(read.askedAtMs)))
      for (let month = monthOf(fromMs); monthStart(month) < read.toMs; month = monthAfter(month)) {
        if (!reconcile(open(month), read, hours, (id) => earlier(id, month))) continue
        changed.add(month)
        revision += 1
      }
      return oddities
    },

    takeBalance(usd, atMs) {
      const balance = Math.round(usd * NANO)
      const isToppedUp =
        topUp === null || balance - topUp.lowest >= Math.max(Math.abs(topUp.lowest) * FIFTH, NANO)
      if (topUp === null || isToppedUp) topUp = { atMs, lowest: balance }
      else if (balance < topUp.lowest) topUp = { ...topUp, lowest: balance }
      changed.add(monthOf(atMs))
      return topUp.atMs
    },

    takeStop(actionId, stopped) {
      const month = monthOf(stopped.atMs)
      const { stops } = open(month)
      if (month < oldest(nowMs) || stops.has(actionId)) return
      stops.set(actionId, stopped)
      changed.add(month)
      revision += 1
    },

    looks: () => looks,
    months: () => [...new Set([...known, ...books.keys()])].sort().reverse(),
    book: open,

    save(atMs) {
      const failures: string[] = []
      // Oldest first, and the last looks with the newest: should this end half-way, counting goes on from looks that
      // are older than what is booked, and nothing is booked twice.
      const newestMonth = [...known, ...changed].sort().at(-1)
      for (const month of [...changed].sort()) {
        const current = {
          podsAtMs: lookedAtMs.pods,
          volumesAtMs: lookedAtMs.volumes,
          looks: new Map(looks),
          topUp,
        }
        const last = month === newestMonth ? current : savedLast
        const written = files.write(month, bookText(open(month), last))
        if (!written.ok) {
          failures.push(`The costs of ${month} could not be written down: ${written.error}`)
          continue
        }
        savedLast = last
        known.add(month)
        changed.delete(month)
      }
      for (const month of known)
        if (month < oldest(atMs)) {
          files.remove(month)
          known.delete(month)
          books.delete(month)
        }
      return failures
    },

    takeProblems: () => problems.splice(0),
  }
}

/** One that is off does not say what it costs when it is on: what it cost then is remembered. */
function withRate(standing: Standing, before: Standing | undefined): Standing {
  return standing.kind === 'off' && standing.computeRate === null
    ? { ...standing, computeRate: before?.computeRate ?? null }
    : standing
}
