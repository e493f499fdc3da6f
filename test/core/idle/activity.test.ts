import { describe, expect, test } from 'vitest'
import { activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { defaultActivityRules as rules, type Sample } from '../../../src/core/idle/sample'
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { gpus, instant, sample, type SampleOverrides } from '../../harness/samples/pods'
import { START_MS } from '../../harness/base/fake-clock'

const MIN = MINUTE_MS
const idle = (ms: number, overrides: SampleOverrides = {}): Sample => sample(ms, overrides)
const busy = (ms: number): Sample => sample(ms, { telemetry: { gpus: gpus(90) } })
const unknown = (ms: number): Sample => sample(ms, { telemetry: null })

/** The activity after these samples, at the moment of the last one or at `now`. */
function after(samples: readonly Sample[], now?: Instant) {
  const history = samples.reduce((before, one) => addSample(before, one, rules), emptyHistory)
  return activityAt(history, now ?? samples.at(-1)?.at ?? instant(0), rules)
}
const everyMinute = (fromMin: number, toMin: number, make = idle): Sample[] =>
  Array.from({ length: toMin - fromMin + 1 }, (_, index) => make((fromMin + index) * MIN))

describe('the activity of a pod', () => {
  test('is unknown when it was never sampled', () => {
    expect(after([])).toEqual({ kind: 'unknown', reason: 'no-samples', sinceMs: null })
  })

  test('is unknown when it was not observed for more than 5 minutes', () => {
    const samples = everyMinute(0, 20)
    expect(after(samples, instant(25 * MIN)).kind).toBe('idle')
    expect(after(samples, instant(25 * MIN + 1))).toEqual({
      kind: 'unknown',
      reason: 'not-seen',
      sinceMs: START_MS + 20 * MIN,
    })
  })

  test('that is unknown has a start time', () => {
    expect(after([idle(0), unknown(MIN), unknown(2 * MIN)])).toMatchObject({
      kind: 'unknown',
      reason: 'no-telemetry',
      sinceMs: START_MS + MIN,
    })
  })

  test('that is unknown includes the episode that it interrupts, for up to 5 minutes', () => {
    const samples = [...everyMinute(0, 20), ...everyMinute(21, 30, unknown)]
    expect(after(samples.slice(0, 26))).toMatchObject({
      kind: 'unknown',
      paused: { sinceMs: START_MS, idleForMs: 20 * MIN, quietForMs: 20 * MIN },
    })
    expect(after(samples.slice(0, 27))).not.toHaveProperty('paused')
    expect(after([...everyMinute(0, 20), busy(21 * MIN), unknown(22 * MIN)])).not.toHaveProperty('paused')
    expect(after([busy(0), unknown(MIN)])).not.toHaveProperty('paused')
  })

  test('is never idle after an hour without figures', () => {
    expect(after(everyMinute(0, 60, unknown)).kind).toBe('unknown')
  })

  test('includes a reason when it is idle', () => {
    const samples = everyMinute(0, 60).map((one, index) =>
      idle(index * MIN, { telemetry: { ...one.telemetry, gpus: gpus(index % 3) } }),
    )
    expect(after(samples)).toMatchObject({
      evidence: {
        gpuUtil: { min: 0, max: 2 },
        cpuUtil: { min: 1, max: 1 },
        isMemoryStill: true,
        samples: 61,
        idleSamples: 61,
      },
    })
  })

  test.each([
    [1.9, true],
    [2, false],
  ])('says whether memory changed: by %d points, unchanged is %s', (points, isMemoryStill) => {
    const moved = idle(MIN, { telemetry: { memoryUtilPercent: 20 + points } })
    expect(after([idle(0), moved])).toMatchObject({ evidence: { isMemoryStill } })
  })

  test('says how many of the samples were not idle', () => {
    expect(after([idle(0), unknown(MIN), busy(2 * MIN), idle(3 * MIN)])).toMatchObject({
      evidence: { samples: 4, idleSamples: 2 },
    })
  })
})

describe('an idle episode', () => {
  test('starts with the first idle sample', () => {
    expect(after([busy(0), idle(MIN)])).toMatchObject({ sinceMs: START_MS + MIN, idleForMs: 0 })
  })

  test('is as long as the observed time between its idle samples', () => {
    expect(after(everyMinute(0, 20))).toMatchObject({ sinceMs: START_MS, idleForMs: 20 * MIN })
  })

  test('survives one busy sample, which pauses it', () => {
    expect(after([...everyMinute(0, 10), busy(11 * MIN), ...everyMinute(12, 20)])).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 18 * MIN,
    })
  })

  test('ends after two busy samples in a row', () => {
    const samples = [...everyMinute(0, 10), busy(11 * MIN), busy(12 * MIN), ...everyMinute(13, 20)]
    expect(after(samples)).toMatchObject({ sinceMs: START_MS + 13 * MIN, idleForMs: 7 * MIN })
  })

  test('survives busy samples that are not consecutive', () => {
    const samples = [idle(0), busy(MIN), idle(2 * MIN), busy(3 * MIN), idle(4 * MIN), idle(5 * MIN)]
    expect(after(samples)).toMatchObject({ sinceMs: START_MS, idleForMs: MIN })
  })

  test('ends after two busy samples even with an unknown one in between', () => {
    expect(after([idle(0), busy(MIN), unknown(2 * MIN), busy(3 * MIN), idle(4 * MIN)])).toMatchObject({
      sinceMs: START_MS + 4 * MIN,
    })
  })

  test('does not make a pod idle while its last sample is busy', () => {
    expect(after([...everyMinute(0, 30), busy(31 * MIN)]).kind).toBe('busy')
  })

  test('includes the time between two idle samples up to a minute apart, whatever a poll between them brought', () => {
    expect(after([idle(0), idle(MIN)])).toMatchObject({ idleForMs: MIN })
    expect(after([idle(0), unknown(30_000), idle(MIN)])).toMatchObject({ idleForMs: MIN })
    expect(after([idle(0), busy(30_000), idle(MIN)])).toMatchObject({ idleForMs: 0 })
  })

  test('is paused by a longer unobserved period of up to 5 minutes', () => {
    expect(after([idle(0), idle(MIN + 1)])).toMatchObject({ sinceMs: START_MS, idleForMs: 0 })
    expect(after([idle(0), idle(5 * MIN)])).toMatchObject({ sinceMs: START_MS, idleForMs: 0 })
  })

  test('ends after a longer unobserved period, so that an unobserved night is never idle', () => {
    expect(after([idle(0), idle(5 * MIN + 1)])).toMatchObject({
      sinceMs: START_MS + 5 * MIN + 1,
      idleForMs: 0,
    })
    expect(after([...everyMinute(0, 3), idle(9 * HOUR_MS)])).toMatchObject({ idleForMs: 0 })
  })

  test('is paused by an unknown period of up to 5 minutes', () => {
    const samples = [...everyMinute(0, 10), unknown(11 * MIN), unknown(13 * MIN), ...everyMinute(15, 20)]
    expect(after(samples)).toMatchObject({ sinceMs: START_MS, idleForMs: 15 * MIN })
  })

  test('ends after a longer unknown period', () => {
    const samples = [...everyMinute(0, 10), ...everyMinute(11, 15, unknown), ...everyMinute(16, 20)]
    expect(after(samples)).toMatchObject({ sinceMs: START_MS + 16 * MIN, idleForMs: 4 * MIN })
  })

  test('ends with a restart that shows in the start time', () => {
    const again = (ms: number) => idle(ms, { startedAtMs: START_MS })
    expect(after([...everyMinute(0, 10), again(11 * MIN), again(12 * MIN)])).toMatchObject({
      sinceMs: START_MS + 11 * MIN,
      idleForMs: MIN,
    })
  })

  test('ends with a restart that shows in the start time after polls without one', () => {
    const samples = [idle(0), idle(MIN, { startedAtMs: null }), idle(2 * MIN, { startedAtMs: START_MS })]
    expect(after(samples)).toMatchObject({ sinceMs: START_MS + 2 * MIN, idleForMs: 0 })
  })

  test('ends with a restart that shows in a lower uptime', () => {
    const again = (ms: number) => idle(ms, { telemetry: { uptimeS: ms / SECOND_MS - 630 } })
    const samples = [...everyMinute(0, 10), ...everyMinute(11, 24, again)]
    expect(after(samples.slice(0, 12))).toEqual({
      kind: 'unknown',
      reason: 'uptime-stale',
      sinceMs: START_MS + 11 * MIN,
    })
    expect(after(samples)).toMatchObject({ sinceMs: START_MS + 21 * MIN, idleForMs: 3 * MIN })
  })

  test('is paused while a replica lags behind, and ends when the uptime stays behind for longer than the gap', () => {
    const lagging = (ms: number) => idle(ms, { telemetry: { uptimeS: 3_600 + ms / SECOND_MS - 1_000 } })
    expect(after([...everyMinute(0, 10), lagging(11 * MIN), ...everyMinute(12, 14)])).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 12 * MIN,
    })
    expect(after([...everyMinute(0, 10), ...everyMinute(11, 18, lagging)])).toMatchObject({
      sinceMs: START_MS + 17 * MIN,
      idleForMs: MIN,
    })
  })

  test('survives uptimes that differ by two seconds between replicas', () => {
    const jitter = [0, 2, -2, 1, -1, 2, -2]
    const samples = Array.from({ length: 81 }, (_, index) =>
      idle(index * 15_000, {
        telemetry: { uptimeS: 3_600 + index * 15 + (jitter[index % jitter.length] ?? 0) },
      }),
    )
    expect(after(samples)).toMatchObject({ sinceMs: START_MS, idleForMs: 20 * MIN })
  })

  test('survives a fresh read whose uptime is lower than that of the list a second before', () => {
    const fresh = idle(10 * MIN + SECOND_MS, { telemetry: { uptimeS: 3_600 + 10 * 60 - 3 } })
    expect(after([...everyMinute(0, 10), fresh])).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 10 * MIN + SECOND_MS,
    })
  })

  test('does not grow by replicas that show the same two stale uptimes in turn', () => {
    const stale = (ms: number) => idle(ms, { telemetry: { uptimeS: 4_200 - (ms % (2 * MIN) === 0 ? 0 : 2) } })
    expect(after([...everyMinute(0, 10), ...everyMinute(11, 14, stale)])).toMatchObject({
      kind: 'unknown',
      reason: 'uptime-stale',
      paused: { idleForMs: 10 * MIN },
    })
  })

  test('does not include the first 10 minutes of uptime', () => {
    const young = (ms: number) => idle(ms, { telemetry: { uptimeS: ms / SECOND_MS } })
    expect(after(everyMinute(1, 9, young)).kind).toBe('unknown')
    expect(after(everyMinute(1, 20, young))).toMatchObject({
      sinceMs: START_MS + 10 * MIN,
      idleForMs: 10 * MIN,
    })
  })
})

