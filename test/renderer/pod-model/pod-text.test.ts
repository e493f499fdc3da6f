import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import { gpuUsages } from '../../../src/renderer/pod-model/gpu-usage'
import { noMatchText } from '../../../src/renderer/pods/no-match'
import { podRemarks, stoppedCostText } from '../../../src/renderer/pod-model/pod-text'
import { storageText } from '../../../src/renderer/pod-model/storage-text'
import { shortcutOf } from '../../../src/renderer/state/shortcuts'
import { NOW_MS, podView } from '../../harness/pod-views'

describe('the usage of GPUs', () => {
  const gpu = (utilPercent: number | null, memoryUtilPercent: number | null = 70) => ({
    utilPercent,
    memoryUtilPercent,
  })

  test('includes a label with the figures of each GPU', () => {
    const [firstUsage] = gpuUsages(podView({ gpuCount: 2, gpus: [gpu(93.4), gpu(0)] }))
    expect(firstUsage).toEqual({ index: 0, percent: 93, label: 'GPU 0: 93 %, memory 70 %' })
  })

  test('keeps a place without a figure for a GPU whose value is missing or invalid', () => {
    const usages = gpuUsages(podView({ gpuCount: 4, gpus: [gpu(50), gpu(null, null), gpu(140, -3)] }))
    expect(usages.map(({ percent }) => percent)).toEqual([50, null, null, null])
    expect(usages[3]?.label).toBe('GPU 3: not known')
  })

  test('is empty for a pod that is not running, and limited for an absurd GPU count', () => {
    expect(gpuUsages(podView({ phase: 'stopped' }))).toEqual([])
    expect(gpuUsages(podView({ gpuCount: 100_000 }))).toHaveLength(32)
  })
})

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

test('the remarks on a pod in error give its reason, or say that there is none, and what may help', () => {
  const remarks = (overrides: object) => podRemarks(podView({ phase: 'error', ...overrides }), NOW_MS)
  expect(remarks({ statusReason: 'The image was not found.', actions: ['start'] })).toEqual([
    'The image was not found.',
    'Its logs in Runpod say more; starting it again may help.',
  ])
  expect(remarks({ actions: [] })).toEqual(['Runpod gives no reason. Its logs in Runpod say more.'])
})

test('the text about stopped pods gives the total cost of their disks', () => {
  const stopped = (stoppedDiskPerHourUsd: number | null) =>
    podView({ phase: 'stopped', stoppedDiskPerHourUsd })
  expect(stoppedCostText([stopped(0.1), stopped(0.1)])).toBe('2 pods · disks cost $4.80 a day')
  expect(stoppedCostText([stopped(0.1), stopped(null)])).toBe('2 pods · disks cost at least $2.40 a day')
  expect(stoppedCostText([stopped(0)])).toBe('1 pod')
})

test('the text of an unsuccessful search names the query and the fields searched', () => {
  const podsView = { order: 'price', filter: 'all', search: ' h200 ' } as const
  expect(noMatchText(podsView)).toBe('No pod has “h200” in its name, id, GPU or data centre.')
  expect(noMatchText({ ...podsView, filter: 'idle' })).toBe(
    'Among “Idle” no pod has “h200” in its name, id, GPU or data centre.',
  )
  expect(noMatchText({ ...podsView, filter: 'error', search: '' })).toBe(
    'Among “Error” no pod is there at the moment.',
  )
})

describe('keyboard shortcuts', () => {
  const keys = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const shortcutFor = (overrides: object, isTyping = false) =>
    shortcutOf({ ...keys, ...overrides } as KeyboardEvent, isTyping)

  test('include a slash for search, except in text fields', () => {
    expect(shortcutFor({ key: '/' })).toBe('search')
    expect(shortcutFor({ key: '/' }, true)).toBeNull()
    expect(shortcutFor({ key: '/', shiftKey: true })).toBe('search')
  })

  test('accept Ctrl and the command key, also in text fields', () => {
    expect(shortcutFor({ key: 'f', ctrlKey: true }, true)).toBe('search')
    expect(shortcutFor({ key: 'F', metaKey: true })).toBe('search')
    expect(shortcutFor({ key: ',', metaKey: true }, true)).toBe('settings')
    expect(shortcutFor({ key: 'Escape' }, true)).toBe('close')
  })

  test('ignore all other keystrokes', () => {
    expect(shortcutFor({ key: 'f' })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, altKey: true })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, shiftKey: true })).toBeNull()
    expect(shortcutFor({ key: '/', ctrlKey: true })).toBeNull()
  })
})
