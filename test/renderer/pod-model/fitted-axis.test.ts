import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { fittedFromMs } from '../../../src/renderer/pod-model/fitted-axis'
import { firstObservedMs } from '../../../src/renderer/pod-page/chart/chart-range'

const toMs = 10 * HOUR_MS
const asked = { fromMs: 4 * HOUR_MS, toMs }

test('an axis begins a little before the first observation', () => {
  const fromMs = fittedFromMs(asked, toMs - 47 * MINUTE_MS)
  expect((toMs - fromMs) / MINUTE_MS).toBeCloseTo(50)
})

test('an axis never shows more than was asked for, and ten minutes at least', () => {
  expect(fittedFromMs(asked, asked.fromMs + 1)).toBe(asked.fromMs)
  expect(fittedFromMs(asked, asked.fromMs - HOUR_MS)).toBe(asked.fromMs)
  expect(toMs - fittedFromMs(asked, toMs)).toBeGreaterThan(10 * MINUTE_MS)
})

test('without an observation, an axis is as it was asked for', () =>
  expect(fittedFromMs(asked, null)).toBe(asked.fromMs))

test('the first observation ends the time before it, and one at the beginning ends nothing', () => {
  const busy = { kind: 'busy', fromMs: 5, toMs: 9 } as const
  expect(firstObservedMs([{ kind: 'unobserved', fromMs: 0, toMs: 5 }, busy])).toBe(5)
  expect(firstObservedMs([busy])).toBeNull()
  expect(firstObservedMs([{ kind: 'unobserved', fromMs: 0, toMs: 9 }])).toBeNull()
  expect(firstObservedMs([])).toBeNull()
})
