import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PodPhase } from '../../../src/core/pods/pod'
import {
  burnRate,
  costOver,
  podPerHourUsd,
  runwayAtRateMs,
  stoppedDiskPerHourUsd,
} from '../../../src/core/money/burn-rate'
import { STORAGE_RATES } from '../../../src/core/pods/storage-rates'
import { HOUR_MS } from '../../../src/core/base/time/time'
import { pod, stoppedPod } from '../../harness/samples/pods'

describe('the current rate', () => {
  test('is the sum over all listed pods', () => {
    const pods = [
      pod({ costPerHourUsd: 2 }),
      pod({ phase: 'creating', costPerHourUsd: 1.5 }),
      pod({ phase: 'error', costPerHourUsd: 0.25 }),
      pod({ phase: 'unknown', costPerHourUsd: 0.125 }),
    ]
    expect(burnRate(pods)).toEqual({ perHourUsd: 3.875, isAtLeast: false })
  })

  test('of no pods is zero', () => {
    expect(burnRate([])).toEqual({ perHourUsd: 0, isAtLeast: false })
  })

  test('includes the volumes of stopped pods, for which the API reports 0', () => {
    const { perHourUsd, isAtLeast } = burnRate([
      stoppedPod({ persistentMount: { sizeGb: 360, path: '/workspace' } }),
    ])
    expect(perHourUsd).toBeCloseTo(0.1, 12)
    expect(isAtLeast).toBe(false)
  })

  test.each(['running', 'creating', 'error', 'unknown'] as const)(
    'is "at least" when the cost of a pod that is %s is missing',
    (phase) => {
      expect(burnRate([pod({ costPerHourUsd: 2 }), pod({ phase, costPerHourUsd: null })])).toEqual({
        perHourUsd: 2,
        isAtLeast: true,
      })
    },
  )

  test('is "at least" when a stopped pod’s disks could not be read', () => {
    const unread = stoppedPod({ areMountsKnown: false })
    expect(burnRate([pod(), unread])).toEqual({ perHourUsd: 2, isAtLeast: true })
  })

  test('never falls with another pod, and a missing cost never counts as 0', () => {
    const cost = fc.option(fc.double({ min: 0, max: 100, noNaN: true }))
    const phase = fc.constantFrom<PodPhase>('running', 'creating', 'stopped', 'error', 'unknown')
    const any = fc
      .record({ phase, costPerHourUsd: cost, areMountsKnown: fc.boolean() })
      .map((overrides) => pod(overrides))
    fc.assert(
      fc.property(fc.array(any), any, (pods, another) => {
        const [before, after] = [burnRate(pods), burnRate([...pods, another])]
        expect(after.perHourUsd).toBeGreaterThanOrEqual(before.perHourUsd)
        expect(after.isAtLeast).toBe(before.isAtLeast || podPerHourUsd(another) === null)
      }),
    )
  })
})

describe('the disk of a stopped pod', () => {
  test('costs 0.20 USD per GB and month of 720 h', () => {
    expect(STORAGE_RATES).toMatchObject({ volumeStopped: 0.2, volumeRunning: 0.1, hoursPerMonth: 720 })
    expect(stoppedDiskPerHourUsd(stoppedPod({ persistentMount: { sizeGb: 720, path: '/workspace' } }))).toBe(
      0.2,
    )
  })

  test('costs nothing if there is none, and is unknown if it could not be read', () => {
    expect(stoppedDiskPerHourUsd(stoppedPod({ persistentMount: null }))).toBe(0)
    expect(stoppedDiskPerHourUsd(stoppedPod({ persistentMount: null, areMountsKnown: false }))).toBeNull()
  })
})

test('a terminated pod costs nothing', () => {
  expect(podPerHourUsd(pod({ phase: 'terminated' }))).toBe(0)
})

test('a rate is multiplied by the elapsed time', () => {
  expect(costOver(3, 1.5 * HOUR_MS)).toBe(4.5)
})

describe('the runway', () => {
  const burn = { perHourUsd: 4, isAtLeast: false }

  test('is the balance divided by the rate of pods and volumes, or of pods and what else is spent', () => {
    const pods = { perHourUsd: 3, isAtLeast: false }
    expect(runwayAtRateMs(24, burn, pods, null)).toBe(6 * HOUR_MS)
    expect(runwayAtRateMs(24, burn, pods, 0)).toBe(6 * HOUR_MS)
    expect(runwayAtRateMs(24, burn, pods, 5)).toBe(3 * HOUR_MS)
  })

  test('is unknown when the rate is zero, and zero when the balance is', () => {
    const nothing = { perHourUsd: 0, isAtLeast: true }
    expect(runwayAtRateMs(24, nothing, nothing, 0)).toBeNull()
    expect(runwayAtRateMs(-1, burn, burn, null)).toBe(0)
  })
})
