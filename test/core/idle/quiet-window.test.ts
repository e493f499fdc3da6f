import { describe, expect, test } from 'vitest'
import { activityAt, addSample, emptyHistory } from '../../../src/core/idle/activity'
import { cpuCaseOf, extendQuietWindow, startQuietWindow } from '../../../src/core/idle/quiet-window'
import { defaultActivityRules as rules, type Sample } from '../../../src/core/idle/sample'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { gpus, instant, sample, type SampleOverrides } from '../../harness/samples/pods'

const MIN = MINUTE_MS

function quietForMs(samples: readonly Sample[], activityRules = rules): number | null {
  const history = samples.reduce((before, one) => addSample(before, one, activityRules), emptyHistory)
  const activity = activityAt(history, samples.at(-1)?.at ?? instant(0), activityRules)
  return activity.kind === 'idle' ? activity.quietForMs : null
}
/** One sample per minute, shaped by its index. */
const minutes = (count: number, shape: (minute: number) => SampleOverrides = () => ({})): Sample[] =>
  Array.from({ length: count + 1 }, (_, minute) => sample(minute * MIN, shape(minute)))

describe('the quiet window', () => {
  test('of a pod that does nothing is as long as its idle episode', () => {
    expect(quietForMs(minutes(30))).toBe(30 * MIN)
  })

  test('is empty for a busy pod', () => {
    expect(quietForMs([...minutes(5), sample(6 * MIN, { telemetry: { gpus: gpus(50) } })])).toBeNull()
  })

  test('restarts after a busy sample, even where the episode continues', () => {
    const busyAt10 = (minute: number) => (minute === 10 ? { telemetry: { gpus: gpus(50) } } : {})
    expect(quietForMs(minutes(30, busyAt10))).toBe(19 * MIN)
  })

  test('is paused by unknown samples for up to the gap, and ended by a longer time without any', () => {
    const blindFrom10To = (last: number) => (minute: number) =>
      minute >= 10 && minute <= last ? { telemetry: null } : {}
    expect(quietForMs(minutes(30, blindFrom10To(10)))).toBe(28 * MIN)
    expect(quietForMs(minutes(30, blindFrom10To(13)))).toBe(25 * MIN)
    expect(quietForMs(minutes(30, blindFrom10To(14)))).toBe(15 * MIN)
  })

  test('counts a minute in which a poll brought no figures', () => {
    const everyQuarter = Array.from({ length: 81 }, (_, index) =>
      sample(index * 15_000, index % 4 === 3 ? { telemetry: null } : {}),
    )
    expect(quietForMs(everyQuarter)).toBe(20 * MIN)
  })

  test.each([
    ['one of its GPUs', { gpus: [{ utilPercent: 90, memoryUtilPercent: null }], cpuUtilPercent: 0 }],
    ['its CPU', { gpus: [{ utilPercent: null, memoryUtilPercent: null }], cpuUtilPercent: 40 }],
  ])('restarts after a sample with missing figures in which %s works', (_, telemetry) => {
    expect(quietForMs(minutes(30, (minute) => (minute === 10 ? { telemetry } : {})))).toBe(19 * MIN)
  })

  test('restarts when a look from inside finds work', () => {
    expect(quietForMs(minutes(30, (minute) => ({ isWorkingInside: minute === 10 })))).toBe(19 * MIN)
  })

  test('restarts with a restart of the pod', () => {
    expect(quietForMs(minutes(30, (minute) => (minute < 10 ? {} : { startedAtMs: 1 })))).toBe(20 * MIN)
  })

  test('restarts after an unobserved period', () => {
    expect(quietForMs([sample(0), sample(6 * MIN), sample(7 * MIN)])).toBe(MIN)
  })

  test('extends further back than samples are kept', () => {
    expect(quietForMs(minutes(30 * 60))).toBe(30 * HOUR_MS)
  })

  test('is the longest run that qualifies, however long ago it started', () => {
    const settled = (minute: number) => ({ telemetry: { memoryUtilPercent: minute < 90 ? 30 : 32 } })
    expect(quietForMs(minutes(20 * 60, settled))).toBe(20 * HOUR_MS - 90 * MIN)
  })
})

