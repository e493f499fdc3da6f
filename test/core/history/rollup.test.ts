import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { floorTo, mergeRows, mergeSamples, rollUp } from '../../../src/core/history/rollup'
import { usageMetrics, usageStates } from '../../../src/core/history/usage'
import { anySample, usageSample } from '../../harness/samples/usage-history'

const START_MS = Date.UTC(2026, 10, 24, 14)
const at = (seconds: number, overrides = {}) =>
  usageSample({ atMs: START_MS + seconds * SECOND_MS, ...overrides })

test('a minute has the lowest, the mean and the highest figure of its samples and GPUs', () => {
  const gpus = [
    { util: 0, memory: 10 },
    { util: 90, memory: 20 },
  ]
  const [row] = rollUp([at(0, { gpus }), at(15, { gpus: [{ util: 60, memory: null }] })], MINUTE_MS)
  expect(row?.figures.gpu).toEqual({ min: 0, mean: 50, max: 90, known: 0.25 })
  expect(row?.figures.gpuMemory).toEqual({ min: 10, mean: 15, max: 20, known: 0 })
  expect(row?.samples).toBe(2)
})

test('a minute that was polled evenly is known as a whole, and divided by what the pod did', () => {
  const samples = [-15, 0, 15, 30, 45, 60].map((second) =>
    at(second, { state: second > 20 ? 'idle' : 'busy' }),
  )
  const row = rollUp(samples, MINUTE_MS).find(({ startMs }) => startMs === START_MS)
  expect(row?.shares).toEqual({ busy: 0.25, idle: 0.75, off: 0, unknown: 0 })
  expect(row?.figures.cpu?.known).toBe(1)
})

test('time between samples that are further apart than the gap stays unobserved', () => {
  const rows = rollUp([at(0), at(15), at(15 + 301), at(15 + 316)], HOUR_MS)
  expect(rows[0]?.shares.busy).toBe(Math.round((30 / 3_600) * 200) / 200)
  const minutes = rollUp([at(0), at(299)], MINUTE_MS)
  expect(minutes.map(({ startMs }) => (startMs - START_MS) / MINUTE_MS)).toEqual([0, 4])
  expect(rollUp([at(0), at(301)], MINUTE_MS).map(({ shares }) => shares.busy)).toEqual([0, 0])
})

test('an unknown figure is missing and never 0', () => {
  const [row] = rollUp([at(0, { state: 'unknown', gpus: [], cpu: null, memory: null })], MINUTE_MS)
  expect(row?.figures).toEqual({ gpu: null, gpuMemory: null, cpu: null, memory: null })
})

test('a row never says more than its samples did', () => {
  const samples = fc
    .array(anySample(fc.integer({ min: START_MS, max: START_MS + 3 * HOUR_MS })), { maxLength: 80 })
    .map((all) => mergeSamples([], all))
  fc.assert(
    fc.property(samples, fc.constantFrom(MINUTE_MS, HOUR_MS), (all, stepMs) => {
      const rows = rollUp(all, stepMs)
      expect(rows.reduce((sum, row) => sum + row.samples, 0)).toBe(all.length)
      for (const { startMs, shares, figures } of rows) {
        const own = all.filter(({ atMs }) => floorTo(atMs, stepMs) === startMs)
        expect(own.length).toBeGreaterThan(0)
        expect(usageStates.reduce((sum, state) => sum + shares[state], 0)).toBeLessThanOrEqual(1.02)
        for (const metric of usageMetrics) {
          const range = figures[metric]
          if (range === null) continue
          expect(range.min).toBeLessThanOrEqual(range.mean)
          expect(range.mean).toBeLessThanOrEqual(range.max)
          expect(range.known).toBeLessThanOrEqual(1)
        }
      }
    }),
  )
})

test('rows and samples that are merged again stay the same, whatever was there already', () => {
  const samples = fc.array(anySample(fc.integer({ min: START_MS, max: START_MS + HOUR_MS })), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(samples, fc.nat(), (all, cut) => {
      const unique = mergeSamples([], all)
      const part = unique.slice(0, cut % (unique.length + 1))
      expect(mergeSamples(part, unique)).toEqual(unique)
      const rows = rollUp(unique, MINUTE_MS)
      expect(mergeRows(rollUp(part, MINUTE_MS), rows)).toEqual(rows)
      expect(mergeRows(rows, rows)).toEqual(rows)
    }),
  )
})