describe('a night of samples', () => {
  const nightOfSamples = () =>
    everyMinute(0, 9 * 60).reduce((before, one) => addSample(before, one, rules), emptyHistory)

  test('is folded away beyond the last five minutes, and still counts', () => {
    const night = nightOfSamples()
    expect(night.samples.length).toBeGreaterThanOrEqual(5 + 1)
    expect(night.samples.length).toBeLessThanOrEqual(2 * 5 + 2)
    expect(activityAt(night, instant(9 * HOUR_MS), rules)).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 9 * HOUR_MS,
    })
  })

  test('still counts when a late sample arrives', () => {
    const late = addSample(nightOfSamples(), idle(9 * HOUR_MS - 150_000), rules)
    expect(activityAt(late, instant(9 * HOUR_MS), rules)).toMatchObject({
      sinceMs: START_MS,
      idleForMs: 9 * HOUR_MS,
      quietForMs: 9 * HOUR_MS,
    })
  })

  test('ignores a late sample from the folded period', () => {
    const night = nightOfSamples()
    expect(addSample(night, busy(7 * HOUR_MS + 1), rules)).toBe(night)
  })
})

describe('samples in quick succession', () => {
  const uptimeS = 3_600
  const answered = (ms: number, afterMs: number) =>
    idle(ms, { telemetry: { uptimeS }, answeredAt: instant(ms + afterMs) })

  test('are not stale because uptime has whole seconds, however long the first reply took', () => {
    const first = [idle(0, { telemetry: { uptimeS: 3_000 } }), idle(MIN, { telemetry: { uptimeS: 3_060 } })]
    expect(after([...first, answered(2 * MIN, 20), answered(2 * MIN + 500, 20)])).toMatchObject({
      kind: 'idle',
    })
    expect(after([...first, answered(2 * MIN, 18_000), answered(2 * MIN + 18_100, 20)])).toMatchObject({
      kind: 'idle',
    })
  })

  test('are stale once the uptime stood still for longer than that', () => {
    const looks = [0, 2_000, 4_000, 5_020].map((ms) => answered(ms, 20))
    expect(after(looks)).toMatchObject({ kind: 'unknown', reason: 'uptime-stale' })
  })

  test('are stale with an old uptime, even after a sample without one', () => {
    const looks = [answered(0, 20), unknown(MIN), answered(MIN + SECOND_MS, 20)]
    expect(after(looks)).toMatchObject({ kind: 'unknown', reason: 'uptime-stale' })
  })

  test('are stale with an uptime that an earlier run of Podkeeper observed, however recently', () => {
    const at = instant(SECOND_MS, { runId: 'run-2', monotonicMs: 10 })
    expect(after([answered(0, 20), { ...answered(SECOND_MS, 20), at, answeredAt: at }])).toMatchObject({
      kind: 'unknown',
      reason: 'uptime-stale',
    })
  })
})

