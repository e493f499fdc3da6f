import * as v from 'valibot'
import { DAY_MS } from '../../base/time/time'
import { parseJson } from '../../base/parse-json'
import { approximatePart } from './amounts'
import { emptyMonthBook, HOURS_PER_DAY, type MonthBook, subjectIn } from './month-book'
import type { BillReading, HourBucket } from './hour-bucket'
import { isMonth } from './months'
import type { LastObservations } from './ledger-observation'

const VERSION = 2

/** Serializes what a book has besides its hours. */
export function serializeMonth(book: MonthBook, last: LastObservations): string {
  return JSON.stringify({
    version: VERSION,
    month: book.month,
    last: {
      podsAtMs: last.podsAtMs,
      volumesAtMs: last.volumesAtMs,
      topUp: last.topUp,
      looks: [...last.observations].map(([key, { atMs, billingState, ...rest }]) => ({
        key,
        atMs,
        standing: billingState,
        ...rest,
      })),
    },
    corrections: book.corrections.map(({ atMs, amount }) => [atMs, amount]),
    oddities: [...book.knownOddities],
    stops: [...book.stops].map(
      ([
        id,
        {
          name,
          atMs,
          saving: { key, perHour, endedAtMs },
        },
      ]) => [id, name, atMs, key, perHour, endedAtMs],
    ),
    subjects: [...book.subjects].map(([id, { hours: _hours, ...subject }]) => ({ id, ...subject })),
  })
}

/**
 * Serializes a day, from 0; null: nothing is known of it. An hour is a row of integers, see `toRow`. It says until when
 * it is booked and what was read of its bills, so that what a lost day had is counted and read again.
 */
export function serializeDay(book: MonthBook, day: number): string | null {
  const [firstHour, endHour] = [day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY]
  const isOfDay = (hour: number): boolean => hour >= firstHour && hour < endHour
  const [startMs, endMs] = [book.startMs + day * DAY_MS, book.startMs + (day + 1) * DAY_MS]
  const bookedUntilMs = [...book.bookedUntilMs].flatMap(([key, atMs]) =>
    atMs > startMs ? [[key, Math.min(atMs, endMs)]] : [],
  )
  const subjects = [...book.subjects].flatMap(([id, { hours }]) => {
    const rows = Array.from({ length: HOURS_PER_DAY }, (_, index) => firstHour + index).flatMap((hour) => {
      const bucket = hours.get(hour)
      return bucket === undefined ? [] : [toRow(hour, bucket)]
    })
    return rows.length === 0 ? [] : [{ id, hours: rows }]
  })
  const unseenHours = [...book.unobservedHours].filter(isOfDay)
  const pageReads = [...book.pageReads].flatMap(([hour, { firstMs, lastMs }]) =>
    isOfDay(hour) ? [[hour, firstMs, lastMs]] : [],
  )
  if (subjects.length + unseenHours.length + pageReads.length === 0) return null
  return JSON.stringify({
    version: VERSION,
    month: book.month,
    day,
    bookedUntilMs,
    unseenHours,
    pageReads,
    subjects,
  })
}

const whole = v.pipe(v.number(), v.safeInteger())
const count = v.pipe(whole, v.minValue(0))
/** Whole nano-dollars. Sums above $9 million exceed the safe integers, and are then off by a few nano-dollars. */
const nanoUsd = v.pipe(v.number(), v.integer())
const maybe = v.nullable(count)
const billingState = v.object({
  kind: v.picklist(['booting', 'on', 'off']),
  computeRate: maybe,
  onDiskRate: maybe,
  offRate: maybe,
  startedAtMs: v.nullable(whole),
  createdAtMs: v.nullable(whole),
  isApproximate: v.exactOptional(v.literal(true)),
})
const monthFile = v.object({
  version: v.literal(VERSION),
  month: v.pipe(v.string(), v.check(isMonth)),
  last: v.object({
    podsAtMs: v.nullable(whole),
    volumesAtMs: v.nullable(whole),
    topUp: v.nullable(v.object({ atMs: whole, lowest: nanoUsd })),
    looks: v.array(
      v.object({
        key: v.string(),
        atMs: whole,
        standing: billingState,
        missedAtMs: v.nullable(whole),
        isUsed: v.boolean(),
        sinceMs: whole,
        uptimeMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
      }),
    ),
  }),
  corrections: v.array(v.tuple([whole, v.pipe(nanoUsd, v.minValue(0))])),
  oddities: v.array(v.string()),
  stops: v.array(
    v.tuple([
      v.string(),
      v.string(),
      whole,
      v.string(),
      // A damaged amount loses no stop.
      v.fallback(maybe, null),
      v.fallback(v.nullable(whole), null),
    ]),
  ),
  subjects: v.array(
    v.object({
      id: v.string(),
      name: v.nullable(v.string()),
      hardware: v.nullable(v.string()),
      disksIn: v.nullable(v.picklist(['bill', 'cost'])),
      otherPriceHours: count,
    }),
  ),
})
const dayFile = v.object({
  version: v.literal(VERSION),
  month: v.string(),
  day: count,
  bookedUntilMs: v.array(v.tuple([v.string(), whole])),
  unseenHours: v.array(count),
  pageReads: v.array(v.tuple([count, whole, whole])),
  subjects: v.array(
    v.object({
      id: v.string(),
      // Tens of thousands of rows, so they are validated separately for speed.
      hours: v.custom<readonly (readonly number[])[]>((value) => Array.isArray(value) && value.every(isRow)),
    }),
  ),
})

