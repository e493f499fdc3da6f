import { between } from './seeded-random'
import type { RunMode } from './pod-spec'

type PercentRange = readonly [min: number, max: number]

interface LoadProfile {
  readonly gpu: PercentRange
  readonly cpu: PercentRange
  /** How much memory values vary, in points; 0 keeps them constant. */
  readonly memoryDrift: number
}

const TRAINING: LoadProfile = { gpu: [85, 99], cpu: [20, 35], memoryDrift: 4 }
const IDLE: LoadProfile = { gpu: [0, 2], cpu: [1, 2], memoryDrift: 0 }
const LOADING: LoadProfile = { gpu: [0, 0], cpu: [36, 44], memoryDrift: 6 }
const COMPUTING: LoadProfile = { gpu: [0, 0], cpu: [45, 80], memoryDrift: 4 }
const BURST: LoadProfile = { gpu: [55, 95], cpu: [15, 30], memoryDrift: 4 }

/** Values change every so many seconds of uptime and stay constant in between. */
const TICK_S = 5
const SPIKE_PERIOD_S = 240
const SPIKE_S = 45

/** All inputs of a telemetry reading: equal inputs give equal readings. */
export interface TelemetryInput {
  readonly seed: number
  readonly podId: string
  readonly mode: RunMode
  /** 0 for a CPU pod. */
  readonly gpuCount: number
  readonly idleAfterMin: number
  readonly uptimeS: number
  /** When the latest job ended, in seconds of uptime; 0 if there was none. Default: 0. */
  readonly workedUntilUptimeS?: number
}

/** Percentages in the API's format; a CPU pod has no `gpus`. */
export interface SimulatedTelemetry {
  readonly gpus?: readonly { readonly util: number; readonly memoryUtil: number }[]
  readonly cpu: { readonly util: number }
  readonly memory: { readonly util: number }
}

export function telemetryAt(input: TelemetryInput): SimulatedTelemetry {
  const { seed, podId } = input
  const tick = Math.floor(input.uptimeS / TICK_S)
  const host = loadProfileOf(input, 0)
  const within = ([min, max]: PercentRange, what: string) => between(min, max, seed, podId, what, tick)
  const memoryAt = (lowest: number, drift: number, what: string) =>
    between(lowest, lowest + 30, seed, podId, what) + within([0, drift], what)
  const rest = {
    cpu: { util: within(host.cpu, 'cpu') },
    memory: { util: memoryAt(20, host.memoryDrift, 'memory') },
  }
  if (input.gpuCount === 0) return rest
  const gpus = Array.from({ length: input.gpuCount }, (_, i) => {
    const load = loadProfileOf(input, i)
    return {
      util: within(load.gpu, `gpu${i}`),
      memoryUtil: memoryAt(40, load.memoryDrift, `vram${i}`),
    }
  })
  return { gpus, ...rest }
}

/** The uptime, in seconds, since which no GPU has worked; null if one works now or there is none. */
export function idleSinceUptimeS(input: TelemetryInput): number | null {
  const sinceS = idleSinceByMode(input)
  return sinceS === null ? null : Math.max(sinceS, Math.floor(input.workedUntilUptimeS ?? 0))
}

function idleSinceByMode({
  mode,
  seed,
  podId,
  gpuCount,
  idleAfterMin,
  uptimeS,
}: TelemetryInput): number | null {
  if (gpuCount === 0) return null
  switch (mode) {
    case 'idle':
    case 'data-loading':
    case 'cpu-only':
      return 0
    case 'idle-after':
      return uptimeS < idleAfterMin * 60 ? null : idleAfterMin * 60
    case 'spiky': {
      const intoPeriodS = spikyPeriodOffsetS(seed, podId, uptimeS)
      return intoPeriodS < SPIKE_S ? null : Math.max(0, uptimeS - (intoPeriodS - SPIKE_S))
    }
    case 'training':
    case 'partial':
    case 'stuck-creating':
    case 'image-missing':
    case 'error':
    case 'crash-loop':
    case 'container-dead':
    case 'telemetry-missing':
      return null
  }
}

/** Seconds since the latest burst of a spiky pod began. */
const spikyPeriodOffsetS = (seed: number, podId: string, uptimeS: number): number =>
  (uptimeS + between(0, SPIKE_PERIOD_S, seed, podId, 'phase')) % SPIKE_PERIOD_S

function loadProfileOf(
  { mode, seed, podId, uptimeS, idleAfterMin }: TelemetryInput,
  gpuIndex: number,
): LoadProfile {
  switch (mode) {
    case 'training':
    case 'stuck-creating':
    case 'image-missing':
    case 'error':
    case 'crash-loop':
    case 'container-dead':
    case 'telemetry-missing':
      return TRAINING
    case 'idle':
      return IDLE
    case 'idle-after':
      return uptimeS < idleAfterMin * 60 ? TRAINING : IDLE
    case 'spiky':
      return spikyPeriodOffsetS(seed, podId, uptimeS) < SPIKE_S ? BURST : IDLE
    case 'data-loading':
      return LOADING
    case 'cpu-only':
      return COMPUTING
    case 'partial':
      return gpuIndex === 0 ? TRAINING : IDLE
  }
}
