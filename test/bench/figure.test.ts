import { expect, test } from 'vitest'
import { type Figure, interleaved, medianOf, resultOf, spreadOf, tableOf } from '../../bench/figure'

const figure: Figure = {
  group: 'app',
  name: 'start',
  unit: 'ms',
  value: 130,
  spread: 4,
  baseline: 100,
  beside: 'the bare app',
  goal: { kind: 'ratio', atMost: 1.3 },
}

test('the median is the middle of the sorted values, between two it is their mean', () => {
  expect(medianOf([100, 9, 20])).toBe(20)
  expect(medianOf([4, 1, 3, 2])).toBe(2.5)
  expect(() => medianOf([])).toThrow('nothing was measured')
})

test('the spread is half the distance between the quartiles, so that one outlier does not count', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toBe(1)
  expect(spreadOf([1, 2, 3, 4, 1_000])).toBe(1)
})

test('a goal holds at its bound and is missed above', () => {
  expect(resultOf(figure)).toMatchObject({ ratio: 1.3, holds: true })
  expect(resultOf({ ...figure, value: 131 }).holds).toBe(false)
  expect(resultOf({ ...figure, goal: { kind: 'value', atMost: 129 } }).holds).toBe(false)
  expect(resultOf({ ...figure, goal: { kind: 'difference', atMost: 30 } }).holds).toBe(true)
  expect(resultOf({ ...figure, goal: null }).holds).toBeNull()
})

test('without a baseline, or beside none at all, a ratio is not known, and a goal on it neither', () => {
  expect(resultOf({ ...figure, baseline: null })).toMatchObject({ ratio: null, holds: null })
  expect(resultOf({ ...figure, baseline: 0 })).toMatchObject({ ratio: null, holds: null })
})

test('subjects take turns, and who is first changes from round to round', async () => {
  const order: string[] = []
  const subject = (name: string) => async () => order.push(name)
  const values = await interleaved(3, { a: subject('a'), b: subject('b') })
  expect(order.join('')).toBe('abbaab')
  expect(values).toEqual({ a: [1, 4, 5], b: [2, 3, 6] })
})

test('the table says in words whether a goal was missed', () => {
  const table = tableOf([resultOf(figure), resultOf({ ...figure, name: 'rest', value: 500 })])
  expect(table).toMatch(/app · start +130 ± 4.00 ms +100 ms +1.30 × +≤ 1.3 × holds/)
  expect(table).toMatch(/app · rest .* MISSED/)
})