describe('two clocks that disagree', () => {
  const jumped = (ms: number, byMs: number) => idle(ms, { at: instant(ms, { wallMs: START_MS + ms + byMs }) })

  test.each([30 * SECOND_MS, -30 * SECOND_MS])('by %d ms do not interrupt the observation', (byMs) => {
    expect(after([idle(0), jumped(MIN, byMs)])).toMatchObject({ sinceMs: START_MS, idleForMs: MIN })
  })

  test.each([30_001, -30_001, HOUR_MS, -HOUR_MS])('by %d ms are a gap', (byMs) => {
    expect(after([idle(0), jumped(MIN, byMs)])).toMatchObject({
      sinceMs: START_MS + MIN + byMs,
      idleForMs: 0,
    })
  })

  test('because the monotonic clock stood still during a sleep are a gap', () => {
    expect(after([...everyMinute(0, 30), jumped(31 * MIN, 8 * HOUR_MS)])).toMatchObject({ idleForMs: 0 })
    expect(after(everyMinute(0, 30), instant(31 * MIN, { wallMs: START_MS + 8 * HOUR_MS }))).toMatchObject({
      kind: 'unknown',
      reason: 'not-seen',
    })
  })

  test('across runs of Podkeeper never connect two observations', () => {
    const later = idle(MIN, { at: instant(MIN, { runId: 'run-2', monotonicMs: 10 }) })
    expect(after([idle(0), later])).toMatchObject({ sinceMs: START_MS + MIN, idleForMs: 0 })
  })
})

