import { expect, test } from 'vitest'
import type { PodKey } from '../../../src/core/pods/pod'
import {
  drawnRows,
  podsBetween,
  rowOffsets,
  tableRows,
  topSection,
} from '../../../src/renderer/pods/table/table-rows'
import { bulkBarText, nextEventText, stateGlyph } from '../../../src/renderer/pods/table/table-text'
import { guardViewWith, idleFor, NOW_MS, podView } from '../../harness/samples/pod-views'

const keys = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => `${prefix}/${at}` as PodKey)
const section = (id: string, podKeys: PodKey[]) => ({
  id,
  kind: 'running' as const,
  about: null,
  podKeys,
})
const rows = tableRows([section('a', keys(3, 'a')), section('b', keys(1_000, 'b'))])

test('the first group has no row of its own, because the heading of the table is its heading', () => {
  expect(rows.slice(0, 5).map(({ kind }) => kind)).toEqual(['pod', 'pod', 'pod', 'group', 'pod'])
  expect(rowOffsets(rows).slice(0, 6)).toEqual([0, 36, 72, 108, 140, 176])
})

test('only rows near the view are drawn, and the gaps keep the height of all', () => {
  for (const top of [0, 5_000, 36_000]) {
    const { drawn, end } = drawnRows(rows, { top, height: 700, width: 900 }, [])
    expect(drawn.length).toBeLessThan(50)
    const height = drawn.reduce((sum, { row, gap }) => sum + row.height + gap, end)
    expect(height).toBe(rowOffsets(rows).at(-1))
  }
})

test('the row with the focus stays drawn, however far away it is', () => {
  const { drawn, end } = drawnRows(rows, { top: 0, height: 700, width: 900 }, ['b/900'])
  expect(drawn.at(-1)?.row.id).toBe('b/900')
  expect(drawn.at(-1)?.gap).toBeGreaterThan(10_000)
  const height = drawn.reduce((sum, { row, gap }) => sum + row.height + gap, end)
  expect(height).toBe(rowOffsets(rows).at(-1))
})

test('the heading of the table is that of the group at the top', () => {
  expect([0, 107, 108, 5_000].map((top) => topSection(rows, top)?.id)).toEqual(['a', 'a', 'b', 'b'])
})

test('a selection is extended in either direction, across groups, and begins where it has no start', () => {
  expect(podsBetween(rows, 'a/1' as PodKey, 'b/0' as PodKey)).toEqual(['a/1', 'a/2', 'b/0'])
  expect(podsBetween(rows, 'b/0' as PodKey, 'a/1' as PodKey)).toEqual(['a/1', 'a/2', 'b/0'])
  expect(podsBetween(rows, null, 'a/1' as PodKey)).toEqual(['a/1'])
  expect(podsBetween(rows, 'gone/1' as PodKey, 'a/1' as PodKey)).toEqual(['a/1'])
})

test('the next event is a time only while nothing holds it', () => {
  const stop = { podId: 'p', podName: 'p', cause: 'quiet', action: 'stop' } as const
  const planned = {
    ...stop,
    state: 'planned',
    atMs: NOW_MS + 60_000,
    text: 'stops if it stays quiet',
  } as const
  const held = { ...stop, state: 'held', atMs: null, text: 'is kept running until 9:00' } as const
  expect(nextEventText(podView(), [planned], NOW_MS).text).toMatch(/^Stop \d\d:\d\d$/)
  expect(nextEventText(podView(), [held], NOW_MS)).toEqual({
    text: 'Held: kept running until 9:00',
    tone: 'dim',
  })
  expect(nextEventText(podView({ phase: 'error', statusReason: 'No image.' }), [], NOW_MS)).toEqual({
    text: 'No image.',
    tone: 'bad',
  })
  expect(nextEventText(podView({ activity: idleFor(20) }), [], NOW_MS).text).toBe('Auto-stop off')
  expect(nextEventText(podView(), [], NOW_MS).text).toBe('')
})

test('each state has a shape of its own, so that color is never alone', () => {
  const icon = (over: Parameters<typeof podView>[0]) => stateGlyph(podView(over)).icon
  const keepOn = { sinceMs: 0, untilMs: null }
  expect([
    icon({}),
    icon({ activity: idleFor(5) }),
    icon({ phase: 'error' }),
    icon({ phase: 'creating' }),
    icon({ phase: 'stopped' }),
    icon({ activity: idleFor(5), guard: { ...guardViewWith({ kind: 'off' }), keepOn } }),
  ]).toEqual(['disc', 'moon', 'triangle', 'ring', 'square', 'clock'])
})

test('the bar of selected pods says what the idle ones waste', () => {
  const rate = { perHourUsd: 202.3, isAtLeast: false }
  expect(bulkBarText.waste(33, rate)).toBe('33 idle pods waste $202.30/hr')
  expect(bulkBarText.waste(1, { ...rate, isAtLeast: true })).toBe('1 idle pod wastes at least $202.30/hr')
  expect(bulkBarText.wasting(3, rate)).toBe('3 idle, wasting $202.30/hr')
})
