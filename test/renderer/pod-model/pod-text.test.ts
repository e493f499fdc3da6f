import { describe, expect, test } from 'vitest'
import type { DataImpact } from '../../../src/core/pods/data-impact'
import { gpuUsages } from '../../../src/renderer/pod-model/gpu-usage'
import { noMatchText } from '../../../src/renderer/pods/no-match'
import { podRemarks, stoppedCostText } from '../../../src/renderer/pod-model/pod-text'
import { storageText } from '../../../src/renderer/pod-model/storage-text'
import { shortcutOf } from '../../../src/renderer/state/shortcuts'
import { NOW_MS, podView } from '../../harness/pod-views'

describe('the bars of the GPUs', () => {
  const gpu = (utilPercent: number | null, memoryUtilPercent: number | null = 70) => ({
    utilPercent,
    memoryUtilPercent,
  })

  test('each GPU says its figures', () => {
    const [firstUsage] = gpuUsages(podView({ gpuCount: 2, gpus: [gpu(93.4), gpu(0)] }))
    expect(firstUsage).toEqual({ index: 0, percent: 93, label: 'GPU 0: 93 %, memory 70 %' })
  })

  test('one that reported nothing, or nonsense, has its place and no figure', () => {
    const usages = gpuUsages(podView({ gpuCount: 4, gpus: [gpu(50), gpu(null, null), gpu(140, -3)] }))
    expect(usages.map(({ percent }) => percent)).toEqual([50, null, null, null])
    expect(usages[3]?.label).toBe('GPU 3: not known')
  })

  test('a pod that does not run has none, and a wild count does not fill the window', () => {
    expect(gpuUsages(podView({ phase: 'stopped' }))).toEqual([])
    expect(gpuUsages(podView({ gpuCount: 100_000 }))).toHaveLength(32)
  })
})

describe('what is at risk', () => {
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

  test('a volume goes with its pod', () => {
    expect(storageText([volume, disk])).toEqual({
      label: 'volume 100 GB',
      isWarning: false,
      risk: 'If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost.',
    })
  })

  test('a network volume stays', () => {
    expect(storageText([networkVolume, disk])).toMatchObject({ label: 'network volume', isWarning: false })
    expect(storageText([networkVolume, disk]).risk).toContain('keeps /workspace (network volume)')
  })

  test('a pod without any is a warning; one of which that is not known is none, and says so', () => {
    expect(storageText([disk])).toMatchObject({ label: 'no volume', isWarning: true })
    const unknown: DataImpact = { ...disk, impact: 'unknown', storage: 'mounts', sizeGb: null }
    expect(storageText([unknown, disk])).toMatchObject({ label: 'storage not known', isWarning: false })
    expect(storageText([volume, unknown, disk]).label).toBe('volume 100 GB, more not known')
    expect(storageText([]).label).toBe('storage not known')
  })
})

test('an error says why, or that nobody does, and what may help', () => {
  const remarks = (overrides: object) => podRemarks(podView({ phase: 'error', ...overrides }), NOW_MS)
  expect(remarks({ statusReason: 'The image was not found.', actions: ['start'] })).toEqual([
    'The image was not found.',
    'Its logs in Runpod say more; starting it again may help.',
  ])
  expect(remarks({ actions: [] })).toEqual(['Runpod gives no reason. Its logs in Runpod say more.'])
})

test('stopped pods say together what their disks cost', () => {
  const stopped = (stoppedDiskPerHourUsd: number | null) =>
    podView({ phase: 'stopped', stoppedDiskPerHourUsd })
  expect(stoppedCostText([stopped(0.1), stopped(0.1)])).toBe('2 pods · disks cost $4.80 a day')
  expect(stoppedCostText([stopped(0.1), stopped(null)])).toBe('2 pods · disks cost at least $2.40 a day')
  expect(stoppedCostText([stopped(0)])).toBe('1 pod')
})

test('a search in vain says what was searched, and where', () => {
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

  test('a slash searches, but not while one types', () => {
    expect(shortcutFor({ key: '/' })).toBe('search')
    expect(shortcutFor({ key: '/' }, true)).toBeNull()
    expect(shortcutFor({ key: '/', shiftKey: true })).toBe('search')
  })

  test('the command key of either kind works, typing or not', () => {
    expect(shortcutFor({ key: 'f', ctrlKey: true }, true)).toBe('search')
    expect(shortcutFor({ key: 'F', metaKey: true })).toBe('search')
    expect(shortcutFor({ key: ',', metaKey: true }, true)).toBe('settings')
    expect(shortcutFor({ key: 'Escape' }, true)).toBe('close')
  })

  test('other strokes are not ours', () => {
    expect(shortcutFor({ key: 'f' })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, altKey: true })).toBeNull()
    expect(shortcutFor({ key: 'f', ctrlKey: true, shiftKey: true })).toBeNull()
    expect(shortcutFor({ key: '/', ctrlKey: true })).toBeNull()
  })
})