describe('a pod with some busy and some idle GPUs', () => {
  const mixed = (ms: number, ...utilPercents: number[]) =>
    idle(ms, { expectedGpus: utilPercents.length, telemetry: { gpus: gpus(...utilPercents) } })

  test('is busy and reports that 7 of 8 GPUs were idle for 40 minutes', () => {
    expect(after(everyMinute(0, 40, (ms) => mixed(ms, 90, 0, 0, 0, 0, 0, 0, 0)))).toEqual({
      kind: 'busy',
      by: 'gpu',
      partlyIdle: { idleGpus: 7, gpus: 8, sinceMs: START_MS, idleForMs: 40 * MIN },
    })
  })

  test('reports the idle time that every idle GPU has at least', () => {
    const samples = everyMinute(0, 30, (ms) => mixed(ms, 90, 0, ms < 20 * MIN ? 50 : 0))
    expect(after(samples)).toMatchObject({
      partlyIdle: { idleGpus: 2, gpus: 3, sinceMs: START_MS + 20 * MIN, idleForMs: 10 * MIN },
    })
  })

  test('reports nothing when all GPUs are busy', () => {
    expect(after([mixed(0, 90, 80)])).toMatchObject({ partlyIdle: null })
  })

  test('does not count the first 10 minutes of uptime for a GPU either', () => {
    const young = (ms: number) =>
      idle(ms, { expectedGpus: 2, telemetry: { uptimeS: ms / SECOND_MS, gpus: gpus(90, 0) } })
    expect(after(everyMinute(1, 9, young))).toMatchObject({ partlyIdle: null })
    expect(after(everyMinute(1, 12, young))).toMatchObject({ partlyIdle: { idleForMs: 2 * MIN } })
  })

  test('reports no idle GPU from stale figures, even while a terminal is in use', () => {
    const stale = (ms: number) =>
      idle(ms, { expectedGpus: 2, hasTerminalInput: true, telemetry: { uptimeS: 3_600, gpus: gpus(90, 0) } })
    expect(after(everyMinute(0, 9, stale))).toMatchObject({ by: 'terminal', partlyIdle: null })
  })
})

