import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { idleSpans, sparkPaths, unknownSpans } from '../../../src/renderer/pod-model/spark-path'
import { NOW_MS } from '../../harness/samples/pod-views'

const BOX = { width: 60, height: 24, startMs: NOW_MS - HOUR_MS, endMs: NOW_MS }
const at = (minutesAgo: number, utilPercent: number | null) => ({
  atMs: NOW_MS - minutesAgo * MINUTE_MS,
  utilPercent,
  isIdle: false,
})

test('the line spans time over the width, and 0 to 100 percent over the height', () => {
  expect(sparkPaths([at(4, 0), at(2, 50), at(0, 100)], BOX)).toEqual({
    line: 'M56 22L58 12L60 2',
    area: 'M56 24L56 22L58 12L60 2V24Z',
  })
})

test('an unknown sample leaves a gap in the line', () => {
  expect(sparkPaths([at(4, 0), at(3, 0), at(2, null), at(1, 0), at(0, 0)], BOX).line).toBe(
    'M56 22L57 22M59 22L60 22',
  )
})

test('an unobserved interval of more than 5 minutes leaves a gap in the line', () => {
  const line = (minutes: number) => sparkPaths([at(minutes, 0), at(0, 0)], BOX).line
  expect(line(5)).toBe('M55 22L60 22')
  expect(line(6)).toBe('M54 22h0M60 22h0')
})

test('a single sample is drawn as a dot without an area', () => {
  expect(sparkPaths([at(0, 100)], BOX)).toEqual({ line: 'M60 2h0', area: '' })
})

test('samples from before the left edge are not drawn', () => {
  expect(sparkPaths([{ ...at(0, 50), atMs: NOW_MS - HOUR_MS - 1 }], BOX).line).toBe('')
})

test('a value beyond the scale is drawn inside the box', () => {
  expect(sparkPaths([at(1, -20), at(0, 140)], BOX).line).toBe('M59 22L60 2')
})

test('nothing is drawn without samples', () => {
  expect(sparkPaths([], BOX)).toEqual({ line: '', area: '' })
})

test('idle time is hatched between idle samples, and neither over a gap nor before the first hour', () => {
  const idle = (minutesAgo: number) => ({ ...at(minutesAgo, 0), isIdle: true })
  expect(idleSpans([at(60, 90), idle(30), idle(27), at(26, 90), idle(20), idle(12), idle(9)], BOX)).toEqual([
    { from: 0.5, to: 0.55 },
    { from: 0.8, to: 0.85 },
  ])
  expect(idleSpans([idle(70), idle(61)], BOX)).toEqual([])
  expect(idleSpans([idle(5)], BOX)).toEqual([])
})

test('time of which nothing is known is hatched while the pod ran, and not before it started', () => {
  const points = [at(40, 5), at(37, 5), at(34, null), at(20, 5), at(17, 5), at(14, 5)]
  expect(unknownSpans(points, BOX, NOW_MS - 50 * MINUTE_MS)).toEqual([
    { from: 10 / 60, to: 20 / 60 },
    { from: 23 / 60, to: 40 / 60 },
    { from: 46 / 60, to: 1 },
  ])
  expect(unknownSpans(points, BOX, NOW_MS - 41 * MINUTE_MS)[0]?.from).toBe(23 / 60)
  // Where its start is not known, it may have run all the time.
  expect(unknownSpans(points, BOX, null)[0]).toEqual({ from: 0, to: 20 / 60 })
  expect(unknownSpans([], BOX, NOW_MS - 2 * HOUR_MS)).toEqual([{ from: 0, to: 1 }])
})

test('time that is observed throughout has no hatching, up to the three minutes that a point stands for', () => {
  const points = Array.from({ length: 21 }, (_, index) => at(60 - 3 * index, 5))
  expect(unknownSpans(points, BOX, null)).toEqual([])
  expect(unknownSpans(points.slice(1, -1), BOX, null)).toEqual([])
  expect(unknownSpans(points.slice(2), BOX, null)).toHaveLength(1)
})
