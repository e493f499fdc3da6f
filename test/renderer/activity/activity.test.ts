import { describe, expect, test } from 'vitest'
import type { AuditPage, ListedAuditEntry } from '../../../src/core/audit-log/audit-log'
import { activityRows } from '../../../src/core/audit-log/activity-rows'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'
import { activityDays } from '../../../src/renderer/activity/activity-days'
import { appendPage, joinPages, missingCount } from '../../../src/renderer/activity/join-pages'
import { createSeenActivityStore, unseenCount } from '../../../src/renderer/activity/seen-activity'

const NOON = new Date(2026, 10, 24, 12).getTime()
const entry = (seq: number, atMs = NOON): ListedAuditEntry => ({
  seq,
  atMs,
  accountId: null,
  podId: null,
  podName: null,
  kind: 'app',
  what: 'test',
  text: `entry ${seq}`,
  tone: 'plain',
})
const range = (from: number, to: number): ListedAuditEntry[] =>
  Array.from({ length: from - to + 1 }, (_, index) => entry(from - index))
const seqs = ({ entries }: { entries: readonly ListedAuditEntry[] }): number[] =>
  entries.map(({ seq }) => seq)

test('entries are grouped by local day, and recent days have relative names', () => {
  const times = [NOON, NOON - 11 * HOUR_MS, NOON - DAY_MS, NOON - 3 * DAY_MS, NOON - 400 * DAY_MS]
  const days = activityDays(activityRows(times.map((atMs, index) => entry(9 - index, atMs))), NOON)
  expect(days.map(({ title, rows }) => [title.replace(',', ''), rows.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Saturday November 21', 1],
    ['Monday October 20, 2025', 1],
  ])
})

test('two headings never share a key, even when the clock was set back', () => {
  const days = activityDays(activityRows([entry(3), entry(2, NOON - DAY_MS), entry(1)]), NOON)
  expect(days.map(({ title }) => title)).toEqual(['Today', 'Yesterday', 'Today'])
  expect(new Set(days.map(({ key }) => key)).size).toBe(3)
})

test('the keys of the days stay as older days are added, so that what is open stays open', () => {
  const entries = [entry(3), entry(2, NOON - DAY_MS), entry(1, NOON - 3 * DAY_MS)]
  const keys = (count: number) =>
    activityDays(activityRows(entries.slice(0, count)), NOON).map(({ key }) => key)
  expect(keys(3).slice(0, 2)).toEqual(keys(2))
})

const page = (entries: readonly ListedAuditEntry[], before: number | null): AuditPage => ({
  entries,
  companions: [],
  before,
  looked: { lines: entries.length, toMs: NOON },
})

describe('the newest piece', () => {
  const loaded = { ...page(range(9, 1), null), topSeq: 9 }

  test('is joined with the older entries already loaded', () => {
    const joined = joinPages(page(range(11, 8), 8), 11, loaded)
    expect(seqs(joined)).toEqual(range(11, 1).map(({ seq }) => seq))
    expect(joined).toMatchObject({ before: null, topSeq: 11, looked: { lines: 11 } })
  })

  test('is joined although the filter finds nothing in it', () => {
    const joined = joinPages(page([], 9), 12, loaded)
    expect(seqs(joined)).toEqual(range(8, 1).map(({ seq }) => seq))
  })

  test('replaces what it covers, because an action with another outcome is not found any more', () => {
    expect(seqs(joinPages(page([entry(11), entry(7)], 7), 11, loaded))).toEqual([11, 7, 6, 5, 4, 3, 2, 1])
  })

  test('replaces older entries when there is a gap between them, so that nothing is skipped', () => {
    const newest = page(range(20, 17), 17)
    expect(joinPages(newest, 20, loaded)).toEqual({ ...newest, topSeq: 20 })
  })

  test('replaces older entries when it is the whole log, or the log started over', () => {
    expect(joinPages(page(range(2, 1), null), 9, loaded)).toEqual({ ...page(range(2, 1), null), topSeq: 9 })
    expect(joinPages(page(range(5, 4), 4), 5, loaded)).toEqual({ ...page(range(5, 4), 4), topSeq: 5 })
  })

  test('replaces older entries when it reaches further than they do', () => {
    const newest = page([entry(12)], 3)
    expect(joinPages(newest, 12, { ...page(range(9, 6), 6), topSeq: 9 })).toEqual({ ...newest, topSeq: 12 })
  })
})

test('a filter looks for a page of entries, and a new line of the log doesn’t end a search for more', () => {
  const loaded = { ...page(range(120, 40), 40), topSeq: 120 }
  const joined = joinPages(page([], 119), 121, loaded)
  expect(missingCount(joined, { missing: 31 })).toBe(31)
  expect(missingCount(joined, { missing: -4 })).toBeLessThanOrEqual(0)
  expect(missingCount({ ...page(range(9, 1), null), topSeq: 9 }, null)).toBe(41)
})

test('an older piece is added once, and its other entries of an action do not come twice', () => {
  const loaded = { ...page([entry(9), entry(7)], 7), companions: [entry(6)], topSeq: 9 }
  const older = { ...page([entry(6), entry(2)], null), companions: [entry(9), entry(3)] }
  const both = appendPage(loaded, older)
  expect(seqs(both)).toEqual([9, 7, 6, 2])
  expect(both.companions.map(({ seq }) => seq)).toEqual([3])
  expect(both).toMatchObject({ before: null, topSeq: 9, looked: { lines: 4 } })
})

test('alerts since the page was last open count as unseen, even after a restart of the window', () => {
  const stored = new Map<string, string>()
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  }
  const seenStore = createSeenActivityStore(storage)
  expect(unseenCount({ lastSeq: 9, alertSeqs: [9, 5, 2] }, seenStore.lastSeenSeq())).toBe(3)
  let calls = 0
  const unsubscribe = seenStore.subscribe(() => (calls += 1))
  seenStore.markSeen(5)
  seenStore.markSeen(5)
  unsubscribe()
  seenStore.markSeen(6)
  expect(calls).toBe(1)
  expect(createSeenActivityStore(storage).lastSeenSeq()).toBe(6)
  expect(unseenCount({ lastSeq: 9, alertSeqs: [9, 5, 2] }, 6)).toBe(1)
  // A deleted log starts over with low numbers.
  expect(unseenCount({ lastSeq: 2, alertSeqs: [2] }, 6)).toBe(1)
})

test.each(['', 'x', '-3', '1.5', '1e99'])('no entry counts as seen when the stored value is %j', (text) => {
  expect(createSeenActivityStore({ getItem: () => text, setItem: () => {} }).lastSeenSeq()).toBe(0)
})

test('full storage only prevents the last seen entry from being remembered', () => {
  const seenStore = createSeenActivityStore({
    getItem: () => null,
    setItem: () => {
      throw new Error('full')
    },
  })
  seenStore.markSeen(4)
  expect(seenStore.lastSeenSeq()).toBe(4)
})
