import { describe, expect, test } from 'vitest'
import type { Activity } from '../../../../src/core/idle/activity'
import {
  formatAgo,
  formatDuration,
  formatGb,
  formatMoment,
  formatPercentRange,
  formatRemaining,
  formatTimeOfDay,
  formatUsd,
  formatUsdPerHour,
} from '../../../../src/core/base/text/format'
import { impactSentence } from '../../../../src/core/pods/data-impact-text'
import { idleReason, idleSummary, unknownReason } from '../../../../src/core/idle/idle-text'
import type { DataImpact } from '../../../../src/core/pods/data-impact'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'

const AT_14_05 = Date.UTC(2026, 10, 24, 14, 5)
const idle = (evidence: Partial<Extract<Activity, { kind: 'idle' }>['evidence']> = {}) =>
  ({
    kind: 'idle',
    sinceMs: AT_14_05,
    idleForMs: 12 * MINUTE_MS,
    quietForMs: 0,
    evidence: {
      gpuUtil: { min: 0, max: 2 },
      cpuUtil: { min: 1, max: 1 },
      isMemoryStill: true,
      samples: 61,
      idleSamples: 61,
      ...evidence,
    },
  }) as const
const impact = (over: Partial<DataImpact>): DataImpact => ({
  impact: 'lost',
  storage: 'container-disk',
  sizeGb: null,
  path: null,
  stoppedCostPerDayUsd: null,
  ...over,
})

describe('money', () => {
  test.each([
    [0, '$0.00'],
    [0.001, '<$0.01'],
    [0.005, '$0.01'],
    [18.25, '$18.25'],
    [1234.5, '$1,234.50'],
    [-5.2, '−$5.20'],
    [-0.001, '−$0.00'],
  ])('%d dollars are formatted as %s', (usd, words) => expect(formatUsd(usd)).toBe(words))

  test('a rate includes its hour', () => expect(formatUsdPerHour(18.254)).toBe('$18.25/hr'))
})

describe('durations', () => {
  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [MINUTE_MS, '1 min'],
    [HOUR_MS - 1, '59 min'],
    [2 * HOUR_MS + 14 * MINUTE_MS, '2 h 14 min'],
    [9 * HOUR_MS, '9 h'],
    [DAY_MS - 1, '23 h 59 min'],
    [3 * DAY_MS + 5 * HOUR_MS, '3 d 5 h'],
    [24_629 * DAY_MS, '24,629 d'],
  ])('an elapsed time of %d ms is formatted as %s', (ms, words) => expect(formatDuration(ms)).toBe(words))

  test.each([
    [0, '0 s'],
    [1, '1 s'],
    [3_100, '4 s'],
    [59_001, '1 min'],
    [2 * MINUTE_MS + 1, '3 min'],
    [HOUR_MS - 1, '1 h'],
    [DAY_MS - 1, '1 d'],
  ])('a remaining time of %d ms is formatted as %s', (ms, words) => expect(formatRemaining(ms)).toBe(words))

  test('an event within the last second is not formatted as 0 s ago', () => {
    expect(formatAgo(999)).toBe('just now')
    expect(formatAgo(-3_000)).toBe('just now')
    expect(formatAgo(4_000)).toBe('4 s ago')
  })
})

describe('moments', () => {
  test('a time of day is formatted in the requested zone', () => {
    expect(formatTimeOfDay(AT_14_05, 'UTC')).toBe('14:05')
    expect(formatTimeOfDay(AT_14_05, 'Asia/Kolkata')).toBe('19:35')
    expect(formatTimeOfDay(Date.UTC(2026, 10, 24), 'UTC')).toBe('00:00')
  })

  test('a moment of another day includes the day', () => {
    const on = (nowMs: number) => formatMoment(AT_14_05, { nowMs, timeZone: 'UTC' })
    expect(on(AT_14_05 + 9 * HOUR_MS)).toBe('14:05')
    expect(on(AT_14_05 + 10 * HOUR_MS)).toBe('Tue 14:05')
    expect(on(AT_14_05 + 7 * DAY_MS)).toBe('Nov 24, 14:05')
  })

  test('the day changes at midnight of the requested zone', () => {
    const style = { nowMs: AT_14_05 + 5 * HOUR_MS, timeZone: 'Asia/Kolkata' }
    expect(formatMoment(AT_14_05, style)).toBe('Tue 19:35')
  })
})

