import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ActivityRow, activityRows, keepPlaces } from '../../../src/core/audit-log/activity-rows'
import type { ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import { parseAuditEntry } from '../../../src/core/audit-log/parse-audit-entry'
import { type LoggedHistory, loggedHistories, type EntryActions } from '../../harness/samples/logged-actions'

const runs = { numRuns: 2_000 }
const seqsOf = ({ entries }: ActivityRow): readonly number[] => entries.map(({ seq }) => seq)
const keysOf = (rows: readonly ActivityRow[]): readonly string[] => rows.map(({ key }) => key)
const placesOf = (rows: readonly ActivityRow[]): readonly number[] => rows.map(({ place }) => place.seq)

/** What is left of a log: lines are damaged, it begins later, or a filter leaves some out. */
const damage = fc.record({
  beginsAt: fc.nat(30),
  lost: fc.array(fc.nat(60), { maxLength: 8 }),
  filter: fc.constantFrom<((entry: ListedAuditEntry) => boolean)[]>(
    () => true,
    () => true,
    ({ kind }) => kind === 'intent',
    ({ accountId }) => accountId === 'a',
    ({ podId, accountId }) => podId === 'p' && accountId === 'b',
  ),
})
const listed = (
  { entries }: LoggedHistory,
  {
    beginsAt,
    lost,
    filter,
  }: { beginsAt: number; lost: number[]; filter: (entry: ListedAuditEntry) => boolean },
): readonly ListedAuditEntry[] =>
  entries.filter((entry) => entry.seq > beginsAt && !lost.includes(entry.seq) && filter(entry))

const isSorted = (seqs: readonly number[]): boolean => seqs.every((seq, n) => n === 0 || seqs[n - 1]! <= seq)

/** No row holds entries of two actions, and each entry is in exactly one row, oldest first. */
function expectNothingMixed(entries: readonly ListedAuditEntry[], truth: EntryActions): void {
  const rows = activityRows(entries)
  const wrong = rows.filter((row) => {
    const actions = new Set(row.entries.map(({ seq }) => truth.get(seq)))
    return actions.size !== 1 || (row.entries.length > 1 && actions.has(null)) || !isSorted(seqsOf(row))
  })
  expect(wrong).toEqual([])
  expect(rows.flatMap(seqsOf).sort((a, b) => b - a)).toEqual(entries.map(({ seq }) => seq))
  expect(placesOf(rows)).toEqual([...placesOf(rows)].sort((a, b) => b - a))
}

/** All entries of an action are in one row. */
function expectNothingApart(entries: readonly ListedAuditEntry[], truth: EntryActions): void {
  const actions = entries.map(({ seq }) => truth.get(seq)).filter((action) => action !== null)
  const rows = activityRows(entries).filter(({ newest }) => truth.get(newest.seq) !== null)
  expect(rows.length).toBe(new Set(actions).size)
}

test('entries that carry their intent are one row for each action, whatever is cut, damaged or filtered', () => {
  fc.assert(
    fc.property(loggedHistories, damage, (history, given) => {
      const entries = listed(history, given)
      expectNothingMixed(entries, history.truth)
      expectNothingApart(entries, history.truth)
    }),
    runs,
  )
})

test('a log in which intents are damaged mixes nothing either', () => {
  fc.assert(
    fc.property(
      loggedHistories,
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      damage,
      ({ entries, ...history }, areMarked, given) => {
        const mixed = entries.map((entry) => {
          const { intent: _, ...damaged } = entry
          return areMarked[entry.seq % 60] === true ? entry : damaged
        })
        expectNothingMixed(listed({ ...history, entries: mixed }, given), history.truth)
      },
    ),
    runs,
  )
})

test('older pages join the rows that are shown, and neither move nor rename one', () => {
  fc.assert(
    fc.property(loggedHistories, fc.nat(60), ({ entries }, pageSize) => {
      const shown = keepPlaces(activityRows(entries.slice(0, pageSize)), [])
      const joined = keepPlaces(activityRows(entries), shown)
      expect(keysOf(joined).slice(0, shown.length)).toEqual(keysOf(shown))
      expect(placesOf(joined).slice(0, shown.length)).toEqual(placesOf(shown))
      expect(keysOf(activityRows(entries))).toEqual(keysOf(joined))
    }),
    runs,
  )
})

test('new entries move none of the rows that are shown, and rename none', () => {
  fc.assert(
    fc.property(loggedHistories, fc.array(fc.nat(60)), ({ entries }, arrivals) => {
      let shown: readonly ActivityRow[] = []
      for (const count of [...arrivals].sort((a, b) => a - b)) {
        const next = keepPlaces(activityRows(entries.slice(-1 - count)), shown)
        const kept = next.filter(({ place }) => shown.some((row) => row.place === place))
        expect(keysOf(kept)).toEqual(keysOf(shown))
        expect(new Set(keysOf(next)).size).toBe(next.length)
        expect(next.flatMap(seqsOf).length).toBe(Math.min(entries.length, count + 1))
        shown = next
      }
    }),
    runs,
  )
})

test('any lines that can be read are listed once, in rows of one pod and action, and are left as they were', () => {
  const what = fc.tuple(
    fc.constantFrom('stop', 'start', 'x'),
    fc.constantFrom('sent', 'observed', 'scheduled', ''),
  )
  const line = fc.record(
    {
      accountId: fc.constantFrom('a', null),
      podId: fc.constantFrom('p', 'q', null),
      podName: fc.constantFrom('llama', null),
      atMs: fc.constantFrom(0, 8.64e15, -8.64e15),
      kind: fc.constantFrom('intent', 'decision', 'app', 'alert'),
      what: what.map((words) => words.join(' ')),
      text: fc.string(),
      tone: fc.constantFrom('good', 'plain', 'warning', 'bad'),
      intent: fc.oneof(
        fc.record({
          id: fc.constantFrom('i', '__proto__'),
          action: fc.constant('stop'),
          requester: fc.constant('quiet'),
        }),
        fc.record({
          id: fc.constantFrom('i', 'j', '', 'x'.repeat(101), '__proto__'),
          action: fc.constantFrom('stop', 'start', 'shrug'),
          requester: fc.constantFrom('person', 'command-line', 'nobody'),
          elapsedMs: fc.constantFrom(0, -1, 1e300, 'soon'),
        }),
        fc.anything(),
      ),
    },
    { requiredKeys: ['accountId', 'podId', 'podName', 'atMs', 'kind', 'what', 'text', 'tone'] },
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const entries = lines
        .map((one, index) => parseAuditEntry(JSON.stringify({ seq: lines.length - index, ...one })))
        .filter((entry) => entry !== null)
      // Whatever the action of an entry looks like, the entry itself is listed.
      expect(entries.length).toBe(lines.length)
      const before = JSON.stringify(entries)
      for (const entry of entries) Object.freeze(entry)
      const rows = activityRows(Object.freeze(entries))
      expect(rows.flatMap(seqsOf).sort((a, b) => b - a)).toEqual(entries.map(({ seq }) => seq))
      for (const row of rows)
        expect(new Set(row.entries.map(({ accountId, podId }) => `${accountId} ${podId}`)).size).toBe(1)
      expect(JSON.stringify(entries)).toBe(before)
    }),
    runs,
  )
})
