import { expect, test } from 'vitest'
import { burnPartWords, burnSplit } from '../../src/renderer/money/burn-split'
import { idleFor, podView } from './pod-views'

const at = (id: string, costPerHourUsd: number | null, over = {}) =>
  podView({ id, name: id, costPerHourUsd, ...over })

test('the parts are what each pod costs, the dearest first, and make the whole', () => {
  const parts = burnSplit([at('b', 1), at('a', 3, { activity: idleFor(3) })])
  expect(parts.map(({ name, share, isIdle }) => [name, share, isIdle])).toEqual([
    ['a', 0.75, true],
    ['b', 0.25, false],
  ])
  expect(parts.map(burnPartWords)).toEqual(['$3.00/h · 75 % · idle', '$1.00/h · 25 %'])
})

test('four pods stand alone, the others together', () => {
  const names = (count: number) =>
    burnSplit(Array.from({ length: count }, (_, i) => at(`p${i}`, 10 - i))).map(({ name }) => name)
  expect(names(4)).toEqual(['p0', 'p1', 'p2', 'p3'])
  expect(names(5)).toEqual(['p0', 'p1', 'p2', 'p3', '1 other'])
  expect(names(7)).toEqual(['p0', 'p1', 'p2', 'p3', '3 others'])
})

test('the disks of stopped pods are one part, a rate of the API for them is none', () => {
  const stopped = { phase: 'stopped', stoppedDiskPerHourUsd: 0.02 } as const
  const parts = burnSplit([at('a', 9.96), at('s', 5, stopped), at('t', 0, stopped)])
  expect(parts.map(({ key, perHourUsd }) => [key, perHourUsd])).toEqual([
    ['pod:a', 9.96],
    ['stopped', 0.04],
  ])
  expect(burnPartWords(parts[1]!)).toBe('$0.04/h · <1 %')
})

test('where nothing burns, or no price is known, there are no parts', () => {
  expect(burnSplit([])).toEqual([])
  expect(burnSplit([at('a', null), at('b', 0), at('c', 4, { phase: 'terminated' })])).toEqual([])
})
