import { describe, expect, test } from 'vitest'
import { gpuUsages } from '../../../src/renderer/pod-model/gpu-usage'
import { podView } from '../../harness/samples/pod-views'

describe('the usage of GPUs', () => {
  const gpu = (utilPercent: number | null, memoryUtilPercent: number | null = 70) => ({
    utilPercent,
    memoryUtilPercent,
  })

  test('includes a label with the figures of each GPU', () => {
    const [firstUsage] = gpuUsages(podView({ gpuCount: 2, gpus: [gpu(93.4), gpu(0)] }))
    expect(firstUsage).toEqual({ index: 0, percent: 93, label: 'GPU 0: 93%, memory 70%' })
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
