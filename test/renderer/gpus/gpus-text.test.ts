import { expect, test } from 'vitest'
import type { GpuProcess, LiveGpu } from '../../../src/core/gpus/gpu-reading'
import {
  commandText,
  gpusOfText,
  memoryText,
  powerText,
  processMemoryText,
  temperatureText,
  userText,
  utilText,
} from '../../../src/renderer/gpus/gpus-text'

const known: LiveGpu = {
  index: 0,
  name: 'NVIDIA H100 80GB HBM3',
  utilPercent: 0,
  memoryUsedMib: 0,
  memoryTotalMib: 81_559,
  temperatureC: 0,
  powerW: 0.4,
  powerLimitW: 700,
  isDivided: false,
}
const process: GpuProcess = { pid: 1, gpus: [0], memoryMib: 0, user: 'root', command: 'python' }
const textsOf = (gpu: LiveGpu) => [utilText, memoryText, temperatureText, powerText].map((text) => text(gpu))

test('figures of a GPU that are 0 are distinguished from those that are unknown', () => {
  expect(textsOf(known)).toEqual(['0%', '0.0 of 79.6 GiB', '0 °C', '0 of 700 W'])
  const unknown = { utilPercent: null, memoryUsedMib: null, temperatureC: null, powerW: null }
  expect(textsOf({ ...known, ...unknown })).toEqual(['Unknown', 'Unknown', 'Unknown', 'Unknown'])
  expect(textsOf({ ...known, memoryTotalMib: null, powerLimitW: null })).toEqual([
    '0%',
    '0.0 GiB',
    '0 °C',
    '0 W',
  ])
  expect(utilText({ ...known, isDivided: true, utilPercent: null })).toBe('MIG')
})

test('a process names what is known of it, and its GPUs as ranges', () => {
  expect([userText(process), processMemoryText(process), commandText(process)]).toEqual([
    'root',
    '0.0 GiB',
    'python',
  ])
  const hidden = { ...process, gpus: [], memoryMib: null, user: null, command: null }
  expect([userText, processMemoryText, commandText, gpusOfText].map((text) => text(hidden))).toEqual([
    'Unknown',
    'Unknown',
    'Unknown',
    'Unknown',
  ])
  expect(gpusOfText({ ...process, gpus: [0, 1, 2, 3, 5, 7, 8] })).toBe('0–3, 5, 7–8')
})