test('a range of percentages is formatted as one number when both ends round to it', () => {
  expect(formatPercentRange({ min: 0, max: 2 })).toBe('0–2%')
  expect(formatPercentRange({ min: 0.6, max: 1.4 })).toBe('1%')
})

test('sizes are grouped and include their unit', () => {
  expect(formatGb(100)).toBe('100 GB')
  expect(formatGb(1200.25)).toBe('1,200.3 GB')
})

describe('the summary of why a pod is idle', () => {
  test.each([
    ['its GPUs alone', idle(), 'GPU under 3% since 14:05'],
    ['the CPU of a CPU pod', idle({ gpuUtil: null }), 'CPU under 2% since 14:05'],
    ['a CPU that works', idle({ cpuUtil: { min: 40, max: 42 } }), 'GPU under 3%, CPU 40–42% since 14:05'],
    ['no limit that was reached', idle({ gpuUtil: { min: 0, max: 3 } }), 'GPU under 4% since 14:05'],
    [
      'all figures where some samples were not idle',
      idle({ idleSamples: 59 }),
      'GPU 0–2%, CPU 1%, memory unchanged since 14:05 (59 of 61 samples)',
    ],
  ])('has %s', (_what, activity, text) => expect(idleSummary(activity, { timeZone: 'UTC' })).toBe(text))
})

describe('the reason why a pod is idle', () => {
  test('includes every figure, the samples and the start', () =>
    expect(idleReason(idle(), { timeZone: 'UTC' })).toBe(
      'GPU 0–2%, CPU 1%, memory unchanged since 14:05 (61 samples)',
    ))

  test('omits GPUs for a CPU pod, and mentions changing memory', () =>
    expect(
      idleReason(idle({ gpuUtil: null, isMemoryStill: false, idleSamples: 59 }), { timeZone: 'UTC' }),
    ).toBe('CPU 1%, memory changed since 14:05 (59 of 61 samples)'))

  test('does not say "all 1 samples" for a single sample', () =>
    expect(idleReason(idle({ samples: 1, idleSamples: 1 }))).toContain('(1 sample)'))

  test('calls out a CPU that works at 10% or more beside idle GPUs', () => {
    expect(idleReason(idle({ cpuUtil: { min: 3, max: 9 } }))).toMatch(/^GPU 0–2%, CPU 3–9%/)
    expect(idleReason(idle({ cpuUtil: { min: 40, max: 42 } }))).toMatch(/^GPUs idle \(0–2%\), CPU 40–42%/)
    expect(idleReason(idle({ gpuUtil: null, cpuUtil: { min: 1, max: 40 } }))).toMatch(/^CPU 1–40%/)
  })
})

test('every reason for unknown activity has its own clause', () => {
  const reasons = [
    'not-running',
    'no-samples',
    'no-telemetry',
    'gpu-figures-missing',
    'figure-missing',
    'figure-out-of-range',
    'uptime-stale',
    'booting',
    'not-seen',
  ] as const
  const words = reasons.map(unknownReason)
  expect(new Set(words).size).toBe(reasons.length)
  for (const clause of words) expect(clause).toMatch(/^[a-z].*[^.]$/)
})

describe('the effect of a stop on data', () => {
  const volume = impact({
    impact: 'kept',
    storage: 'volume',
    path: '/workspace',
    sizeGb: 100,
    stoppedCostPerDayUsd: 0.667,
  })

  test('lists what is kept first, with its cost, then what is lost', () =>
    expect(impactSentence([impact({ sizeGb: 40 }), volume])).toBe(
      'Keeps /workspace (100 GB, $0.67 a day); the container disk (40 GB) is lost.',
    ))

  test('is stated for a pod without any volume', () =>
    expect(impactSentence([impact({})])).toBe('Nothing is kept; the container disk is lost.'))

  test('lists several items', () =>
    expect(
      impactSentence([
        volume,
        impact({ impact: 'kept', storage: 'network-volume', path: '/data' }),
        impact({}),
      ]),
    ).toBe('Keeps /workspace (100 GB, $0.67 a day) and /data (network volume); the container disk is lost.'))

  test('treats unreadable mounts as neither kept nor lost', () =>
    expect(impactSentence([impact({}), impact({ impact: 'unknown', storage: 'mounts' })])).toBe(
      'The container disk is lost; whether what is mounted survives is not known.',
    ))

  test('claims nothing when nothing is known about the data', () =>
    expect(impactSentence([])).toBe('What happens to its data is not known.'))
})
