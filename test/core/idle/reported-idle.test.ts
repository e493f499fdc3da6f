import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Activity, activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { idleReason } from '../../../src/core/idle/idle-text'
import { defaultActivityRules, type Sample, sampleOf } from '../../../src/core/idle/sample'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { gpus, instant, pod, sample } from '../../harness/samples/pods'

/** What one poll shows: a report in minutes, null for none, or a sample with figures or input. */
type Reading = number | null | Partial<Sample>

const started = { startedAtMs: null }

/** A sample without figures at this minute, unless the reading has some. */
function readingAt(minute: number, reading: Reading): Sample {
  const ms = minute * MINUTE_MS
  if (typeof reading === 'number')
    return { ...sample(ms, { ...started, telemetry: null }), reportedIdleMinutes: reading }
  return reading === null
    ? sample(ms, { ...started, telemetry: null })
    : { ...sample(ms, started), ...reading }
}

/** The activity after readings at these minutes. */
function activityAfter(readings: readonly (readonly [minute: number, reading: Reading])[]): Activity {
  const history = readings.reduce(
    (before, [minute, reading]) => addSample(before, readingAt(minute, reading), defaultActivityRules),
    emptyHistory,
  )
  return activityAt(history, instant((readings.at(-1)?.[0] ?? 0) * MINUTE_MS), defaultActivityRules)
}

const withFigures = (overrides: Parameters<typeof sample>[1]): Partial<Sample> => {
  const { telemetry } = sample(0, overrides)
  return { telemetry }
}
const busyGpu = (minute: number): Partial<Sample> =>
  withFigures({ telemetry: { gpus: gpus(90), uptimeS: 3_600 + minute * 60 } })
const idleGpu = (minute: number): Partial<Sample> =>
  withFigures({ telemetry: { gpus: gpus(0), uptimeS: 3_600 + minute * 60 } })

const idleMinutes = (activity: Activity): number | null =>
  activity.kind === 'idle' ? activity.idleForMs / MINUTE_MS : null

