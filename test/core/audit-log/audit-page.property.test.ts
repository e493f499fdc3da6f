import fc from 'fast-check'
import { expect, test } from 'vitest'
import { activityRows, foundRows, markOf } from '../../../src/core/audit-log/activity-rows'
import { actionRowText } from '../../../src/core/audit-log/action-row-text'
import {
  allAuditEntries,
  type AuditFilter,
  auditKinds,
  type AuditPage,
  auditTones,
  type ListedAuditEntry,
} from '../../../src/core/audit-log/audit-log'
import { findAuditEntries, readAuditPage } from '../../../src/core/audit-log/audit-page'
import { loggedHistories } from '../../harness/samples/logged-actions'

const runs = { numRuns: 1_500 }
const seqsOf = (entries: readonly ListedAuditEntry[]): readonly number[] => entries.map(({ seq }) => seq)

/** Words of the log, of none of its texts, of two texts of one action, and those that files write differently. */
const words = [
  'llama',
  'STOP',
  'stopped',
  'you',
  'locked',
  'seq',
  '"',
  '\\',
  'stop requested',
  'nowhere',
  'É',
  'idle',
]

const filters = (entries: readonly ListedAuditEntry[]): fc.Arbitrary<AuditFilter> =>
  fc.record({
    kind: fc.option(fc.constantFrom(...auditKinds), { freq: 2 }),
    accountId: fc.option(fc.constantFrom('a', 'b'), { freq: 2 }),
    podId: fc.option(fc.constantFrom('p', 'q'), { freq: 2 }),
    sinceMs: fc.option(fc.constantFrom(0, ...entries.map(({ atMs }) => atMs)), { freq: 1 }),
    outcome: fc.option(fc.constantFrom(...auditTones), { freq: 1 }),
    search: fc.oneof(
      fc.constant(''),
      fc.subarray(words, { maxLength: 2 }).map((some) => some.join(' ')),
    ),
  })

const logs = loggedHistories.chain(({ entries }) =>
  fc.record({
    entries: fc.constant(
      entries.map((entry, index) => (index % 7 === 0 ? { ...entry, text: `${entry.text} "É\\` } : entry)),
    ),
    filter: filters(entries),
    limits: fc.record({ entries: fc.integer({ min: 1, max: 9 }), lines: fc.integer({ min: 1, max: 12 }) }),
    damage: fc.array(fc.tuple(fc.nat(60), fc.constantFrom('', '{', '{"seq":1,"atMs":2,', '\u0000')), {
      maxLength: 4,
    }),
  }),
)

const linesOf =
  (entries: readonly ListedAuditEntry[], damage: readonly (readonly [number, string])[] = []) =>
  (before: number | null): readonly string[] => {
    const lines = entries
      .filter(({ seq }) => before === null || seq < before)
      .map((entry) => JSON.stringify(entry))
    for (const [at, text] of damage) lines.splice(at % (lines.length + 1), 0, text)
    return lines
  }

/** What the filter means, of the whole log at once. */
function expected(entries: readonly ListedAuditEntry[], filter: AuditFilter): readonly ListedAuditEntry[] {
  const inScope = entries.filter(
    ({ kind, accountId, podId }) =>
      (filter.kind === null || kind === filter.kind) &&
      (filter.accountId === null || accountId === filter.accountId) &&
      (filter.podId === null || podId === filter.podId),
  )
  const terms = filter.search.toLowerCase().split(/\s+/).filter(Boolean)
  return inScope.filter((entry) => {
    const mark = markOf(entry)
    const whole = mark === null ? [entry] : inScope.filter((other) => markOf(other) === mark)
    const [row] = activityRows(whole)
    const outcome = (row?.action?.last ?? row?.newest ?? entry).tone
    const said = row?.action ? actionRowText(row.action, true).spoken : ''
    const text = [
      said,
      ...whole.map((one) => [one.text, one.podName, one.podId, one.what, one.intent?.reason].join('\n')),
    ].join('\n')
    return (
      (filter.sinceMs === null || whole.some(({ atMs }) => atMs >= (filter.sinceMs ?? 0))) &&
      (filter.outcome === null || outcome === filter.outcome) &&
      terms.every((term) => text.toLowerCase().includes(term))
    )
  })
}

