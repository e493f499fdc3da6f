import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { ActivityRow } from '../../../src/core/audit-log/activity-rows'
import { HOURS_KEPT_MS } from '../../../src/core/history/usage'
import { tableOfSamples, usageSpans } from '../../../src/core/history/usage-table'
import { localSplits } from '../../../src/renderer/pod-page/chart/usage-plot'
import { chartPoints, lanesFor, lanesHeight } from '../../../src/renderer/pod-page/chart/chart-data'
import { chartMarks, placeMarks } from '../../../src/renderer/pod-page/chart/chart-marks'
import {
  latestEndMs,
  MAX_SPAN_MS,
  MIN_SPAN_MS,
  panned,
  spanOf,
  withinLimits,
  zoomed,
} from '../../../src/renderer/pod-page/chart/chart-range'
import { axisText, chartSummary, pointText } from '../../../src/renderer/pod-page/chart/chart-text'
import { usageSample } from '../../harness/samples/usage-history'

const NOW_MS = Date.UTC(2026, 10, 24, 14)
const at = (seconds: number, overrides = {}) =>
  usageSample({ atMs: NOW_MS + seconds * SECOND_MS, ...overrides })

test('a range stays within what can be shown, however it is zoomed and moved', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('zoom' as const), by: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
    fc.record({ kind: fc.constant('pan' as const), by: fc.double({ min: -20, max: 20, noNaN: true }) }),
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (steps, share) => {
        let range = { fromMs: NOW_MS - 6 * HOUR_MS, toMs: NOW_MS }
        for (const { kind, by } of steps) {
          const around = range.fromMs + share * spanOf(range)
          range = kind === 'zoom' ? zoomed(range, by, around, NOW_MS) : panned(range, by, NOW_MS)
          expect(range.toMs).toBeLessThanOrEqual(NOW_MS + 1)
          expect(range.fromMs).toBeGreaterThanOrEqual(NOW_MS - HOURS_KEPT_MS - 1)
          expect(spanOf(range)).toBeGreaterThanOrEqual(MIN_SPAN_MS - 1)
          expect(spanOf(range)).toBeLessThanOrEqual(MAX_SPAN_MS + 1)
        }
      },
    ),
  )
})

test('the latest time moves no more often than it is read, however often a snapshot comes', () => {
  const ends = (spanMs: number) =>
    new Set(Array.from({ length: 20 * 60 }, (_, second) => latestEndMs(spanMs, NOW_MS + second * SECOND_MS)))
  expect([HOUR_MS, 7 * DAY_MS, 30 * DAY_MS].map((spanMs) => ends(spanMs).size)).toEqual([1_200, 20, 2])
  for (const endMs of ends(30 * DAY_MS)) expect(endMs).toBeLessThanOrEqual(NOW_MS + 20 * MINUTE_MS)
})

test('zooming keeps the time under the pointer where it is, and back is where it was', () => {
  const range = { fromMs: NOW_MS - 10 * HOUR_MS, toMs: NOW_MS - 4 * HOUR_MS }
  const around = NOW_MS - 6 * HOUR_MS
  const closer = zoomed(range, 0.5, around, NOW_MS)
  expect(closer).toEqual({ fromMs: NOW_MS - 8 * HOUR_MS, toMs: NOW_MS - 5 * HOUR_MS })
  expect(zoomed(closer, 2, around, NOW_MS)).toEqual(range)
  expect(panned(range, 1, NOW_MS)).toEqual({ fromMs: NOW_MS - 6 * HOUR_MS, toMs: NOW_MS })
  expect(withinLimits({ fromMs: NOW_MS, toMs: NOW_MS }, NOW_MS)).toEqual({
    fromMs: NOW_MS - MIN_SPAN_MS,
    toMs: NOW_MS,
  })
})

test('lanes lie one below the other, and a pod without GPUs has none for them', () => {
  for (const lanes of [lanesFor(true), lanesFor(false)]) {
    lanes.reduce((end, { top, height }) => {
      expect(top).toBeGreaterThanOrEqual(end)
      return top + height
    }, 0)
    expect(lanesHeight(lanes)).toBe(lanes.reduce((end, { top, height }) => Math.max(end, top + height), 0))
  }
  expect(lanesFor(false).map(({ metric }) => metric)).toEqual(['cpu', 'memory'])
})

const HOUR = { fromMs: NOW_MS, toMs: NOW_MS + HOUR_MS }

