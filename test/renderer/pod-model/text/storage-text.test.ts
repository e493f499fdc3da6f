import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../../src/core/pods/data-impact'
import { storageText } from '../../../../src/renderer/pod-model/text/storage-text'

describe('the storage text', () => {
  const disk: DataImpact = {
    impact: 'lost',
    storage: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  const volume: DataImpact = { ...disk, storage: 'volume', sizeGb: 100, path: '/workspace' }
  const networkVolume: DataImpact = {
    ...disk,
    impact: 'kept',
    storage: 'network-volume',
    sizeGb: null,
    path: '/workspace',
  }

  test('says that a volume is lost with its pod', () => {
    expect(storageText([volume, disk])).toEqual({
      label: 'volume 100 GB',
      isWarning: false,
      risk: 'If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost.',
    })
  })

  test('says that a network volume is kept', () => {
    expect(storageText([networkVolume, disk])).toMatchObject({ label: 'network volume', isWarning: false })
    expect(storageText([networkVolume, disk]).risk).toContain('keeps /workspace (network volume)')
  })

  test('warns of a pod without a volume, and only mentions that the storage is unknown', () => {
    expect(storageText([disk])).toMatchObject({ label: 'no volume', isWarning: true })
    const unknown: DataImpact = { ...disk, impact: 'unknown', storage: 'mounts', sizeGb: null }
    expect(storageText([unknown, disk])).toMatchObject({ label: 'storage not known', isWarning: false })
    expect(storageText([volume, unknown, disk]).label).toBe('volume 100 GB, more not known')
    expect(storageText([]).label).toBe('storage not known')
  })
})
