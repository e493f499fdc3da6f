import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { mergeSamples, rollUp } from '../../../src/core/history/rollup'
import {
  detailFor,
  MAX_READ_MS,
  nearestPoint,
  tableOfRows,
  tableOfSamples,
  usageSpans,
} from '../../../src/core/history/usage-table'
import { anySample, usageSample } from '../../harness/samples/usage-history'

const START_MS = Date.UTC(2026, 10, 24, 14)
const END_MS = START_MS + HOUR_MS
const at = (seconds: number, overrides = {}) =>
  usageSample({ atMs: START_MS + seconds * SECOND_MS, ...overrides })
const seconds = (ms: number): number => (ms - START_MS) / SECOND_MS
const spansOf = (...args: Parameters<typeof tableOfSamples>) =>
  usageSpans(tableOfSamples(...args)).map(({ kind, fromMs, toMs }) => [kind, seconds(fromMs), seconds(toMs)])

test('spans say what the pod did, and that nothing is known of the rest', () => {
  const samples = [
    at(600),
    at(615),
    at(630, { state: 'idle' }),
    at(645, { state: 'idle' }),
    at(1_500, { state: 'off' }),
    at(1_560, { state: 'off' }),
    at(1_575, { state: 'unknown' }),
  ]
  expect(spansOf(samples, START_MS, END_MS)).toEqual([
    ['unobserved', 0, 600],
    ['busy', 600, 615],
    ['idle', 615, 645],
    ['unobserved', 645, 1_500],
    ['off', 1_500, 1_560],
    ['unobserved', 1_560, 3_600],
  ])
})

test('the time since the last poll belongs to the last sample, unless it is longer than the gap', () => {
  expect(spansOf([at(0), at(15)], START_MS, START_MS + 60_000)).toEqual([['busy', 0, 60]])
  expect(spansOf([at(0), at(15)], START_MS, START_MS + 400_000)).toEqual([
    ['busy', 0, 15],
    ['unobserved', 15, 400],
  ])
  expect(spansOf([], START_MS, END_MS)).toEqual([['unobserved', 0, 3_600]])
})

test('spans fill the range without gaps and overlaps, whatever was recorded', () => {
  const samples = fc
    .array(anySample(fc.integer({ min: START_MS, max: END_MS - 1 })), { maxLength: 60 })
    .map((all) => mergeSamples([], all))
  fc.assert(
    fc.property(samples, fc.boolean(), (all, byMinute) => {
      const table = byMinute
        ? tableOfRows(rollUp(all, MINUTE_MS), 'minute', START_MS, END_MS)
        : tableOfSamples(all, START_MS, END_MS)
      const spans = usageSpans(table)
      expect(spans[0]?.fromMs).toBe(START_MS)
      expect(spans.at(-1)?.toMs).toBe(END_MS)
      spans.forEach((span, index) => {
        expect(span.toMs).toBeGreaterThan(span.fromMs)
        if (index > 0) expect(span.fromMs).toBe(spans[index - 1]?.toMs)
        if (index > 0) expect(span.kind).not.toBe(spans[index - 1]?.kind)
      })
    }),
  )
})

test('columns have a figure for each point, and none where it was unknown', () => {
  const gpus = [
    { util: 0, memory: 10 },
    { util: 91, memory: null },
  ]
  const table = tableOfSamples(
    [at(0, { gpus, cpu: null }), at(15, { gpus: gpus.slice(0, 1) })],
    START_MS,
    END_MS,
  )
  expect([...table.figures.gpu.min]).toEqual([0, 0])
  expect([...table.figures.gpu.mean]).toEqual([45.5, 0])
  expect([...table.figures.gpu.max]).toEqual([91, 0])
  expect([...table.figures.cpu.mean]).toEqual([Number.NaN, 12.5])
  expect(table.gpus.map((gpu) => [...gpu])).toEqual([
    [0, 0],
    [91, Number.NaN],
  ])
  expect(tableOfSamples([at(0)], START_MS, END_MS).gpus).toEqual([])
})

test('the nearest point is found within the gap, and none beyond it', () => {
  const table = tableOfSamples([at(0), at(15), at(2_000)], START_MS, END_MS)
  const nearest = (second: number) => nearestPoint(table, START_MS + second * SECOND_MS)
  expect([-5, 5, 8, 14, 300, 1_800, 9_000].map(nearest)).toEqual([0, 0, 1, 1, 1, 2, null])
  expect(nearest(900)).toBeNull()
  expect(nearestPoint({ atMs: new Float64Array(), detail: 'minute' }, START_MS)).toBeNull()
})

test('more time is read less finely', () => {
  const detailOf = (hours: number, isEachGpu = false, endedHoursAgo = 0) => {
    const toMs = END_MS - endedHoursAgo * HOUR_MS
    return detailFor({ fromMs: toMs - hours * HOUR_MS, toMs }, END_MS, isEachGpu)
  }
  expect([1, 6, 24, 168, 169, 720].map((hours) => detailOf(hours))).toEqual([
    'sample',
    'sample',
    'minute',
    'minute',
    'hour',
    'hour',
  ])
  // Only samples tell of each GPU.
  expect([1, 24, 25, 168].map((hours) => detailOf(hours, true))).toEqual([
    'sample',
    'sample',
    'minute',
    'minute',
  ])
  // What is older is kept less finely, however short the time is.
  expect([1, 20, 24, 72, 170, 1_000].map((ago) => detailOf(2, true, ago))).toEqual([
    'sample',
    'sample',
    'minute',
    'minute',
    'hour',
    'hour',
  ])
})

test('what a chart shows can be read at once, whatever its range is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 * 24 }),
      fc.integer({ min: 0, max: 60 * 24 }),
      fc.boolean(),
      (hours, ago, isEachGpu) => {
        const toMs = END_MS - ago * HOUR_MS
        const range = { fromMs: toMs - hours * HOUR_MS, toMs }
        expect(range.toMs - range.fromMs).toBeLessThanOrEqual(
          MAX_READ_MS[detailFor(range, END_MS, isEachGpu)],
        )
      },
    ),
  )
})
