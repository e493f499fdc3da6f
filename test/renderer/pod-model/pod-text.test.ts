import { describe, expect, test } from 'vitest'
import type { DataFate } from '../../../src/core/pods/data-impact'
import { gpuFigures } from '../../../src/renderer/pod-model/gpu-figures'
import { noMatchWords } from '../../../src/renderer/pods/no-match'
import { podRemarks, stoppedCostWords } from '../../../src/renderer/pod-model/pod-text'
import { storageWords } from '../../../src/renderer/pod-model/storage-text'
import { shortcutOf } from '../../../src/renderer/state/shortcuts'
import { NOW_MS, podView } from '../../harness/pod-views'

describe('the bars of the GPUs', () => {
  const gpu = (utilPercent: number | null, memoryUtilPercent: number | null = 70) => ({
    utilPercent,
    memoryUtilPercent,
  })

  test('each GPU says its figures', () => {
    const [first] = gpuFigures(podView({ gpuCount: 2, gpus: [gpu(93.4), gpu(0)] }))
    expect(first).toEqual({ index: 0, percent: 93, words: 'GPU 0: 93 %, memory 70 %' })
  })

  test('one that reported nothing, or nonsense, has its place and no figure', () => {
    const figures = gpuFigures(podView({ gpuCount: 4, gpus: [gpu(50), gpu(null, null), gpu(140, -3)] }))
    expect(figures.map(({ percent }) => percent)).toEqual([50, null, null, null])
    expect(figures[3]?.words).toBe('GPU 3: not known')
  })

  test('a pod that does not run has none, and a wild count does not fill the window', () => {
    expect(gpuFigures(podView({ phase: 'stopped' }))).toEqual([])
    expect(gpuFigures(podView({ gpuCount: 100_000 }))).toHaveLength(32)
  })
})

describe('what is at risk', () => {
  const disk: DataFate = {
    fate: 'lost',
    what: 'container-disk',
    sizeGb: 40,
    path: null,
    stoppedCostPerDayUsd: null,
  }
  const volume: DataFate = { ...disk, what: 'volume', sizeGb: 100, path: '/workspace' }
  const network: DataFate = {
    ...disk,
    fate: 'kept',
    what: 'network-volume',
    sizeGb: null,
    path: '/workspace',
  }

  test('a volume goes with its pod', () => {
    expect(storageWords([volume, disk])).toEqual({
      label: 'volume 100 GB',
      isWarning: false,
      risk: 'If it is terminated: nothing is kept; /workspace (100 GB) and the container disk (40 GB) are lost.',
    })
  })

  test('a network volume stays', () => {
    expect(storageWords([network, disk])).toMatchObject({ label: 'network volume', isWarning: false })
    expect(storageWords([network, disk]).risk).toContain('keeps /workspace (network volume)')
  })

  test('a pod without any is a warning; one of which that is not known is none, and says so', () => {
    expect(storageWords([disk])).toMatchObject({ label: 'no volume', isWarning: true })
    const unknown: DataFate = { ...disk, fate: 'unknown', what: 'mounts', sizeGb: null }
    expect(storageWords([unknown, disk])).toMatchObject({ label: 'storage not known', isWarning: false })
    expect(storageWords([volume, unknown, disk]).label).toBe('volume 100 GB, more not known')
    expect(storageWords([]).label).toBe('storage not known')
  })
})

test('an error says why, or that nobody does, and what may help', () => {
  const remarks = (over: object) => podRemarks(podView({ phase: 'error', ...over }), NOW_MS)
  expect(remarks({ statusReason: 'The image was not found.', actions: ['start'] })).toEqual([
    'The image was not found.',
    'Its logs in Runpod say more; starting it again may help.',
  ])
  expect(remarks({ actions: [] })).toEqual(['Runpod gives no reason. Its logs in Runpod say more.'])
})

test('stopped pods say together what their disks cost', () => {
  const stopped = (stoppedDiskPerHourUsd: number | null) =>
    podView({ phase: 'stopped', stoppedDiskPerHourUsd })
  expect(stoppedCostWords([stopped(0.1), stopped(0.1)])).toBe('2 pods · disks cost $4.80 a day')
  expect(stoppedCostWords([stopped(0.1), stopped(null)])).toBe('2 pods · disks cost at least $2.40 a day')
  expect(stoppedCostWords([stopped(0)])).toBe('1 pod')
})

test('a search in vain says what was searched, and where', () => {
  const view = { order: 'price', filter: 'all', search: ' h200 ' } as const
  expect(noMatchWords(view)).toBe('No pod has “h200” in its name, id, GPU or data centre.')
  expect(noMatchWords({ ...view, filter: 'idle' })).toBe(
    'Among “Idle” no pod has “h200” in its name, id, GPU or data centre.',
  )
  expect(noMatchWords({ ...view, filter: 'error', search: '' })).toBe(
    'Among “Error” no pod is there at the moment.',
  )
})

describe('keyboard shortcuts', () => {
  const keys = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const stroke = (over: object, isTyping = false) =>
    shortcutOf({ ...keys, ...over } as KeyboardEvent, isTyping)

  test('a slash searches, but not while one types', () => {
    expect(stroke({ key: '/' })).toBe('search')
    expect(stroke({ key: '/' }, true)).toBeNull()
    expect(stroke({ key: '/', shiftKey: true })).toBe('search')
  })

  test('the command key of either kind works, typing or not', () => {
    expect(stroke({ key: 'f', ctrlKey: true }, true)).toBe('search')
    expect(stroke({ key: 'F', metaKey: true })).toBe('search')
    expect(stroke({ key: ',', metaKey: true }, true)).toBe('settings')
    expect(stroke({ key: 'Escape' }, true)).toBe('close')
  })

  test('other strokes are not ours', () => {
    expect(stroke({ key: 'f' })).toBeNull()
    expect(stroke({ key: 'f', ctrlKey: true, altKey: true })).toBeNull()
    expect(stroke({ key: 'f', ctrlKey: true, shiftKey: true })).toBeNull()
    expect(stroke({ key: '/', ctrlKey: true })).toBeNull()
  })
})
