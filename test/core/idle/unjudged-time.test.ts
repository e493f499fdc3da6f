import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSample, emptyHistory } from '../../../src/core/idle/activity'
import { defaultActivityRules, type Sample } from '../../../src/core/idle/sample'
import { type UnjudgedTime, unjudgedReason } from '../../../src/core/idle/unjudged-time'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { gpus, instant, sample, type SampleOverrides } from '../../harness/samples/pods'
import { START_MS } from '../../harness/base/fake-clock'

const withoutMemory = [{ utilPercent: 0, memoryUtilPercent: null }]
const unjudgedTimeOf = (samples: readonly Sample[]): UnjudgedTime | null =>
  samples.reduce((history, one) => addSample(history, one, defaultActivityRules), emptyHistory).head.unjudged

/** Samples every minute for `minutes`, the first of them at once. */
const every = (minutes: number, over: (minute: number) => SampleOverrides): Sample[] =>
  Array.from({ length: minutes + 1 }, (_, minute) => sample(minute * MINUTE_MS, over(minute)))

const lasting = (samples: readonly Sample[]): number | null => unjudgedTimeOf(samples)?.forMs ?? null

describe('a pod is unjudged', () => {
  test.each<[string, (minute: number) => SampleOverrides]>([
    ['it reports no figures', () => ({ telemetry: null })],
    ['a figure of a GPU is missing', () => ({ telemetry: { gpus: withoutMemory } })],
    ['figures of its GPUs are missing', () => ({ telemetry: { gpus: [] } })],
    ['a figure is impossible', () => ({ telemetry: { cpuUtilPercent: 101 } })],
  ])('while %s', (_, over) => {
    expect(lasting(every(20, over))).toBe(20 * MINUTE_MS)
  })

  test('while its figures stand still, which its first sample can’t show', () => {
    expect(lasting(every(20, () => ({ telemetry: { uptimeS: 4_000 } })))).toBe(19 * MINUTE_MS)
  })

  test.each<[string, SampleOverrides]>([
    ['is idle', {}],
    ['is busy', { telemetry: { gpus: gpus(90) } }],
    ['has input in a terminal', { telemetry: null, hasTerminalInput: true }],
    ['has a GPU that a live look sees working', { telemetry: null, isGpuBusyInside: true }],
    ['was looked at from inside, or measured by its guard', { telemetry: null, isJudgedInside: true }],
    ['is reported busy', { telemetry: null, reportedIdleMinutes: 0 }],
    ['is reported idle', { telemetry: null, reportedIdleMinutes: 12 }],
  ])('no longer once it %s in one sample', (_, judged) => {
    const samples = every(30, (minute) => (minute === 20 ? judged : { telemetry: null }))
    expect(lasting(samples.slice(0, 21))).toBeNull()
    expect(lasting(samples)).toBe(9 * MINUTE_MS)
  })

  test('anew after a start', () => {
    const started = every(30, (minute) => ({
      telemetry: null,
      startedAtMs: START_MS + (minute < 15 ? -60 : 15) * MINUTE_MS,
    }))
    expect(lasting(started)).toBe(5 * MINUTE_MS)
  })

  test('not while it boots, by its uptime, its start, or for how long it was observed', () => {
    const uptime = (minute: number) => ({ cpuUtilPercent: null, uptimeS: minute * 60 })
    expect(lasting(every(9, (minute) => ({ telemetry: uptime(minute) })))).toBe(9 * MINUTE_MS)
    const startedAtMs = START_MS
    expect(lasting(every(9, (minute) => ({ telemetry: uptime(minute), startedAtMs })))).toBeNull()
    expect(lasting(every(12, (minute) => ({ telemetry: uptime(minute), startedAtMs })))).toBe(2 * MINUTE_MS)
    expect(lasting(every(12, () => ({ telemetry: null, startedAtMs })))).toBe(2 * MINUTE_MS)
    expect(lasting(every(9, () => ({ telemetry: null, startedAtMs: null })))).toBeNull()
    expect(lasting(every(12, () => ({ telemetry: null, startedAtMs: null })))).toBe(2 * MINUTE_MS)
  })

  test('for the reason that most of its samples have', () => {
    const figures = (minute: number) => (minute % 20 === 0 ? null : { gpus: withoutMemory })
    const unjudged = unjudgedTimeOf(every(60, (minute) => ({ telemetry: figures(minute) })))
    expect(unjudged && unjudgedReason(unjudged)).toBe('figure-missing')
  })
})

test('for any samples, unjudged time is as long as its observed intervals since the last judged sample and the last gap, in whatever order samples come', () => {
  const step = fc.record({
    isJudged: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    afterMs: fc.constantFrom(15 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS + 1),
    sleptMs: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(30_001, 120 * MINUTE_MS)),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(28), (steps, swapped) => {
      let [atMs, sleptMs] = [0, 0]
      let expected: number | null = null
      const samples = steps.map(({ isJudged, ...interval }) => {
        atMs += interval.afterMs
        sleptMs += interval.sleptMs
        const isGap = interval.afterMs > 5 * MINUTE_MS || interval.sleptMs > 0
        const countedMs = interval.afterMs <= MINUTE_MS ? interval.afterMs : 0
        expected = isJudged ? null : expected === null || isGap ? 0 : expected + countedMs
        const at = instant(atMs, { wallMs: START_MS + atMs + sleptMs })
        return sample(atMs, { at, telemetry: isJudged ? { gpus: gpus(90) } : null })
      })
      expect(lasting(samples)).toBe(expected)
      const index = swapped % samples.length
      const [first, second] = [samples[index], samples[index + 1]]
      if (!first || !second || second.at.monotonicMs - first.at.monotonicMs > 5 * MINUTE_MS) return
      const inWrongOrder = [...samples.slice(0, index), second, first, ...samples.slice(index + 2)]
      expect(lasting(inWrongOrder)).toBe(expected)
    }),
    { numRuns: 500 },
  )
})
