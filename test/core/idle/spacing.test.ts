import { describe, expect, test } from 'vitest'
import { defaultActivityRules as rules } from '../../../src/core/idle/sample'
import { addSpacing, spacingAt, type Spacings, withSpacing } from '../../../src/core/idle/spacing'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { instant } from '../../harness/samples/pods'

describe('the limits of idle detection', () => {
  test.each([
    [0, 1, 5],
    [15, 1, 5],
    [30, 1, 5],
    [60, 2, 5],
    [100, 200 / 60, 5],
    [120, 4, 6],
    [240, 8, 12],
    [600, 20, 30],
  ])('with polls %d s apart are %d min counted and a gap of %d min', (seconds, countedMin, gapMin) => {
    const { countedIntervalMs, gapMs } = withSpacing(rules, seconds * SECOND_MS)
    expect(countedIntervalMs).toBeCloseTo(countedMin * MINUTE_MS)
    expect(gapMs).toBe(gapMin * MINUTE_MS)
  })

  test('are otherwise unchanged', () => {
    expect(withSpacing(rules, 15 * SECOND_MS)).toBe(rules)
    expect(withSpacing(rules, 240 * SECOND_MS)).toEqual({
      ...rules,
      countedIntervalMs: 8 * MINUTE_MS,
      gapMs: 12 * MINUTE_MS,
    })
  })
})

describe('the spacing in effect', () => {
  const at = (min: number) => instant(min * MINUTE_MS)
  const planned = (...plans: readonly [number, number][]): Spacings =>
    plans.reduce<Spacings>((all, [min, spacingMin]) => addSpacing(all, spacingMin * MINUTE_MS, at(min)), [])
  const inEffect = (spacings: Spacings, min: number): number => spacingAt(spacings, at(min)) / MINUTE_MS

  test('is none before a poll was planned, and the planned one afterwards', () => {
    expect(inEffect([], 0)).toBe(0)
    expect(inEffect(planned([0, 4]), 0)).toBe(4)
    expect(inEffect(planned([0, 1], [1, 4]), 1)).toBe(4)
  })

  test('stays for as long as the gap that it allows once it shrinks', () => {
    const shrunk = planned([0, 4], [4, 0.25])
    expect(inEffect(shrunk, 4)).toBe(4)
    expect(inEffect(shrunk, 12)).toBe(4)
    expect(inEffect(shrunk, 12.01)).toBe(0)
    expect(inEffect(planned([0, 4], [4, 0.25], [12, 0.25]), 12.5)).toBe(0.25)
  })

  test('is forgotten when it has no effect any more', () => {
    let spacings: Spacings = []
    for (let min = 0; min < 1_000; min += 0.25) spacings = addSpacing(spacings, 15 * SECOND_MS, at(min))
    expect(spacings).toHaveLength(1)
    for (let step = 0; step < 100; step++)
      spacings = addSpacing(spacings, (100 - step) * SECOND_MS, at(1_000 + step))
    expect(spacings.length).toBeLessThanOrEqual(4)
  })
})
