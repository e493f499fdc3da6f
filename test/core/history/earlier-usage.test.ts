import { expect, test } from 'vitest'
import { toTrailSamples } from '../../../src/core/history/earlier-usage'
import { pod } from '../../harness/samples/pods'
import { usageSample } from '../../harness/samples/usage-history'

const gpuPod = pod()
const cpuPod = pod({ gpu: null })

test('a recorded sample has the use of the busiest GPU, and of the CPU where there is no GPU', () => {
  const recorded = usageSample({
    atMs: 7,
    gpus: [
      { util: 12, memory: 1 },
      { util: 80, memory: 1 },
      { util: null, memory: 1 },
    ],
    cpu: 33,
  })
  expect(toTrailSamples([recorded], gpuPod)).toEqual([{ atMs: 7, utilPercent: 80, kind: 'busy' }])
  expect(toTrailSamples([recorded], cpuPod)).toEqual([{ atMs: 7, utilPercent: 33, kind: 'busy' }])
  expect(toTrailSamples([usageSample({ atMs: 7, gpus: [] })], gpuPod)).toEqual([
    { atMs: 7, utilPercent: null, kind: 'busy' },
  ])
})

test('what is unknown in the record is never idle or busy', () => {
  expect(toTrailSamples([usageSample({ atMs: 7, state: 'unknown' })], gpuPod)).toEqual([
    { atMs: 7, utilPercent: null, kind: 'unknown' },
  ])
})

test('nothing of the time before a stop counts', () => {
  const recorded = (['busy', 'off', 'busy', 'off', 'idle', 'busy'] as const).map((state, atMs) =>
    usageSample({ atMs, state }),
  )
  expect(toTrailSamples(recorded, gpuPod).map(({ atMs, kind }) => [atMs, kind])).toEqual([
    [4, 'idle'],
    [5, 'busy'],
  ])
})
