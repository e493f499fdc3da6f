import { describe, expect, test } from 'vitest'
import type { ListedActivity } from '../../../src/core/audit-log/audit-log'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time'
import { activityDays } from '../../../src/renderer/activity/activity-days'
import { joined } from '../../../src/renderer/activity/joined-pages'
import { createSeenActivity, unseenCount } from '../../../src/renderer/activity/seen-activity'

const NOON = new Date(2026, 10, 24, 12).getTime()
const entry = (seq: number, atMs = NOON): ListedActivity => ({
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
const range = (from: number, to: number): ListedActivity[] =>
  Array.from({ length: from - to + 1 }, (_, index) => entry(from - index))
const seqs = ({ entries }: { entries: readonly ListedActivity[] }): number[] => entries.map(({ seq }) => seq)

test('entries stand under the days of this place, by their names while they are near', () => {
  const times = [NOON, NOON - 11 * HOUR_MS, NOON - DAY_MS, NOON - 3 * DAY_MS, NOON - 400 * DAY_MS]
  const days = activityDays(
    times.map((atMs, index) => entry(9 - index, atMs)),
    NOON,
  )
  expect(days.map(({ title, entries }) => [title.replace(',', ''), entries.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Saturday 21 November', 1],
    ['Monday 20 October 2025', 1],
  ])
})

test('a clock that was set back makes no two headings with one key', () => {
  const days = activityDays([entry(3), entry(2, NOON - DAY_MS), entry(1)], NOON)
  expect(days.map(({ title }) => title)).toEqual(['Today', 'Yesterday', 'Today'])
  expect(new Set(days.map(({ key }) => key)).size).toBe(3)
})

describe('a newest page', () => {
  const earlier = { entries: range(9, 1), before: null }

  test('keeps what was read before it', () => {
    const both = joined({ entries: range(11, 8), before: 8 }, earlier)
    expect(seqs(both)).toEqual(range(11, 1).map(({ seq }) => seq))
    expect(both.before).toBeNull()
  })

  test('with a gap before it stands alone, so that nothing is skipped', () => {
    const newest = { entries: range(20, 17), before: 17 }
    expect(joined(newest, earlier)).toEqual(newest)
  })

  test('with all that there is stands alone: the log began anew', () => {
    const newest = { entries: range(2, 1), before: null }
    expect(joined(newest, earlier)).toEqual(newest)
  })
})

test('unseen are the alerts since the page was last open, also after a restart of the window', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  }
  const seen = createSeenActivity(storage)
  expect(unseenCount({ lastSeq: 9, alertSeqs: [9, 5, 2] }, seen.seq())).toBe(3)
  let calls = 0
  const unsubscribe = seen.subscribe(() => (calls += 1))
  seen.see(5)
  seen.see(5)
  unsubscribe()
  seen.see(6)
  expect(calls).toBe(1)
  expect(createSeenActivity(storage).seq()).toBe(6)
  expect(unseenCount({ lastSeq: 9, alertSeqs: [9, 5, 2] }, 6)).toBe(1)
  // A log that was removed begins with low numbers again.
  expect(unseenCount({ lastSeq: 2, alertSeqs: [2] }, 6)).toBe(1)
})

test.each(['', 'x', '-3', '1.5', '1e99'])('where %j was kept nothing counts as seen', (text) => {
  expect(createSeenActivity({ getItem: () => text, setItem: () => {} }).seq()).toBe(0)
})

test('storage that is full costs nothing but the memory of it', () => {
  const seen = createSeenActivity({
    getItem: () => null,
    setItem: () => {
      throw new Error('full')
    },
  })
  seen.see(4)
  expect(seen.seq()).toBe(4)
})