describe('memory that drifts', () => {
  const creeping = (perMinute: number, count: number, from = 50) =>
    minutes(count, (minute) => ({ telemetry: { memoryUtilPercent: from + perMinute * minute } }))
  const ofGpu = (perMinute: number, count: number) =>
    minutes(count, (minute) => ({
      telemetry: { gpus: [{ utilPercent: 0, memoryUtilPercent: 50 + perMinute * minute }] },
    }))

  test.each([0.01, -0.01])('by %d points a minute is unchanged until that adds up to two points', (by) => {
    expect(quietForMs(creeping(by, 150))).toBe(150 * MIN)
    expect(quietForMs(ofGpu(by, 150))).toBe(150 * MIN)
  })

  test.each([0.0625, -0.0625])('by %d points a minute is unchanged for half an hour', (by) => {
    // 32 steps add up to two points.
    expect(quietForMs(creeping(by, 31))).toBe(31 * MIN)
    // One peak more than are stored, so the window starts a minute late.
    expect(quietForMs(creeping(by, 32))).toBe(30 * MIN)
    expect(quietForMs(creeping(by, 300))).toBe(30 * MIN)
  })

  test.each([0.03125, -0.03125])(
    'by %d points, too slow for each step to be stored, never makes the window longer than it is',
    (by) => {
      const quietMin = (quietForMs(creeping(by, 300)) ?? 0) / MIN
      expect(quietMin).toBeLessThanOrEqual(63)
      expect(quietMin).toBeGreaterThanOrEqual(58)
    },
  )

  test('with a peak restarts the window after the peak', () => {
    const jumping = minutes(40, (minute) => ({ telemetry: { memoryUtilPercent: minute === 20 ? 60 : 50 } }))
    expect(quietForMs(jumping)).toBe(19 * MIN)
  })

  const values = (...percents: readonly number[]) =>
    minutes(percents.length - 1, (minute) => ({ telemetry: { memoryUtilPercent: percents[minute] ?? 0 } }))
  const steps = (count: number, by: number, from: number): number[] =>
    Array.from({ length: count }, (_, step) => from + by * step)

  test('in as many steps as are stored is unchanged right after the last incompatible step', () => {
    expect(quietForMs(values(...steps(31, 0.0625, 50), 52))).toBe(30 * MIN)
    expect(quietForMs(values(...steps(31, -0.0625, 50), 48))).toBe(30 * MIN)
  })

  test('in more steps than are stored loses the small ones first', () => {
    expect(quietForMs(values(50, ...steps(40, 0.02, 50.5), 52.2))).toBe(40 * MIN)
    expect(quietForMs(values(50, ...steps(40, -0.02, 49.5), 47.8))).toBe(40 * MIN)
  })

  test.each([
    ['stands still', 0, 1],
    ['creeps', 0.001, 32],
  ])('needs few stored values, however long it %s', (_, by, most) => {
    const [first, ...others] = values(...steps(500, by, 50))
    const { figures } = others.reduce(
      (window, one) => extendQuietWindow(window, one, MIN, rules),
      startQuietWindow(first!),
    )
    for (const { highest, lowest } of figures) {
      expect(highest.length).toBeLessThanOrEqual(most)
      expect(lowest.length).toBeLessThanOrEqual(most)
    }
  })

  test('in a figure that is long past does not extend a window that a later change started', () => {
    const gpuMemory = (minute: number) => (minute < 6 ? 41.9 : minute < 25 ? 40.5 : 39.8)
    const moves = minutes(30, (minute) => ({
      telemetry: {
        memoryUtilPercent: minute < 20 ? 20 : 60,
        gpus: [{ utilPercent: 0, memoryUtilPercent: gpuMemory(minute) }],
      },
    }))
    expect(quietForMs(moves)).toBe(10 * MIN)
  })

  test('restarts the window when the number of GPUs changes', () => {
    const grown = minutes(20, (minute) => ({ telemetry: { gpus: minute < 10 ? gpus(0) : gpus(0, 0) } }))
    expect(quietForMs(grown)).toBe(10 * MIN)
  })

  test.each([
    ['the highest goes first', [51.5, 50, 51, 51], 2],
    ['the lowest goes first', [50, 51.5, 50.5, 50.5], 2],
  ])('is judged by a limit that was lowered since: %s, being older', (_, percents, minute) => {
    const [first, ...others] = values(...percents)
    const last = others.at(-1)!
    const before = others
      .slice(0, -1)
      .reduce((window, one) => extendQuietWindow(window, one, MIN, rules), startQuietWindow(first!))
    const { startMs, endMs } = extendQuietWindow(before, last, MIN, { ...rules, stillMemoryPoints: 1.2 })
    expect((endMs - startMs) / MIN).toBe(minute)
  })

  test('in one figure is enough', () => {
    const moving = minutes(40, (minute) => ({
      telemetry: {
        gpus: [
          { utilPercent: 0, memoryUtilPercent: 50 },
          { utilPercent: 0, memoryUtilPercent: minute < 30 ? 10 : 12 },
        ],
      },
      expectedGpus: 2,
    }))
    expect(quietForMs(moving)).toBe(10 * MIN)
  })
})

