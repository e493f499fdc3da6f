import type { Telemetry } from '../../core/pods/pod'
import { isObject } from '../../core/base/parse-json'
import { fieldOf, type Fields, toCamelCase } from './wire-shape'

/*
 * The documents promise "GPU utilization, memory, and idle time" without naming the fields. Only names that say
 * clearly what they mean are read. A figure that is absent or could mean two things is unknown.
 */

const GPU_UTIL = ['gpuUtilization', 'gpuUtilizationPercent', 'gpuUtilPercent', 'gpuUtil']
const GPU_MEMORY = [
  'gpuMemoryUtilization',
  'gpuMemoryUtilizationPercent',
  'gpuMemoryPercent',
  'gpuMemoryUtil',
]
const CPU_UTIL = ['cpuUtilization', 'cpuUtilizationPercent', 'cpuUtilPercent', 'cpuUtil', 'cpuPercent']
const MEMORY = ['memoryUtilization', 'memoryUtilizationPercent', 'memoryPercent', 'memoryUtil']
const MAX_GPUS = 64

/** What a running pod reports about its load; null if it reports nothing. */
export function parseTelemetry(pod: Fields): Telemetry | null {
  const nested = ['telemetry', 'metrics', 'runtime'].map((name) => pod[name]).find(isObject)
  const fields: Fields = nested === undefined ? pod : { ...pod, ...toCamelCase(nested) }
  const gpus = parseGpus(fields)
  const cpuUtilPercent = percentOf(fieldOf(fields, CPU_UTIL))
  const memoryUtilPercent = percentOf(fieldOf(fields, MEMORY))
  const uptime = fieldOf(fields, ['uptimeSeconds'])
  const uptimeS = typeof uptime === 'number' && Number.isFinite(uptime) && uptime >= 0 ? uptime : null
  if (gpus.length === 0 && cpuUtilPercent === null && memoryUtilPercent === null && uptimeS === null)
    return null
  return { gpus, cpuUtilPercent, memoryUtilPercent, uptimeS }
}

function parseGpus(fields: Fields): Telemetry['gpus'] {
  if (Array.isArray(fields['gpus'])) {
    return fields['gpus'].slice(0, MAX_GPUS).map((each) => {
      const gpu = isObject(each) ? toCamelCase(each) : {}
      return {
        utilPercent: percentOf(fieldOf(gpu, [...GPU_UTIL, 'utilization', 'utilPercent', 'util'])),
        memoryUtilPercent: percentOf(fieldOf(gpu, [...GPU_MEMORY, ...MEMORY])),
      }
    })
  }
  const util = fieldOf(fields, GPU_UTIL)
  const memory = fieldOf(fields, GPU_MEMORY)
  if (Array.isArray(util))
    return util.slice(0, MAX_GPUS).map((each, index) => ({
      utilPercent: percentOf(each),
      memoryUtilPercent: percentOf(Array.isArray(memory) ? memory[index] : null),
    }))
  const [utilPercent, memoryUtilPercent] = [percentOf(util), percentOf(memory)]
  return utilPercent === null && memoryUtilPercent === null ? [] : [{ utilPercent, memoryUtilPercent }]
}

/**
 * A percentage. The documented sample is 94.2; a number above 0 and up to 1 could also be a share, and taking 0.94
 * for 0.94% would call a busy pod idle, so it is unknown.
 */
function percentOf(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  return value > 0 && value <= 1 ? null : value
}
