import fc from 'fast-check'
import { expect, test } from 'vitest'
import { burnPartWords, burnSplit } from '../../../src/renderer/money/burn-split'
import { idleFor, podView } from '../../harness/pod-views'

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

test('network volumes are a part, so that the parts make the burn', () => {
  const parts = burnSplit([at('a', 1)], 0.25)
  expect(parts.map(({ key, perHourUsd, share }) => [key, perHourUsd, share])).toEqual([
    ['pod:a', 1, 0.8],
    ['volumes', 0.25, 0.2],
  ])
  expect(burnSplit([], 0.25).map(({ name }) => name)).toEqual(['network volumes'])
})

test('the cents that are shown of the parts are those of the whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 90, noNaN: true }), { maxLength: 9 }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (rates, volumesUsd) => {
        const parts = burnSplit(
          rates.map((usd, index) => at(`p${index}`, usd)),
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
