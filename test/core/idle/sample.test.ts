import { describe, expect, test } from 'vitest'
import {
  defaultActivityRules as rules,
  labelFigures,
  labelGpu,
  labelSample,
  type Sample,
  sampleOf,
} from '../../../src/core/idle/sample'
import { gpus, instant, pod, sample, type SampleOverrides, telemetry } from '../../harness/samples/pods'

const labelOf = (one: Sample, previousUptimeS: number | null = null) =>
  labelSample(one, labelFigures(one, previousUptimeS, rules))
const label = (overrides: SampleOverrides, previousUptimeS: number | null = 3_585) =>
  labelOf(sample(0, overrides), previousUptimeS)
const NO_USE = { hasTerminalInput: false, hasRunningJob: false }

describe('a sample is unknown, never idle, for', () => {
  test('a pod without figures', () => {
    expect(label({ telemetry: null })).toEqual({ kind: 'unknown', reason: 'no-telemetry' })
  })

  test('a GPU pod without GPU figures, or with fewer than it has GPUs', () => {
    const missing = { kind: 'unknown', reason: 'gpu-figures-missing' }
    expect(label({ telemetry: { gpus: [] } })).toEqual(missing)
    expect(label({ expectedGpus: 8, telemetry: { gpus: gpus(0, 0, 0, 0, 0, 0, 0) } })).toEqual(missing)
    expect(label({ expectedGpus: 8, telemetry: { gpus: gpus(0, 0, 0, 0, 0, 0, 0, 0) } }).kind).toBe('idle')
  })

  test('a pod of which not even the GPU count is known', () => {
    expect(label({ expectedGpus: null }).kind).toBe('unknown')
    const unread = pod({ gpu: null, cpu: null })
    expect(labelOf(sampleOf(unread, instant(0), NO_USE)).kind).toBe('unknown')
  })

  test.each<[string, SampleOverrides['telemetry']]>([
    ['GPU load', { gpus: gpus(null) }],
    ['GPU memory', { gpus: [{ utilPercent: 0, memoryUtilPercent: null }] }],
    ['CPU load', { cpuUtilPercent: null }],
    ['memory', { memoryUtilPercent: null }],
    ['uptime', { uptimeS: null }],
  ])('a pod whose %s is missing', (_, figures) => {
    expect(label({ telemetry: figures ?? null })).toEqual({ kind: 'unknown', reason: 'figure-missing' })
  })

  const bad = [-0.1, 100.1, -1, 255, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  test.each(bad)('a pod with a figure of %d %%, which is not a number or outside 0–100', (value) => {
    for (const figures of [
      { gpus: gpus(value) },
      { gpus: [{ utilPercent: 0, memoryUtilPercent: value }] },
      { cpuUtilPercent: value },
      { memoryUtilPercent: value },
    ])
      expect(label({ telemetry: figures })).toEqual({ kind: 'unknown', reason: 'figure-out-of-range' })
  })

  test('a pod whose uptime is no number', () => {
    expect(label({ telemetry: { uptimeS: Number.NaN } }).kind).toBe('unknown')
    expect(label({ telemetry: { uptimeS: -1 } }, null).kind).toBe('unknown')
  })

  test('a pod whose uptime does not advance between two samples', () => {
    const stale = { kind: 'unknown', reason: 'uptime-stale' }
    expect(label({ telemetry: { uptimeS: 3_600 } }, 3_600)).toEqual(stale)
    expect(label({ telemetry: { uptimeS: 3_600 } }, 3_601)).toEqual(stale)
    expect(label({ telemetry: { uptimeS: 3_600 } }, 3_599).kind).toBe('idle')
  })

  test('stale figures that show activity', () => {
    expect(label({ telemetry: { gpus: gpus(90), uptimeS: 3_600 } }, 3_600).kind).toBe('unknown')
  })
})

describe('a sample', () => {
  test.each([
    [4.9, 'idle'],
    [5, 'busy'],
    [100, 'busy'],
  ])('with a GPU at %d %% is %s', (utilPercent, kind) => {
    expect(label({ telemetry: { gpus: gpus(utilPercent) } }).kind).toBe(kind)
  })

  test('with one busy GPU of eight is busy', () => {
    const figures = { gpus: gpus(0, 0, 0, 0, 0, 0, 0, 5) }
    expect(label({ expectedGpus: 8, telemetry: figures })).toEqual({ kind: 'busy', by: 'gpu' })
  })

  test('of a GPU pod is not busy because of its CPU', () => {
    expect(label({ telemetry: { cpuUtilPercent: 80 } }).kind).toBe('idle')
  })

  test('of a pod without GPUs is judged by its CPU', () => {
    const cpuPod = { expectedGpus: 0, telemetry: { gpus: [] } }
    expect(label({ ...cpuPod, telemetry: { gpus: [], cpuUtilPercent: 5 } })).toEqual({
      kind: 'busy',
      by: 'cpu',
    })
    expect(label({ ...cpuPod, telemetry: { gpus: [], cpuUtilPercent: 4.9 } }).kind).toBe('idle')
    const figures = telemetry({ gpus: [], cpuUtilPercent: 50 })
    for (const gpu of [null, { name: 'none', count: 0 }])
      expect(labelOf(sampleOf(pod({ gpu, telemetry: figures }), instant(0), NO_USE))).toEqual({
        kind: 'busy',
        by: 'cpu',
      })
  })

  test('with terminal input or a running job is busy, whatever the figures', () => {
    expect(label({ hasTerminalInput: true })).toEqual({ kind: 'busy', by: 'terminal' })
    expect(label({ hasRunningJob: true })).toEqual({ kind: 'busy', by: 'job' })
    expect(label({ hasTerminalInput: true, telemetry: null }).kind).toBe('busy')
  })
})

describe('in the first 10 minutes of uptime', () => {
  test.each([
    [0, 'unknown'],
    [599, 'unknown'],
    [600, 'idle'],
  ])('an idle sample at %d s of uptime is %s', (uptimeS, kind) => {
    expect(label({ telemetry: { uptimeS } }, null).kind).toBe(kind)
  })

  test('the reason is given', () => {
    expect(label({ telemetry: { uptimeS: 60 } }, null)).toEqual({ kind: 'unknown', reason: 'booting' })
  })

  test('a busy sample is busy', () => {
    expect(label({ telemetry: { uptimeS: 60, gpus: gpus(90) } }, null).kind).toBe('busy')
  })

  test('a GPU is not idle because another one is busy', () => {
    const booting = sample(0, { expectedGpus: 2, telemetry: { uptimeS: 60, gpus: gpus(90, 0) } })
    expect(labelGpu(booting, 1, labelOf(booting), rules)).toBe('unknown')
  })
})
