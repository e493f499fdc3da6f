import { describe, expect, test } from 'vitest'
import { activityAt, type ActivityHistory, addSample, emptyHistory } from '../../../src/core/idle/activity'
import {
  defaultActivityRules as rules,
  labelGpu,
  labelFigures,
  type Sample,
  utilPercentOf,
} from '../../../src/core/idle/sample'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { gpus, instant, sample, type SampleOverrides } from '../../harness/samples/pods'

const MIN = MINUTE_MS
const idle = (ms: number, overrides: SampleOverrides = {}): Sample => sample(ms, overrides)
const busy = (ms: number): Sample => sample(ms, { telemetry: { gpus: gpus(90) } })

const historyOf = (samples: readonly Sample[]): ActivityHistory =>
  samples.reduce((before, one) => addSample(before, one, rules), emptyHistory)
const after = (samples: readonly Sample[]) =>
  activityAt(historyOf(samples), samples.at(-1)?.at ?? instant(0), rules)

describe('a run of a pod', () => {
  test('continues while its start time is missing or reported for the first time', () => {
    const withoutStart = [idle(0), idle(MIN, { startedAtMs: null }), idle(2 * MIN)]
    expect(after(withoutStart)).toMatchObject({ sinceMs: START_MS, idleForMs: 2 * MIN })
    const toldLate = [idle(0, { startedAtMs: null }), idle(MIN), idle(2 * MIN)]
    expect(after(toldLate)).toMatchObject({ sinceMs: START_MS, idleForMs: 2 * MIN })
  })

  test('continues when figures are repeated: an unchanged uptime is stale, not a restart', () => {
    const again = idle(MIN, { telemetry: { uptimeS: 3_600 } })
    expect(after([idle(0), again, idle(2 * MIN)])).toMatchObject({ sinceMs: START_MS, idleForMs: 0 })
  })
})

describe('the reason why a pod counts as idle', () => {
  test('is based on idle samples only', () => {
    expect(after([idle(0), busy(MIN), idle(2 * MIN)])).toMatchObject({
      evidence: { gpuUtil: { min: 0, max: 0 } },
    })
  })

  test('is based on the present episode only', () => {
    const hot = idle(0, { telemetry: { gpus: gpus(4), memoryUtilPercent: 70 } })
    expect(after([hot, idle(6 * MIN)])).toMatchObject({
      evidence: { gpuUtil: { min: 0, max: 0 }, isMemoryStill: true, samples: 1 },
    })
  })

  test('mentions changing GPU memory', () => {
    const moved = idle(MIN, { telemetry: { gpus: [{ utilPercent: 0, memoryUtilPercent: 42 }] } })
    expect(after([idle(0), moved])).toMatchObject({ evidence: { isMemoryStill: false } })
  })

  test('does not mention GPUs for a pod that has none, whatever the API reports', () => {
    const cpuPod = idle(0, { expectedGpus: 0, telemetry: { gpus: gpus(3) } })
    expect(after([cpuPod])).toMatchObject({ kind: 'idle', evidence: { gpuUtil: null } })
  })
})

describe('a pod that is busy through its terminal', () => {
  test('is not called partly idle when all its GPUs are idle', () => {
    const used = idle(0, { expectedGpus: 2, hasTerminalInput: true, telemetry: { gpus: gpus(0, 0) } })
    expect(after([used])).toEqual({ kind: 'busy', by: 'terminal', partlyIdle: null })
  })
})

describe('samples that arrive out of order', () => {
  test('lead to the same result for two of the same moment, whichever was first', () => {
    const [one, other] = [idle(MIN), busy(MIN)]
    expect(historyOf([idle(0), one, other])).toEqual(historyOf([idle(0), other, one]))
  })

  test('of another run of Podkeeper are ordered by the wall clock', () => {
    const ofNext = idle(2 * MIN, { at: instant(2 * MIN, { runId: 'run-2', monotonicMs: 1 }) })
    const { samples } = historyOf([idle(0), ofNext, idle(MIN)])
    expect(samples.map(({ sample: { at } }) => at.wallMs - START_MS)).toEqual([0, MIN, 2 * MIN])
  })

  const night = (): ActivityHistory =>
    historyOf(Array.from({ length: 9 * 60 + 1 }, (_, minute) => idle(minute * MIN)))

  test('count once each when the older ones were folded away', () => {
    const before = night()
    expect(before.samples.length).toBeLessThan(9 * 60)
    const late = addSample(before, idle(9 * HOUR_MS - 2 * MIN - 30 * SECOND_MS), rules)
    expect(activityAt(late, instant(9 * HOUR_MS), rules)).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 9 * HOUR_MS,
      evidence: { samples: 542, idleSamples: 542 },
    })
  })

  test('from the period that was folded away, or its last moment, are ignored', () => {
    const before = night()
    const keptFromMs = (before.samples[0]?.sample.at.wallMs ?? START_MS) - START_MS
    expect(addSample(before, busy(keptFromMs - MIN), rules)).toBe(before)
    expect(addSample(before, busy(HOUR_MS + 1), rules)).toBe(before)
    expect(addSample(before, busy(keptFromMs - MIN + 1), rules)).not.toBe(before)
  })
})

describe('a single sample', () => {
  const figures = { kind: 'idle' } as const

  test('in the first second of a container can show activity', () => {
    const first = sample(0, { telemetry: { uptimeS: 0, gpus: gpus(90) } })
    expect(labelFigures(first, null, rules)).toEqual({ kind: 'busy', by: 'gpu' })
  })

  test.each([
    [4.99, 'idle'],
    [5, 'busy'],
    [101, 'unknown'],
    [null, 'unknown'],
  ])('at %s %% labels a GPU as %s', (utilPercent, label) => {
    expect(labelGpu(sample(0, { telemetry: { gpus: gpus(utilPercent) } }), 0, figures, rules)).toBe(label)
  })

  test('labels a GPU that is missing in it as unknown', () => {
    expect(labelGpu(sample(0), 3, figures, rules)).toBe('unknown')
    expect(labelGpu(sample(0, { telemetry: null }), 0, figures, rules)).toBe('unknown')
  })

  test('shows the busiest GPU, on a CPU pod the CPU, and nothing that is unknown', () => {
    expect(utilPercentOf(sample(0, { telemetry: { gpus: gpus(3, 80, null) } }))).toBe(80)
    expect(utilPercentOf(sample(0, { expectedGpus: 0, telemetry: { cpuUtilPercent: 7 } }))).toBe(7)
    expect(utilPercentOf(sample(0, { telemetry: { gpus: gpus(null) } }))).toBeNull()
    expect(utilPercentOf(sample(0, { telemetry: null }))).toBeNull()
  })
})