describe('a queue job ends an idle episode', () => {
  const atMs = (ms: number) => START_MS + ms

  test('by a single sample that shows it running', () => {
    const samples = [...everyMinute(0, 20), sample(21 * MIN, { hasRunningJob: true }), ...everyMinute(22, 25)]
    expect(after(samples)).toMatchObject({ sinceMs: atMs(22 * MIN), idleForMs: 3 * MIN, quietForMs: 3 * MIN })
  })

  test('when it began and ended between two samples', () => {
    const jobEndedAt = instant(20.5 * MIN)
    const samples = [...everyMinute(0, 20), ...everyMinute(21, 25, (ms) => idle(ms, { jobEndedAt }))]
    expect(after(samples)).toMatchObject({ sinceMs: atMs(21 * MIN), idleForMs: 4 * MIN, quietForMs: 4 * MIN })
  })

  test('when it ended before a sample without figures', () => {
    const jobEndedAt = instant(20.5 * MIN)
    const blind = sample(21 * MIN, { jobEndedAt, telemetry: null })
    const samples = [...everyMinute(0, 20), blind, ...everyMinute(22, 25, (ms) => idle(ms, { jobEndedAt }))]
    expect(after([...everyMinute(0, 20), blind])).not.toHaveProperty('paused')
    expect(after(samples)).toMatchObject({ sinceMs: atMs(22 * MIN), idleForMs: 3 * MIN })
  })

  test('but not one that began after it', () => {
    const jobEndedAt = instant(-MIN)
    expect(after(everyMinute(0, 20, (ms) => idle(ms, { jobEndedAt })))).toMatchObject({
      sinceMs: atMs(0),
      idleForMs: 20 * MIN,
    })
  })
})

test('a pod that a job keeps busy says which GPUs idle beside it, and for how long', () => {
  const withJob = (ms: number): Sample =>
    sample(ms, { expectedGpus: 3, hasRunningJob: true, telemetry: { gpus: gpus(90, 0, 0) } })
  const samples = everyMinute(0, 6, withJob)
  expect(after(samples)).toMatchObject({
    kind: 'busy',
    by: 'job',
    idleGpus: [
      { index: 1, idleForMs: 6 * MIN },
      { index: 2, idleForMs: 6 * MIN },
    ],
  })
  const blind = sample(7 * MIN, { expectedGpus: 3, hasRunningJob: true, telemetry: null })
  expect(after([...samples, blind])).toMatchObject({ by: 'job', idleGpus: [] })
  expect(after(everyMinute(0, 6, busy))).not.toHaveProperty('idleGpus')
})
