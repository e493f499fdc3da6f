import { describe, expect, test } from 'vitest'
import { activityAt, addSample, emptyHistory } from '../../src/core/activity'
import { quietCpuCeiling } from '../../src/core/quiet'
import { defaultActivityRules as rules } from '../../src/core/sample'
import type { Sample } from '../../src/core/sample'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time'
import type { SampleOverrides } from '../helpers/pods'
import { gpus, instant, sample } from '../helpers/pods'

const MIN = MINUTE_MS

function quietForMs(samples: readonly Sample[], activityRules = rules): number | null {
  const history = samples.reduce((before, one) => addSample(before, one, activityRules), emptyHistory)
  const activity = activityAt(history, samples.at(-1)?.at ?? instant(0), activityRules)
  return activity.kind === 'idle' ? activity.quietForMs : null
}
/** A sample each minute, shaped by its number. */
const minutes = (count: number, shape: (minute: number) => SampleOverrides = () => ({})): Sample[] =>
  Array.from({ length: count + 1 }, (_, minute) => sample(minute * MIN, shape(minute)))

describe('quiet', () => {
  test('a pod that does nothing at all is quiet as long as it is idle', () => {
    expect(quietForMs(minutes(30))).toBe(30 * MIN)
  })

  test('a busy pod is not quiet', () => {
    expect(quietForMs([...minutes(5), sample(6 * MIN, { telemetry: { gpus: gpus(50) } })])).toBeNull()
  })

  test('a busy sample in the window begins it anew, even where the episode goes on', () => {
    const busyAt10 = (minute: number) => (minute === 10 ? { telemetry: { gpus: gpus(50) } } : {})
    expect(quietForMs(minutes(30, busyAt10))).toBe(19 * MIN)
  })

  test('an unknown sample in the window begins it anew: it was not seen to be idle', () => {
    expect(quietForMs(minutes(30, (minute) => (minute === 10 ? { telemetry: null } : {})))).toBe(19 * MIN)
  })

  test('a restart begins it anew', () => {
    expect(quietForMs(minutes(30, (minute) => (minute < 10 ? {} : { startedAtMs: 1 })))).toBe(20 * MIN)
  })

  test('an unobserved stretch begins it anew', () => {
    expect(quietForMs([sample(0), sample(6 * MIN), sample(7 * MIN)])).toBe(MIN)
  })

  test('is known for longer than samples are kept', () => {
    expect(quietForMs(minutes(30 * 60))).toBe(30 * HOUR_MS)
  })

  test('is the longest run that fits, however long ago it began', () => {
    const settled = (minute: number) => ({ telemetry: { memoryUtilPercent: minute < 90 ? 30 : 32 } })
    expect(quietForMs(minutes(20 * 60, settled))).toBe(20 * HOUR_MS - 90 * MIN)
  })
})

describe('memory that creeps', () => {
  const creeping = (perMinute: number, count: number, from = 50) =>
    minutes(count, (minute) => ({ telemetry: { memoryUtilPercent: from + perMinute * minute } }))
  const ofGpu = (perMinute: number, count: number) =>
    minutes(count, (minute) => ({
      telemetry: { gpus: [{ utilPercent: 0, memoryUtilPercent: 50 + perMinute * minute }] },
    }))

  test.each([0.01, -0.01])(
    'by %d points a minute is still for as long as that comes to less than two',
    (by) => {
      expect(quietForMs(creeping(by, 150))).toBe(150 * MIN)
      expect(quietForMs(ofGpu(by, 150))).toBe(150 * MIN)
    },
  )

  test.each([0.0625, -0.0625])('by %d points a minute is still for half an hour', (by) => {
    // 32 steps are two points.
    expect(quietForMs(creeping(by, 31))).toBe(31 * MIN)
    // A peak more than are remembered, so that the window begins a minute late.
    expect(quietForMs(creeping(by, 32))).toBe(30 * MIN)
    expect(quietForMs(creeping(by, 300))).toBe(30 * MIN)
  })

  test.each([0.03125, -0.03125])(
    'by %d points, too slow for each step to be remembered, is never called still for longer',
    (by) => {
      const quietMin = (quietForMs(creeping(by, 300)) ?? 0) / MIN
      expect(quietMin).toBeLessThanOrEqual(63)
      expect(quietMin).toBeGreaterThanOrEqual(58)
    },
  )

  test('a jump that comes back begins the window after it', () => {
    const jumping = minutes(40, (minute) => ({ telemetry: { memoryUtilPercent: minute === 20 ? 60 : 50 } }))
    expect(quietForMs(jumping)).toBe(19 * MIN)
  })

  test('one figure that moves is enough', () => {
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

describe('a quiet CPU', () => {
  test.each([
    [1, 3],
    [4, 3],
    [16, 3],
    [20, 2.5],
    [64, 50 / 64],
    [128, 50 / 128],
  ])('of %d cores stays below %d %%: 3 %% or half a core, whichever is less', (vcpuCount, ceiling) => {
    expect(quietCpuCeiling(sample(0, { vcpuCount }), rules)).toBe(ceiling)
  })

  test('is below the ceiling in every sample', () => {
    const cpu = (cpuUtilPercent: number) => () => ({ telemetry: { cpuUtilPercent } })
    expect(quietForMs(minutes(20, cpu(2.9)))).toBe(20 * MIN)
    expect(quietForMs(minutes(20, cpu(3)))).toBe(0)
    const once = (minute: number) => ({ telemetry: { cpuUtilPercent: minute === 5 ? 3 : 0 } })
    expect(quietForMs(minutes(20, once))).toBe(14 * MIN)
  })

  test('a data loader on one of 64 cores is not quiet', () => {
    const loader = () => ({ vcpuCount: 64, telemetry: { cpuUtilPercent: 100 / 64 } })
    expect(quietForMs(minutes(20, loader))).toBe(0)
  })

  test.each([null, 0, Number.NaN])('of %s cores is never quiet: half a core is not known', (vcpuCount) => {
    expect(quietForMs(minutes(20, () => ({ vcpuCount, telemetry: { cpuUtilPercent: 0 } })))).toBe(0)
  })
})

describe('still memory', () => {
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
  ])('moves by less than 2 points (%s)', (_, shape) => {
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
  ])('%s is not quiet: the whole window counts, not each step', (_, shape) => {
    expect(
      quietForMs(
        minutes(
          60,
          shape((minute) => 30 + minute / 10),
        ),
      ),
    ).toBe(19 * MIN)
  })

  test('the window begins after the last move', () => {
    expect(
      quietForMs(
        minutes(
          30,
          host((minute) => (minute < 12 ? 30 : 50)),
        ),
      ),
    ).toBe(18 * MIN)
  })

  test('a late sample that shows a move shortens the window', () => {
    const late = sample(10 * MIN + 30_000, { telemetry: { memoryUtilPercent: 35 } })
    expect(quietForMs([...minutes(20), late, sample(21 * MIN)])).toBe(10 * MIN)
  })
})
