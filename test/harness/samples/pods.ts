import type { IdleActivity } from '../../../src/core/idle/activity'
import type { Pod, Telemetry } from '../../../src/core/pods/pod'
import type { Sample } from '../../../src/core/idle/sample'
import { type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../base/fake-clock'

/** Figures of an idle pod with one GPU, an hour after its start. */
export function telemetry(overrides: Partial<Telemetry> = {}): Telemetry {
  return {
    gpus: [{ utilPercent: 0, memoryUtilPercent: 40 }],
    cpuUtilPercent: 1,
    memoryUtilPercent: 20,
    uptimeS: 3_600,
    ...overrides,
  }
}

/** GPUs at these percentages, with unchanged memory. */
export function gpus(...utilPercents: (number | null)[]): Telemetry['gpus'] {
  return utilPercents.map((utilPercent) => ({ utilPercent, memoryUtilPercent: 40 }))
}

/** A running pod with one idle GPU, a volume, and 4 vCPU. */
export function pod(overrides: Partial<Pod> = {}): Pod {
  return {
    id: 'pod-1',
    name: 'trainer',
    phase: 'running',
    rawStatus: 'RUNNING',
    statusReason: null,
    actions: ['stop', 'restart', 'terminate'],
    gpu: { name: 'A100 SXM', count: 1 },
    cpu: { name: 'EPYC' },
    vcpuCount: 4,
    containerDiskGb: 40,
    persistentMount: { sizeGb: 100, path: '/workspace' },
    networkMounts: [],
    areMountsKnown: true,
    dataCenterId: 'EU-RO-1',
    cloud: 'SECURE',
    costPerHourUsd: 2,
    isLocked: false,
    clusterId: null,
    ssh: { direct: { host: '203.0.113.7', port: 11_452, username: 'root' }, proxy: null },
    telemetry: telemetry(),
    createdAtMs: START_MS - 120 * MINUTE_MS,
    startedAtMs: START_MS - 60 * MINUTE_MS,
    ...overrides,
  }
}

/** The same pod after a stop. */
export function stoppedPod(overrides: Partial<Pod> = {}): Pod {
  return pod({
    phase: 'stopped',
    rawStatus: 'EXITED',
    actions: ['start', 'terminate'],
    costPerHourUsd: 0,
    telemetry: null,
    ...overrides,
  })
}

/** A moment `ms` after the start of the first run. */
export function instant(ms: number, overrides: Partial<Instant> = {}): Instant {
  return { wallMs: START_MS + ms, monotonicMs: 5_000 + ms, runId: 'run-1', ...overrides }
}

export interface SampleOverrides extends Partial<Omit<Sample, 'telemetry'>> {
  /** Null: no telemetry. */
  readonly telemetry?: Partial<Telemetry> | null
}

/** An idle sample, `ms` after the start, whose uptime follows the clock. */
export function sample(ms: number, overrides: SampleOverrides = {}): Sample {
  const { telemetry: figures, ...others } = overrides
  return {
    at: instant(ms),
    expectedGpus: 1,
    vcpuCount: 4,
    startedAtMs: START_MS - 60 * MINUTE_MS,
    telemetry: figures === null ? null : telemetry({ uptimeS: 3_600 + Math.floor(ms / 1_000), ...figures }),
    hasTerminalInput: false,
    hasRunningJob: false,
    ...others,
  }
}

/** The activity of a pod that has been idle and quiet for an hour. */
export function idleActivity(overrides: Partial<IdleActivity> = {}): IdleActivity {
  return {
    kind: 'idle',
    sinceMs: START_MS - 60 * MINUTE_MS,
    idleForMs: 60 * MINUTE_MS,
    quietForMs: 60 * MINUTE_MS,
    evidence: {
      gpuUtil: { min: 0, max: 0 },
      cpuUtil: { min: 1, max: 1 },
      isMemoryStill: true,
      samples: 61,
      idleSamples: 61,
    },
    ...overrides,
  }
}
