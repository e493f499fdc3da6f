import { between } from './noise'
import type { RunMode } from './pod-spec'

type Span = readonly [min: number, max: number]

interface Load {
  readonly gpu: Span
  readonly cpu: Span
  /** How far memory figures wander, in points; 0: they stand still. */
  readonly memoryDrift: number
}

const TRAINING: Load = { gpu: [85, 99], cpu: [20, 35], memoryDrift: 4 }
const IDLE: Load = { gpu: [0, 2], cpu: [1, 2], memoryDrift: 0 }
const LOADING: Load = { gpu: [0, 0], cpu: [36, 44], memoryDrift: 6 }
const COMPUTING: Load = { gpu: [0, 0], cpu: [45, 80], memoryDrift: 4 }
const BURST: Load = { gpu: [55, 95], cpu: [15, 30], memoryDrift: 4 }

/** Figures change every so many seconds of uptime, and not in between. */
const TICK_S = 5
const SPIKE_PERIOD_S = 240
const SPIKE_S = 45

/** What a telemetry reading depends on: all of it, so that equal readings are equal. */
export interface TelemetryOf {
  readonly seed: number
  readonly podId: string
  readonly mode: RunMode
  /** 0 on a CPU pod. */
  readonly gpuCount: number
  readonly idleAfterMin: number
  readonly uptimeS: number
}

/** Percentages, in the API's own shape; a CPU pod has no `gpus`. */
export interface Figures {
  readonly gpus?: readonly { readonly util: number; readonly memoryUtil: number }[]
  readonly cpu: { readonly util: number }
  readonly memory: { readonly util: number }
}

export function figuresAt(of: TelemetryOf): Figures {
  const { seed, podId } = of
  const tick = Math.floor(of.uptimeS / TICK_S)
  const host = loadOf(of, 0)
  const within = ([min, max]: Span, what: string) => between(min, max, seed, podId, what, tick)
  const memoryAt = (lowest: number, drift: number, what: string) =>
    between(lowest, lowest + 30, seed, podId, what) + within([0, drift], what)
  const rest = {
    cpu: { util: within(host.cpu, 'cpu') },
    memory: { util: memoryAt(20, host.memoryDrift, 'memory') },
  }
  if (of.gpuCount === 0) return rest
  const gpus = Array.from({ length: of.gpuCount }, (_, i) => {
    const load = loadOf(of, i)
    return {
      util: within(load.gpu, `gpu${i}`),
      memoryUtil: memoryAt(40, load.memoryDrift, `vram${i}`),
    }
  })
  return { gpus, ...rest }
}

function loadOf({ mode, seed, podId, uptimeS, idleAfterMin }: TelemetryOf, gpuIndex: number): Load {
  switch (mode) {
    case 'training':
    case 'stuck-creating':
    case 'error':
    case 'telemetry-missing':
      return TRAINING
    case 'idle':
      return IDLE
    case 'idle-after':
      return uptimeS < idleAfterMin * 60 ? TRAINING : IDLE
    case 'spiky':
      return (uptimeS + between(0, SPIKE_PERIOD_S, seed, podId, 'phase')) % SPIKE_PERIOD_S < SPIKE_S
        ? BURST
        : IDLE
    case 'data-loading':
      return LOADING
    case 'cpu-only':
      return COMPUTING
    case 'partial':
      return gpuIndex === 0 ? TRAINING : IDLE
  }
}