/** The book without its hours. Null when it is damaged or of another month. */
export function parseMonth(month: string, text: string): { book: MonthBook; last: LastObservations } | null {
  const read = v.safeParse(monthFile, parseJson(text))
  if (!read.success || read.output.month !== month) return null
  const {
    last: { looks, ...last },
    ...kept
  } = read.output
  const book = emptyMonthBook(month)
  for (const { id, ...subject } of kept.subjects) book.subjects.set(id, { ...subject, hours: new Map() })
  book.corrections = kept.corrections.map(([atMs, amount]) => ({ atMs, amount }))
  for (const oddity of kept.oddities) book.knownOddities.add(oddity)
  for (const [id, name, atMs, key, perHour, endedAtMs] of kept.stops)
    book.stops.set(id, { name, atMs, saving: { key, perHour, endedAtMs } })
  const observations = looks.map(
    ({ key, standing, ...rest }) => [key, { ...rest, billingState: standing }] as const,
  )
  return { book, last: { ...last, observations: new Map(observations) } }
}

/** Adds the hours of a day, from 0. False, and nothing is added, when it is damaged or of another day. */
export function addDay(book: MonthBook, day: number, text: string): boolean {
  const read = v.safeParse(dayFile, parseJson(text))
  if (!read.success || read.output.month !== book.month || read.output.day !== day) return false
  const { subjects, bookedUntilMs, unseenHours, pageReads } = read.output
  const hoursOfFile = [
    ...subjects.flatMap(({ hours }) => hours),
    ...pageReads,
    ...unseenHours.map((hour) => [hour]),
  ]
  if (hoursOfFile.some(([hour = -1]) => Math.floor(hour / HOURS_PER_DAY) !== day)) return false
  for (const { id, hours } of subjects) {
    const subject = subjectIn(book, id)
    for (const row of hours) subject.hours.set(row[0] ?? 0, toHourBucket(row))
  }
  for (const [key, atMs] of bookedUntilMs)
    book.bookedUntilMs.set(key, Math.max(atMs, book.bookedUntilMs.get(key) ?? 0))
  for (const hour of unseenHours) book.unobservedHours.add(hour)
  for (const [hour, firstMs, lastMs] of pageReads) book.pageReads.set(hour, { firstMs, lastMs })
  return true
}

const AT_LEAST = 1
/** The last reading follows: total, disk, first and last time. */
const READ = 2
/** The final reading follows: total and disk. */
const FINAL = 4
/** The final reading equals the last reading. */
const FINAL_IS_READ = 8
/** A rate was from a price list. */
const APPROXIMATE = 16
const FIXED = 8
/** Stands in for a total. */
const ABSENT = -1

/** `[hour, min, likely, max, disk, idle, onMs, flags, …reading, …final]`. */
function toRow(hour: number, bucket: HourBucket): readonly number[] {
  const {
    min,
    likely,
    max,
    disk,
    idle,
    onMs,
    isAtLeast,
    lastReading,
    firstReadMs,
    lastReadMs,
    finalReading,
  } = bucket
  const isSame =
    finalReading !== null &&
    lastReading !== null &&
    JSON.stringify(finalReading) === JSON.stringify(lastReading)
  const flags =
    (isAtLeast ? AT_LEAST : 0) |
    (bucket.isApproximate ? APPROXIMATE : 0) |
    (lastReading === null ? 0 : READ) |
    (finalReading === null ? 0 : isSame ? FINAL_IS_READ : FINAL)
  return [
    hour,
    min,
    likely,
    max,
    disk,
    idle,
    onMs,
    flags,
    ...(lastReading === null ? [] : [...numbersOf(lastReading), firstReadMs, lastReadMs]),
    ...(finalReading === null || isSame ? [] : numbersOf(finalReading)),
  ]
}

const numbersOf = (reading: BillReading): readonly number[] =>
  reading === 'absent' ? [ABSENT, 0] : [reading.total, reading.disk]

const readingOf = (total = 0, disk = 0): BillReading => (total === ABSENT ? 'absent' : { total, disk })

function toHourBucket(row: readonly number[]): HourBucket {
  const [, min = 0, likely = 0, max = 0, disk = 0, idle = 0, onMs = 0, flags = 0] = row
  const read = flags & READ ? readingOf(row[FIXED], row[FIXED + 1]) : null
  const final = flags & FINAL ? readingOf(row.at(-2), row.at(-1)) : flags & FINAL_IS_READ ? read : null
  return {
    min,
    likely,
    max,
    disk,
    idle,
    onMs,
    isAtLeast: (flags & AT_LEAST) !== 0,
    ...approximatePart((flags & APPROXIMATE) !== 0),
    lastReading: read,
    firstReadMs: read === null ? 0 : (row[FIXED + 2] ?? 0),
    lastReadMs: read === null ? 0 : (row[FIXED + 3] ?? 0),
    finalReading: final,
  }
}

function isRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < FIXED || value.length > FIXED + 6) return false
  const flags: unknown = value[FIXED - 1]
  if (typeof flags !== 'number') return false
  const length = FIXED + (flags & READ ? 4 : 0) + (flags & FINAL ? 2 : 0)
  return value.length === length && value.every((each) => Number.isInteger(each) && each >= ABSENT)
}
