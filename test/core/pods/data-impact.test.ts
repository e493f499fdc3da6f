import { describe, expect, test } from 'vitest'
import { dataImpact, isDataKept, savingOfStop } from '../../../src/core/pods/data-impact'
import type { Pod } from '../../../src/core/pods/pod'
import { pod } from '../../harness/samples/pods'

/** Each disk and what happens to it. */
const impacts = (action: 'stop' | 'terminate', overrides: Partial<Pod> = {}) =>
  dataImpact(pod(overrides), action).map(({ storage, impact }) => `${storage} ${impact}`)
const networkMounts = [{ volumeId: 'vol-1', path: '/data' }]

describe('a stop', () => {
  test('keeps the volume and loses the container disk', () => {
    expect(impacts('stop')).toEqual(['volume kept', 'container-disk lost'])
  })

  test('lists the daily cost of the volume', () => {
    const [volume] = dataImpact(pod({ persistentMount: { sizeGb: 300, path: '/workspace' } }), 'stop')
    expect(volume).toMatchObject({ sizeGb: 300, path: '/workspace' })
    expect(volume?.stoppedCostPerDayUsd).toBeCloseTo(2, 12)
  })

  test('promises nothing about a network volume without a path', () => {
    const pathless = [{ volumeId: 'vol-1', path: null }]
    expect(impacts('stop', { networkMounts: pathless, persistentMount: null })).toEqual([
      'mounts unknown',
      'container-disk lost',
    ])
  })

  test('keeps network volumes', () => {
    expect(impacts('stop', { networkMounts, persistentMount: null })).toEqual([
      'network-volume kept',
      'container-disk lost',
    ])
  })

  test('of a pod without volumes keeps nothing', () => {
    expect(impacts('stop', { persistentMount: null })).toEqual(['container-disk lost'])
  })

  test('of a pod whose mounts could not be read promises nothing about them', () => {
    expect(impacts('stop', { persistentMount: null, areMountsKnown: false })).toEqual([
      'mounts unknown',
      'container-disk lost',
    ])
  })

  test('of a lab’s pod that names no volume keeps the one that the service promises, which is not certain', () => {
    const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
    const unnamed = { persistentMount: null, areMountsKnown: false, managed }
    expect(impacts('stop', unnamed)).toEqual(['service-volume kept', 'container-disk lost'])
    expect(impacts('terminate', unnamed)).toEqual(['service-volume lost', 'container-disk lost'])
    expect(isDataKept(dataImpact(pod(unnamed), 'stop'))).toBe(false)
  })
})

test.each([
  ['a volume', {}, true],
  ['a network volume', { persistentMount: null, networkMounts }, true],
  ['no volume', { persistentMount: null }, false],
  ['unreadable mounts', { persistentMount: null, areMountsKnown: false }, false],
  ['a volume and unreadable mounts', { areMountsKnown: false }, false],
])('a stop of a pod with %s is judged by what certainly survives', (_, overrides, expected) => {
  expect(isDataKept(dataImpact(pod(overrides), 'stop'))).toBe(expected)
})

describe('a terminate', () => {
  test('destroys the pod’s own volume too, and keeps network volumes', () => {
    expect(impacts('terminate', { networkMounts })).toEqual([
      'volume lost',
      'network-volume kept',
      'container-disk lost',
    ])
  })

  test('leaves nothing that costs money', () => {
    expect(
      dataImpact(pod({ networkMounts }), 'terminate').every((one) => one.stoppedCostPerDayUsd === null),
    ).toBe(true)
  })
})

test('a stop saves the rate less what the volume goes on costing, and an unknown rate is no saving of $0.00', () => {
  const savingOf = (overrides: Partial<Pod>) => {
    const of = pod({ persistentMount: { sizeGb: 300, path: '/workspace' }, ...overrides })
    return savingOfStop(of, dataImpact(of, 'stop'))
  }
  expect(savingOf({ costPerHourUsd: 4 })?.perHourUsd).toBeCloseTo(4 - 2 / 24, 12)
  expect(savingOf({ costPerHourUsd: 4, isPriceApproximate: true })).toMatchObject({ isApproximate: true })
  expect(savingOf({ costPerHourUsd: 0.01 })).toEqual({ perHourUsd: 0 })
  expect(savingOf({ costPerHourUsd: null })).toBeNull()
})