test('what was not observed is not joined, and neither is a figure that is unknown', () => {
  const table = tableOfSamples([at(0), at(15, { cpu: null }), at(30), at(1_000)], HOUR.fromMs, HOUR.toMs)
  const { atMs, isJoined, lanes } = chartPoints(table, lanesFor(false), HOUR, 500)
  expect([...atMs].map((ms) => (ms - NOW_MS) / SECOND_MS)).toEqual([0, 15, 30, 1_000])
  expect([...isJoined]).toEqual([0, 1, 1, 0])
  expect([...(lanes[0]?.mean ?? [])]).toEqual([12.5, Number.NaN, 12.5, 12.5])
})

test('only what is in the range is drawn, and the points on both sides that lines lead to', () => {
  const table = tableOfSamples(
    [0, 15, 30, 45, 60].map((second) => at(second)),
    HOUR.fromMs,
    HOUR.toMs,
  )
  const range = { fromMs: NOW_MS + 20 * SECOND_MS, toMs: NOW_MS + 40 * SECOND_MS }
  const { atMs, isJoined } = chartPoints(table, lanesFor(false), range, 500)
  expect([...atMs].map((ms) => (ms - NOW_MS) / SECOND_MS)).toEqual([15, 30, 45])
  expect([...isJoined]).toEqual([0, 1, 1])
})

test('of many points so many are drawn as can be seen: the extremes of each column, none made up, no gap joined', () => {
  const figure = fc.option(
    fc.integer({ min: 0, max: 200 }).map((half) => half / 2),
    { freq: 4 },
  )
  const series = fc.array(
    fc.record({ afterS: fc.constantFrom(1, 1, 1, 15, 15, 60, 4_000), cpu: figure, memory: figure }),
    { minLength: 1, maxLength: 300 },
  )
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 60 }), (given, columns) => {
      let second = 0
      const samples = given.map(({ afterS, cpu, memory }) => at((second += afterS), { cpu, memory }))
      const range = { fromMs: NOW_MS, toMs: NOW_MS + (second + 1) * SECOND_MS }
      const table = tableOfSamples(samples, range.fromMs, range.toMs)
      const points = chartPoints(table, lanesFor(false), range, columns)
      const gaps = given.filter(({ afterS }) => afterS === 4_000).length
      expect(points.atMs.length).toBeLessThanOrEqual(Math.max(2 * columns, 2 * (columns + gaps)))
      const known = new Set(table.atMs)
      points.atMs.forEach((ms, index) => {
        expect(known.has(ms)).toBe(true)
        if (index === 0) return
        expect(ms).toBeGreaterThan(points.atMs[index - 1] ?? 0)
        const isGap = ms - (points.atMs[index - 1] ?? 0) > 3_000 * SECOND_MS
        expect(points.isJoined[index]).toBe(isGap ? 0 : 1)
      })
      const columnOf = (ms: number): number =>
        Math.floor(((ms - range.fromMs) / (range.toMs - range.fromMs)) * columns)
      const extremes = (atMs: ArrayLike<number>, values: ArrayLike<number>) => {
        const byColumn = new Map<number, readonly [number, number]>()
        for (let index = 0; index < atMs.length; index++) {
          const value = values[index] ?? Number.NaN
          if (Number.isNaN(value)) continue
          const column = columnOf(atMs[index] ?? 0)
          const [low, high] = byColumn.get(column) ?? [value, value]
          byColumn.set(column, [Math.min(low, value), Math.max(high, value)])
        }
        return byColumn
      }
      for (const [lane, metric] of [
        [points.lanes[0], 'cpu'],
        [points.lanes[1], 'memory'],
      ] as const) {
        if (lane === undefined) throw new Error('no lane')
        expect(extremes(points.atMs, lane.mean)).toEqual(extremes(table.atMs, table.figures[metric].mean))
        for (let index = 0; index < points.atMs.length; index++) {
          const [low = 0, mean = 0, high = 0] = [lane.min[index], lane.mean[index], lane.max[index]]
          if (!Number.isNaN(mean)) expect([low <= mean, mean <= high]).toEqual([true, true])
        }
      }
    }),
    { numRuns: 500 },
  )
})

const row = (over: Partial<ActivityRow>, seconds: number): ActivityRow =>
  ({
    key: String(seconds),
    entries: [],
    newest: { kind: 'event' },
    place: { atMs: NOW_MS + seconds * SECOND_MS },
    action: null,
    ...over,
  }) as unknown as ActivityRow
const action = (name: string, phase: string, seconds: number): Partial<ActivityRow> =>
  ({
    action: { action: name, phase, last: { atMs: NOW_MS + seconds * SECOND_MS } },
  }) as unknown as Partial<ActivityRow>

