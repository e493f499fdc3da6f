import { expect, test } from 'vitest'
import { isGpuOfType } from '../../../src/core/pods/gpu-type'
import { gpuMemoryGb } from '../../../src/core/queue/jobs/job-fit'

test.each([
  ['H200 SXM', 'H200', true],
  ['GH200', 'H200', false],
  ['A100 SXM', 'A10', false],
  ['GeForce RTX 4090', 'RTX 4090', true],
  ['NVIDIA GeForce RTX 4090', 'geforce rtx 4090', true],
  ['GeForce RTX 4090', 'GeForce', true],
  ['RTX 4090', 'NVIDIA GeForce RTX 4090', true],
  ['Tesla V100-PCIE-16GB', 'V100', true],
  ['AMD Instinct MI300X OAM', 'MI300X', true],
  ['GeForce RTX 4090', 'RTX 409', false],
  ['NVIDIA L40S', 'L40', false],
  ['NVIDIA ', 'NVIDIA', true],
  ['H100', '', false],
])('a GPU called %s is of the type %s: %s', (name, type, expected) => {
  expect(isGpuOfType(name, type)).toBe(expected)
})

test('the memory of a GPU is known with and without the names of its maker', () => {
  expect(['GeForce RTX 4090', 'NVIDIA RTX A6000', 'L40S', 'GeForce'].map(gpuMemoryGb)).toEqual([
    24,
    48,
    48,
    null,
  ])
})