function pagesOf(read: (before: number | null) => AuditPage): readonly AuditPage[] {
  const pages: AuditPage[] = []
  let before: number | null = null
  do {
    const page = read(before)
    pages.push(page)
    if (page.before !== null && before !== null) expect(page.before).toBeLessThan(before)
    before = page.before
  } while (before !== null)
  return pages
}

test('the pieces of a log have exactly what a filter means, once, in order and with whole actions', () => {
  fc.assert(
    fc.property(logs, ({ entries, filter, limits, damage }) => {
      const pages = pagesOf((before) => readAuditPage(linesOf(entries, damage), before, filter, limits))
      const wanted = expected(entries, filter)
      expect(seqsOf(pages.flatMap((page) => page.entries))).toEqual(seqsOf(wanted))
      for (const page of pages) {
        expect(page.entries.length).toBeLessThanOrEqual(limits.entries)
        const both = [...page.entries, ...page.companions]
        expect(new Set(seqsOf(both)).size).toBe(both.length)
        const isQuery = filter.sinceMs !== null || filter.outcome !== null || filter.search.trim() !== ''
        const marks = new Set(page.entries.map(markOf))
        const whole = wanted.filter((entry) => marks.has(markOf(entry)) && markOf(entry) !== null)
        if (isQuery) expect(new Set(seqsOf(both))).toEqual(new Set(seqsOf([...whole, ...page.entries])))
        else expect(page.companions).toEqual([])
      }
    }),
    runs,
  )
})

test('a row stands where its newest entry that was found is, and says what the whole action says', () => {
  fc.assert(
    fc.property(logs, ({ entries, filter, limits }) => {
      const { entries: found, companions } = readAuditPage(linesOf(entries), null, filter, limits)
      const rows = foundRows(found, companions)
      expect(rows.map(({ place }) => place.seq)).toEqual(
        rows.map(({ place }) => place.seq).sort((a, b) => b - a),
      )
      const places = new Set(seqsOf(found))
      for (const row of rows) expect(places.has(row.place.seq)).toBe(true)
      expect(rows.flatMap((row) => seqsOf(row.entries)).sort((a, b) => a - b)).toEqual(
        [...seqsOf([...found, ...companions])].sort((a, b) => a - b),
      )
    }),
    runs,
  )
})

test('all that a filter finds comes once, whatever the size of its pieces', () => {
  fc.assert(
    fc.property(logs, ({ entries, filter, limits }) => {
      const log = {
        page: (before: number | null, of: AuditFilter) => readAuditPage(linesOf(entries), before, of, limits),
      }
      const found = [...findAuditEntries(log, filter)].flat()
      expect([...seqsOf(found)].sort((a, b) => b - a)).toEqual(seqsOf(expected(entries, filter)))
    }),
    runs,
  )
})

test('a filter that finds nothing looks at a part of a long log, and says how far', () => {
  const entries = Array.from({ length: 9_000 }, (_, index): ListedAuditEntry => ({
    seq: 9_000 - index,
    atMs: 1_000 * (9_000 - index),
    accountId: 'a',
    podId: null,
    podName: null,
    kind: 'app',
    what: 'test',
    text: 'nothing special',
    tone: 'plain',
  }))
  const pages = pagesOf((before) =>
    readAuditPage(linesOf(entries), before, { ...allAuditEntries, search: 'nowhere' }, { entries: 100 }),
  )
  expect(pages.map(({ looked }) => looked)).toEqual([
    { lines: 2_500, toMs: 6_501_000 },
    { lines: 2_500, toMs: 4_001_000 },
    { lines: 2_500, toMs: 1_501_000 },
    { lines: 1_500, toMs: 1_000 },
  ])
  expect(pages.flatMap((page) => page.entries)).toEqual([])
})
