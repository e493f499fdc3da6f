import { expect, test } from 'vitest'
import {
  formatTable,
  interleaved,
  type Measurement,
  median,
  spreadOf,
  toResult,
} from '../../bench/measurement'

const measurement: Measurement = {
  group: 'app',
  name: 'start',
  unit: 'ms',
  value: 130,
  spread: 4,
  baseline: 100,
  beside: 'the bare app',
  goal: { kind: 'ratio', atMost: 1.3 },
}

test('the median is the middle of the sorted values, or the mean of the middle two', () => {
  expect(median([100, 9, 20])).toBe(20)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow('nothing was measured')
})

test('the spread is half the distance between the quartiles, so that one outlier does not count', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toBe(1)
  expect(spreadOf([1, 2, 3, 4, 1_000])).toBe(1)
})

test('a goal is met at its limit and missed above it', () => {
  expect(toResult(measurement)).toMatchObject({ ratio: 1.3, holds: true })
  expect(toResult({ ...measurement, value: 131 }).holds).toBe(false)
  expect(toResult({ ...measurement, goal: { kind: 'value', atMost: 129 } }).holds).toBe(false)
  expect(toResult({ ...measurement, goal: { kind: 'difference', atMost: 30 } }).holds).toBe(true)
  expect(toResult({ ...measurement, goal: null }).holds).toBeNull()
})

test('a ratio without a baseline, or with a baseline of zero, is unknown, and so is its goal', () => {
  expect(toResult({ ...measurement, baseline: null })).toMatchObject({ ratio: null, holds: null })
  expect(toResult({ ...measurement, baseline: 0 })).toMatchObject({ ratio: null, holds: null })
})

test('subjects alternate, and each round starts with a different one', async () => {
  const order: string[] = []
  const subject = (name: string) => async () => order.push(name)
  const values = await interleaved(3, { a: subject('a'), b: subject('b') })
  expect(order.join('')).toBe('abbaab')
  expect(values).toEqual({ a: [1, 4, 5], b: [2, 3, 6] })
})

test('the table says whether a goal was missed', () => {
  const table = formatTable([toResult(measurement), toResult({ ...measurement, name: 'rest', value: 500 })])
  expect(table).toMatch(/app · start +130 ± 4.00 ms +100 ms +1.30 × +≤ 1.3 × holds/)
  expect(table).toMatch(/app · rest .* MISSED/)
})