describe('a pod without figures whose service reports idle time', () => {
  test('is idle for that long, and says who reports it', () => {
    const activity = activityAfter([[0, 42]])
    expect(activity).toMatchObject({ kind: 'idle', idleForMs: 42 * MINUTE_MS, reportedMinutes: 42 })
    expect(activity.kind === 'idle' && idleReason(activity)).toBe('Hubify reports 42 min idle')
  })

  test('is never quiet, however long the report is', () => {
    const activity = activityAfter([[0, 600], [1, 601], [2, 602]]) // oxfmt-ignore
    expect(activity).toMatchObject({ kind: 'idle', quietForMs: 0, evidence: null })
    expect(activity).not.toHaveProperty('doubt')
  })

  test('is busy at a report of 0', () => {
    expect(activityAfter([[0, 0]])).toEqual({ kind: 'busy', by: 'report', partlyIdle: null })
  })

  test('is unknown, never idle, without a report', () => {
    expect(activityAfter([[0, null]])).toMatchObject({ kind: 'unknown', reason: 'no-telemetry' })
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])('is unknown at a report of %d', (minutes) => {
    const managed = { cloudPodId: null, idleMinutes: minutes, stopsAtMs: null, terminatesAtMs: null }
    const usage = { hasTerminalInput: false, hasRunningJob: false }
    const one = sampleOf(pod({ telemetry: null, managed }), instant(0), usage)
    const history = addSample(emptyHistory, one, defaultActivityRules)
    expect(activityAt(history, instant(0), defaultActivityRules).kind).toBe('unknown')
  })

  test.each([
    ['running', 0, 0],
    ['running', 527_040, 527_040],
    ['running', 527_041, undefined],
    ['running', null, undefined],
    ['stopped', 5, undefined],
    ['creating', 5, undefined],
  ] as const)('is known while the pod is %s and reports %s minutes: %s', (phase, idleMinutes, known) => {
    const managed = { cloudPodId: null, idleMinutes, stopsAtMs: null, terminatesAtMs: null }
    const usage = { hasTerminalInput: false, hasRunningJob: false }
    expect(sampleOf(pod({ phase, managed }), instant(0), usage).reportedIdleMinutes).toBe(known)
  })

  test('is paused by one missing report, and continues as the same episode', () => {
    const before = activityAfter([[0, 20]])
    const paused = activityAfter([[0, 20], [1, null]]) // oxfmt-ignore
    const after = activityAfter([[0, 20], [1, null], [2, 22]]) // oxfmt-ignore
    expect(paused).toMatchObject({ kind: 'unknown', paused: { reportedMinutes: 20 } })
    expect(after).toMatchObject({ kind: 'idle', idleForMs: 22 * MINUTE_MS })
    expect(after.kind === 'idle' && after.sinceMs).toBe(before.kind === 'idle' && before.sinceMs)
  })

  test('begins another episode after a report that was missing for longer than the gap', () => {
    const missing = Array.from({ length: 6 }, (_, at) => [at + 1, null] as const)
    expect(activityAfter([[0, 20], ...missing])).not.toHaveProperty('paused')
    const after = activityAfter([[0, 20], ...missing, [7, 40]])
    expect(after).toMatchObject({ kind: 'idle', sinceMs: instant(7 * MINUTE_MS).wallMs - 40 * MINUTE_MS })
  })

  test('is idle for no longer than since a queue job ended, whenever that was', () => {
    const jobEndedAt = instant(0.5 * MINUTE_MS)
    const reading = (minutes: number) => ({ telemetry: null, reportedIdleMinutes: minutes, jobEndedAt })
    const first = activityAfter([[0, 40]])
    const after = activityAfter([[0, 40], [1, reading(41)], [4, reading(44)]]) // oxfmt-ignore
    expect(idleMinutes(after)).toBe(3.5)
    expect(after.kind === 'idle' && after.sinceMs).not.toBe(first.kind === 'idle' && first.sinceMs)
  })

  test('begins another episode when the report falls, but not when replicas round differently', () => {
    const since = (activity: Activity): number | null => (activity.kind === 'idle' ? activity.sinceMs : null)
    const first = since(activityAfter([[0, 40]]))
    expect(since(activityAfter([[0, 40], [1, 41], [2, 40], [3, 42]]))).toBe(first) // oxfmt-ignore
    expect(since(activityAfter([[0, 40], [1, 10]]))).not.toBe(first) // oxfmt-ignore
    expect(idleMinutes(activityAfter([[0, 40], [1, 10]]))).toBe(10) // oxfmt-ignore
    // A slow fall is a fall as well.
    expect(since(activityAfter([[0, 40], [1, 39], [2, 38]]))).not.toBe(first) // oxfmt-ignore
  })

  test('stays idle while the report lags', () => {
    expect(idleMinutes(activityAfter([[0, 20], [1, 20], [2, 20]]))).toBe(20) // oxfmt-ignore
  })

  test('is idle for no longer than since it was seen busy', () => {
    expect(idleMinutes(activityAfter([[0, 0], [3, 40]]))).toBe(3) // oxfmt-ignore
    expect(idleMinutes(activityAfter([[0, busyGpu(0)], [4, 40]]))).toBe(4) // oxfmt-ignore
    expect(idleMinutes(activityAfter([[0, { telemetry: null, hasTerminalInput: true }], [2, 40]]))).toBe(2) // oxfmt-ignore
  })

  test('is idle for no longer than since it booted', () => {
    const one = { ...readingAt(0, 500), startedAtMs: instant(-30 * MINUTE_MS).wallMs }
    const history = addSample(emptyHistory, one, defaultActivityRules)
    expect(idleMinutes(activityAt(history, instant(0), defaultActivityRules))).toBe(20)
  })
})

