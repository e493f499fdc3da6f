import { describe, expect, test } from 'vitest'
import { dataFates } from '../../../src/core/pods/data-impact'
import type { Pod } from '../../../src/core/pods/pod'
import { pod } from '../../harness/pods'

/** Each thing and what becomes of it. */
const fates = (action: 'stop' | 'terminate', overrides: Partial<Pod> = {}) =>
  dataFates(pod(overrides), action).map(({ what, fate }) => `${what} ${fate}`)
const networkMounts = [{ volumeId: 'vol-1', path: '/data' }]

describe('a stop', () => {
  test('keeps the volume and loses the container disk', () => {
    expect(fates('stop')).toEqual(['volume kept', 'container-disk lost'])
  })

  test('names what the volume costs per day meanwhile', () => {
    const [volume] = dataFates(pod({ persistentMount: { sizeGb: 300, path: '/workspace' } }), 'stop')
    expect(volume).toMatchObject({ sizeGb: 300, path: '/workspace' })
    expect(volume?.stoppedCostPerDayUsd).toBeCloseTo(2, 12)
  })

  test('names no cost of a volume whose size is not known', () => {
    const [volume] = dataFates(pod({ persistentMount: { sizeGb: null, path: null } }), 'stop')
    expect(volume).toMatchObject({ fate: 'kept', sizeGb: null, stoppedCostPerDayUsd: null })
  })

  test('keeps network volumes', () => {
    expect(fates('stop', { networkMounts, persistentMount: null })).toEqual([
      'network-volume kept',
      'container-disk lost',
    ])
  })

  test('of a pod without volumes keeps nothing', () => {
    expect(fates('stop', { persistentMount: null })).toEqual(['container-disk lost'])
  })

  test('of a pod whose mounts could not be read promises nothing about them', () => {
    expect(fates('stop', { persistentMount: null, areMountsKnown: false })).toEqual([
      'mounts unknown',
      'container-disk lost',
    ])
  })
})

describe('a terminate', () => {
  test('destroys the pod’s own volume too, and keeps network volumes', () => {
    expect(fates('terminate', { networkMounts })).toEqual([
      'volume lost',
      'network-volume kept',
      'container-disk lost',
    ])
  })

  test('leaves nothing that costs', () => {
    expect(
      dataFates(pod({ networkMounts }), 'terminate').every((one) => one.stoppedCostPerDayUsd === null),
    ).toBe(true)
  })
})
