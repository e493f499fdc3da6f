import fc from 'fast-check'
import { expect, test } from 'vitest'
import { burnPartText, burnSplit } from '../../../src/renderer/money/burn-split'
import { idleFor, podView } from '../../harness/samples/pod-views'

const podAt = (id: string, costPerHourUsd: number | null, overrides = {}) =>
  podView({ id, name: id, costPerHourUsd, ...overrides })

test('the parts are the cost of each pod, the most expensive first, and add up to the total', () => {
  const parts = burnSplit([podAt('b', 1), podAt('a', 3, { activity: idleFor(3) })])
  expect(parts.map(({ name, share, isIdle }) => [name, share, isIdle])).toEqual([
    ['a', 0.75, true],
    ['b', 0.25, false],
  ])
  expect(parts.map(burnPartText)).toEqual(['$3.00/hr · 75% · idle', '$1.00/hr · 25%'])
})

test('the four most expensive pods are separate parts and the others share one', () => {
  const names = (count: number) =>
    burnSplit(Array.from({ length: count }, (_, i) => podAt(`p${i}`, 10 - i))).map(({ name }) => name)
  expect(names(4)).toEqual(['p0', 'p1', 'p2', 'p3'])
  expect(names(5)).toEqual(['p0', 'p1', 'p2', 'p3', '1 other'])
  expect(names(7)).toEqual(['p0', 'p1', 'p2', 'p3', '3 others'])
})

test('the disks of stopped pods are one part, and their API rate is ignored', () => {
  const stopped = { phase: 'stopped', stoppedDiskPerHourUsd: 0.02 } as const
  const parts = burnSplit([podAt('a', 9.96), podAt('s', 5, stopped), podAt('t', 0, stopped)])
  expect(parts.map(({ key, perHourUsd }) => [key, perHourUsd])).toEqual([
    ['pod:account/a', 9.96],
    ['stopped', 0.04],
  ])
  expect(burnPartText(parts[1]!)).toBe('$0.04/hr · <1%')
})

test('there are no parts when nothing costs money or no price is known', () => {
  expect(burnSplit([])).toEqual([])
  expect(burnSplit([podAt('a', null), podAt('b', 0), podAt('c', 4, { phase: 'terminated' })])).toEqual([])
})

test('network volumes are a part, so that the parts add up to the current rate', () => {
  const parts = burnSplit([podAt('a', 1)], 0.25)
  expect(parts.map(({ key, perHourUsd, share }) => [key, perHourUsd, share])).toEqual([
    ['pod:account/a', 1, 0.8],
    ['volumes', 0.25, 0.2],
  ])
  expect(burnSplit([], 0.25).map(({ name }) => name)).toEqual(['network volumes'])
})

test('the displayed cents of the parts add up to those of the total', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 90, noNaN: true }), { maxLength: 9 }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (rates, volumesUsd) => {
        const parts = burnSplit(
          rates.map((usd, index) => podAt(`p${index}`, usd)),
          volumesUsd,
        )
        const totalUsd = rates.reduce((sum, usd) => sum + usd, volumesUsd)
        expect(parts.reduce((sum, { perHourUsd }) => sum + perHourUsd, 0)).toBeCloseTo(totalUsd, 9)
        expect(parts.reduce((sum, { cents }) => sum + cents, 0)).toBe(
          parts.length === 0 ? 0 : Math.round(totalUsd * 100),
        )
      },
    ),
  )
})