describe('figures of its own', () => {
  test('that show work win over any report', () => {
    const reading = { ...busyGpu(0), reportedIdleMinutes: 40 }
    expect(activityAfter([[0, reading]])).toMatchObject({ kind: 'busy', by: 'gpu' })
  })

  test('that show work win even where others are missing', () => {
    const { telemetry } = sample(0, { telemetry: { gpus: gpus(90), memoryUtilPercent: null } })
    for (const reportedIdleMinutes of [0, 40])
      expect(activityAfter([[0, { telemetry, reportedIdleMinutes }]])).toMatchObject({
        kind: 'busy',
        by: 'gpu',
      })
    // Nor does it decide anything where nobody reports idle time.
    expect(activityAfter([[0, { telemetry }]])).toMatchObject({ kind: 'unknown' })
  })

  test('that are one for several GPUs count as work, and never as rest', () => {
    const one = (percent: number, reportedIdleMinutes: number): Partial<Sample> => ({
      ...withFigures({ telemetry: { gpus: gpus(percent) } }),
      expectedGpus: 4,
      reportedIdleMinutes,
    })
    expect(activityAfter([[0, one(96, 0)]])).toMatchObject({ kind: 'busy', by: 'gpu' })
    expect(activityAfter([[0, one(0, 0)]])).toMatchObject({ kind: 'busy', by: 'report' })
    expect(activityAfter([[0, one(0, 40)]])).toMatchObject({ kind: 'idle', quietForMs: 0 })
  })

  test('that show idleness count from their first sample', () => {
    const reading = { ...idleGpu(0), reportedIdleMinutes: 40 }
    const activity = activityAfter([[0, reading]])
    expect(activity).toMatchObject({ kind: 'idle', idleForMs: 0 })
    expect(activity).not.toHaveProperty('reportedMinutes')
  })

  test('that are stale leave the pod unknown', () => {
    const stale = { ...idleGpu(0), reportedIdleMinutes: 40 }
    expect(activityAfter([[0, idleGpu(0)], [1, stale]])).toMatchObject({ reason: 'uptime-stale' }) // oxfmt-ignore
  })

  test('and terminal input win over a report', () => {
    const reading = { telemetry: null, hasTerminalInput: true, reportedIdleMinutes: 40 }
    expect(activityAfter([[0, reading]])).toMatchObject({ kind: 'busy', by: 'terminal' })
  })
})

describe('in any sequence of readings', () => {
  const report = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(null))
  const reading = fc.oneof(
    { weight: 6, arbitrary: report },
    { weight: 1, arbitrary: fc.constant<Reading>({ telemetry: null, hasTerminalInput: true }) },
    { weight: 1, arbitrary: fc.constantFrom('busy' as const, 'idle' as const) },
  )
  const life = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), reading), { minLength: 1, maxLength: 40 })

  type Step = readonly [number, Reading | 'busy' | 'idle']

  function readingsOf(steps: readonly Step[]): (readonly [number, Reading])[] {
    let minute = 0
    return steps.map(([after, one]) => {
      minute += after
      return [minute, one === 'busy' ? busyGpu(minute) : one === 'idle' ? idleGpu(minute) : one] as const
    })
  }

  test('a report never makes a pod quiet, nor idle for longer than reported or since it was busy', () => {
    fc.assert(
      fc.property(life, (steps) => {
        const readings = readingsOf(steps)
        const activity = activityAfter(readings)
        if (activity.kind !== 'idle' || activity.reportedMinutes === undefined) return
        expect(activity.quietForMs).toBe(0)
        const [lastMinute, last] = readings.at(-1)!
        expect(last).toBe(activity.reportedMinutes)
        expect(idleMinutes(activity)!).toBeLessThanOrEqual(activity.reportedMinutes)
        const busyMinutes = readings.flatMap(([minute], at) => {
          const [, one] = steps[at]!
          return one === 0 || one === 'busy' || (typeof one === 'object' && one !== null) ? [minute] : []
        })
        const sinceBusy = lastMinute - (busyMinutes.at(-1) ?? -Infinity)
        expect(idleMinutes(activity)!).toBeLessThanOrEqual(sinceBusy)
      }),
    )
  })

  test('a report on a pod that was never seen busy is believed at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.option(fc.integer({ min: 1, max: 60 }))), {
          maxLength: 20,
        }),
        fc.integer({ min: 1, max: 60 }),
        (steps, minutes) => {
          const activity = activityAfter(readingsOf([...steps, [1, minutes]]))
          expect(activity).toMatchObject({ kind: 'idle', idleForMs: minutes * MINUTE_MS })
        },
      ),
    )
  })
})