describe('the CPU of a quiet pod', () => {
  test.each([
    [1, 2.9, 'at-rest'],
    [4, 3, 'working'],
    [16, 2, 'at-rest'],
    [20, 2.4, 'at-rest'],
    [20, 2.5, 'unclear'],
    [32, 1, 'at-rest'],
    [32, 2, 'unclear'],
    [104, 0, 'at-rest'],
    [104, 1, 'unclear'],
    [104, 2, 'unclear'],
    [104, 3, 'working'],
    [256, 0, 'at-rest'],
    [null, 0, 'at-rest'],
    [null, 1, 'unclear'],
    [null, 3, 'working'],
    [0, 1, 'unclear'],
    [Number.NaN, 0.1, 'unclear'],
  ] as const)('with %d cores at %d percent is %s', (vcpuCount, cpuUtilPercent, expected) => {
    expect(cpuCaseOf(sample(0, { vcpuCount, telemetry: { cpuUtilPercent } }), rules)).toBe(expected)
  })

  test('without a figure is unclear, unless a look sees it at rest or working', () => {
    const without = { telemetry: { cpuUtilPercent: null } }
    expect(cpuCaseOf(sample(0, without), rules)).toBe('unclear')
    expect(cpuCaseOf({ ...sample(0, without), insideNow: 'at-rest' }, rules)).toBe('at-rest')
    expect(cpuCaseOf({ ...sample(0, without), isWorkingInside: true }, rules)).toBe('working')
  })

  test('is below the limit in every sample', () => {
    const cpu = (cpuUtilPercent: number) => () => ({ telemetry: { cpuUtilPercent } })
    expect(quietForMs(minutes(20, cpu(2.9)))).toBe(20 * MIN)
    expect(quietForMs(minutes(20, cpu(3)))).toBe(0)
    const once = (minute: number) => ({ telemetry: { cpuUtilPercent: minute === 5 ? 3 : 0 } })
    expect(quietForMs(minutes(20, once))).toBe(14 * MIN)
  })

  const doubtOf = (samples: readonly Sample[]) => {
    const history = samples.reduce((before, one) => addSample(before, one, rules), emptyHistory)
    const activity = activityAt(history, samples.at(-1)!.at, rules)
    return activity.kind === 'idle' ? activity.doubt : undefined
  }

  test('with a data loader on one of 64 cores is not quiet, and leaves a doubt about all that time', () => {
    const loader = () => ({ vcpuCount: 64, telemetry: { cpuUtilPercent: 100 / 64 } })
    expect(quietForMs(minutes(20, loader))).toBe(0)
    expect(doubtOf(minutes(20, loader))).toEqual({
      about: 'cpu',
      quietForMs: 20 * MIN,
      vcpuCount: 64,
      belowCpuPercent: 3,
    })
  })

  test('that is unclear once is quiet for certain since then, and possibly for longer', () => {
    const once = (minute: number) => ({
      vcpuCount: 104,
      telemetry: { cpuUtilPercent: minute === 10 ? 1 : 0 },
    })
    expect(quietForMs(minutes(30, once))).toBe(19 * MIN)
    expect(doubtOf(minutes(30, once))).toEqual({
      about: 'cpu',
      quietForMs: 30 * MIN,
      vcpuCount: 104,
      belowCpuPercent: 3,
    })
  })

  test('that works once ends the doubt, too', () => {
    const once = (minute: number) => ({
      vcpuCount: 104,
      telemetry: { cpuUtilPercent: minute === 10 ? 3 : 1 },
    })
    expect(doubtOf(minutes(30, once))).toMatchObject({ about: 'cpu', quietForMs: 19 * MIN })
  })

  test('at rest with memory that moves leaves a doubt about memory', () => {
    const creeping = (minute: number) => ({ telemetry: { memoryUtilPercent: 20 + minute / 2 } })
    expect(quietForMs(minutes(30, creeping))).toBe(3 * MIN)
    expect(doubtOf(minutes(30, creeping))).toMatchObject({ about: 'memory', quietForMs: 30 * MIN })
  })

  test('at rest with still memory leaves no doubt', () => {
    expect(doubtOf(minutes(30))).toBeUndefined()
  })
})

describe('unchanged memory', () => {
  const host = (of: (minute: number) => number) => (minute: number) => ({
    telemetry: { memoryUtilPercent: of(minute) },
  })
  const gpu = (of: (minute: number) => number) => (minute: number) => ({
    expectedGpus: 2,
    telemetry: {
      gpus: [
        { utilPercent: 0, memoryUtilPercent: 40 },
        { utilPercent: 0, memoryUtilPercent: of(minute) },
      ],
    },
  })

  test.each([
    ['host', host],
    ['one GPU', gpu],
  ])('changes by less than 2 points (%s)', (_, shape) => {
    expect(
      quietForMs(
        minutes(
          20,
          shape((minute) => 30 + (minute % 2) * 1.9),
        ),
      ),
    ).toBe(20 * MIN)
    expect(
      quietForMs(
        minutes(
          20,
          shape((minute) => 30 + (minute % 2) * 2),
        ),
      ),
    ).toBe(0)
  })

  test.each([
    ['a download, which fills the memory slowly,', host],
    ['a model that grows on one GPU', gpu],
  ])('is not found with %s because the whole window counts, not each step', (_, shape) => {
    expect(
      quietForMs(
        minutes(
          60,
          shape((minute) => 30 + minute / 10),
        ),
      ),
    ).toBe(19 * MIN)
  })

  test('starts the window after the last change', () => {
    expect(
      quietForMs(
        minutes(
          30,
          host((minute) => (minute < 12 ? 30 : 50)),
        ),
      ),
    ).toBe(18 * MIN)
  })

  test('ends earlier after a late sample that shows a change', () => {
    const late = sample(17 * MIN + 30_000, { telemetry: { memoryUtilPercent: 35 } })
    expect(quietForMs([...minutes(20), late, sample(21 * MIN)])).toBe(3 * MIN)
  })
})