test('alerts, actions that were observed, and starts by others are marked, each once', () => {
  const rows = [
    row({ newest: { kind: 'alert' } as ActivityRow['newest'] }, 600),
    row(action('stop', 'observed', 300), 300),
    row(action('start', 'failed', 200), 200),
    row(action('restart', 'observed', 100), 100),
    row({}, 50),
  ]
  const table = tableOfSamples(
    [at(110, { isNewRun: true }), at(3_000, { isNewRun: true })],
    NOW_MS,
    NOW_MS + HOUR_MS,
  )
  expect(chartMarks(rows, table).map(({ atMs, label }) => [label, (atMs - NOW_MS) / SECOND_MS])).toEqual([
    ['Restarted', 100],
    ['Stopped', 300],
    ['Alert', 600],
    ['Restarted', 3_000],
  ])
})

test('labels of marks never overlap and never leave the plot, and say how many they stand for', () => {
  const marks = fc.array(
    fc.record({
      atMs: fc.integer({ min: -10, max: 510 }),
      label: fc.constantFrom('Alert', 'Restarted', 'Terminated'),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(marks, (all) => {
      const sorted = all.sort((a, b) => a.atMs - b.atMs)
      const widthOf = (text: string): number => text.length * 6
      const placed = placeMarks(sorted, (ms) => ms, 500, widthOf)
      expect(placed).toHaveLength(sorted.filter(({ atMs }) => atMs >= 0 && atMs <= 500).length)
      const labels = placed.flatMap(({ label }) => label ?? [])
      let counted = 0
      labels.forEach(({ text, left }, index) => {
        counted += Number(/^(\d+) events$/.exec(text)?.[1] ?? 1)
        expect(left).toBeGreaterThanOrEqual(0)
        expect(left + widthOf(text)).toBeLessThanOrEqual(500)
        const next = labels[index + 1]
        if (next !== undefined) expect(left + widthOf(text)).toBeLessThanOrEqual(next.left)
      })
      expect(counted).toBe(placed.length)
    }),
    {
      examples: [
        // At the right edge, the count of the last two reaches the label before them.
        [[437, 437, 484, 495].map((atMs) => ({ atMs, label: 'Alert' as const }))],
      ],
    },
  )
})

test('the chart is described in words, at one time and as a whole', () => {
  const gpus = [
    { util: 0, memory: 41 },
    { util: 90, memory: 41 },
  ]
  const range = { fromMs: NOW_MS, toMs: NOW_MS + HOUR_MS }
  const table = tableOfSamples(
    [at(0, { gpus }), at(240, { gpus }), at(400, { state: 'off', gpus: [], cpu: null, memory: null })],
    range.fromMs,
    range.toMs,
  )
  const lanes = lanesFor(true)
  const text = (seconds: number) => pointText(table, lanes, NOW_MS + seconds * SECOND_MS, NOW_MS)
  expect(text(1)).toMatch(/^\d\d:00: busy, GPU 45% \(0–90%\), GPU memory 41%, CPU 13%, Memory 20%$/)
  expect(text(400)).toMatch(/: not running$/)
  expect(text(2_000)).toMatch(/: not observed$/)
  expect(pointText(null, lanes, NOW_MS, NOW_MS)).toMatch(/: not observed$/)
  const marks = [{ atMs: NOW_MS + 300_000, label: 'Alert' }]
  expect(chartSummary(range, usageSpans(table), marks, NOW_MS)).toMatch(
    /^\d\d:00 to \d\d:00: busy for 4 min, not running for 2 min, not observed for 53 min\. Alert at \d\d:05\.$/,
  )
  expect(chartSummary(range, [], [], NOW_MS)).toMatch(/: nothing was observed\.$/)
})

test('the axis has round local times, and days where the range is long', () => {
  const splits = localSplits(NOW_MS - 6 * HOUR_MS - 1, NOW_MS, HOUR_MS)
  expect(splits).toHaveLength(7)
  for (const split of splits) expect(new Date(split).getMinutes()).toBe(0)
  const days = localSplits(NOW_MS - 30 * DAY_MS, NOW_MS, 4 * DAY_MS)
  expect(days.length).toBeGreaterThanOrEqual(7)
  for (const day of days) expect(new Date(day).getHours()).toBe(0)
  expect(localSplits(NOW_MS - 10 * MINUTE_MS, NOW_MS, 2 * MINUTE_MS)).toHaveLength(6)
  const week = { fromMs: NOW_MS - 7 * DAY_MS, toMs: NOW_MS }
  expect(axisText(NOW_MS - 3 * DAY_MS, week, NOW_MS)).toBe('Sat')
  expect(axisText(NOW_MS, { fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS }, NOW_MS)).toMatch(/^\d\d:00$/)
})
