import { describe, expect, test } from 'vitest'
import { clockDisagreementMs, elapsedMs, HOUR_MS } from '../../../../src/core/base/time/time'
import { instant } from '../../../harness/samples/pods'

const otherRun = (ms: number) => instant(ms, { runId: 'run-2', monotonicMs: 1 })

describe('elapsed time', () => {
  test('uses the monotonic clock within one run, whatever the wall clock did', () => {
    const now = instant(1_000, { wallMs: instant(-HOUR_MS).wallMs })
    expect(elapsedMs(instant(0), now)).toBe(1_000)
  })

  test('uses the wall clock across runs', () => {
    expect(elapsedMs(instant(0), otherRun(HOUR_MS))).toBe(HOUR_MS)
  })

  test('is never negative', () => {
    expect(elapsedMs(instant(1_000), instant(0))).toBe(0)
    expect(elapsedMs(instant(1_000), otherRun(0))).toBe(0)
  })
})

describe('two clocks', () => {
  test('disagree by how much the wall clock moved more or less', () => {
    for (const movedMs of [-5_000, 5_000])
      expect(
        clockDisagreementMs(instant(0), instant(1_000, { wallMs: instant(1_000 + movedMs).wallMs })),
      ).toBe(5_000)
  })

  test('of different runs always disagree', () => {
    expect(clockDisagreementMs(instant(0), otherRun(0))).toBe(Number.POSITIVE_INFINITY)
  })
})
