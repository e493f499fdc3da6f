import type { Telemetry } from '../../src/core/pods/pod'
import { hashNoise, type SeededRandom } from '../seeded-random'

/**
 * What a pod really does for a while. `calm` does nothing at all; `download`, `tar` and `edge-cpu` leave the GPUs idle
 * but must not be stopped; `loader` and `drift` change memory, at once or over hours; `spiky` and `rare` work in
 * between.
 */
const workloads = [
  'train',
  'partly',
  'calm',
  'edge-calm',
  'edge-busy',
  'edge-cpu',
  'download',
  'tar',
  'loader',
  'drift',
  'spiky',
  'rare',
  'silent',
  'missing-data',
  'invalid-data',
  'frozen',
] as const
export type Workload = (typeof workloads)[number]

export interface Phase {
  readonly fromMs: number
  readonly workload: Workload
  /** Memory use at the start, percent. */
  readonly level: number
}

export interface PodScript {
  readonly id: string
  readonly name: string
  readonly seed: number
  /** 0 for a CPU pod. */
  readonly gpus: number
  readonly cores: number
  readonly phases: readonly [Phase, ...Phase[]]
}

/** One observation of a pod, and the true state by the script. */
export interface TelemetrySample {
  readonly telemetry: Telemetry | null
  /** `calm`: idle, and quiet as far as one observation can show. `stirring`: idle but not quiet. */
  readonly truth: 'busy' | 'calm' | 'active' | 'unknown'
  /** Memory values, percent, for comparing observations. */
  readonly memory: readonly number[]
}

/** A pod may be quiet below this CPU percentage: 3, or half a core if that is less. */
export const quietCpuPercentOf = ({ cores }: Pick<PodScript, 'cores'>): number => Math.min(3, 50 / cores)

/** The pod as observed at `atMs`; `uptimeS` is the container's. `bootS`: startup time that is not judged. */
export function sampleAt(script: PodScript, atMs: number, uptimeS: number, bootS: number): TelemetrySample {
  const phase = phaseAt(script, atMs)
  const second = Math.floor(atMs / 1_000)
  const random = (place: number): number => hashNoise(script.seed + place * 7_919, second)
  const measurements = metricsOf(script, phase, atMs, random)
  const memory = [measurements.hostMemory, ...measurements.gpus.map((gpu) => gpu.memoryUtilPercent)]
  const telemetry: Telemetry = {
    gpus: measurements.gpus,
    cpuUtilPercent: measurements.cpu,
    memoryUtilPercent: measurements.hostMemory,
    uptimeS,
  }
  const isBooting = measurements.truth !== 'busy' && uptimeS < bootS
  switch (phase.workload) {
    case 'silent':
      return { telemetry: null, truth: 'unknown', memory }
    case 'missing-data':
      return { telemetry: withMissingData(telemetry, script, random(9)), truth: 'unknown', memory }
    case 'invalid-data':
      return {
        telemetry: { ...telemetry, cpuUtilPercent: random(9) < 0.5 ? 250 : -1 },
        truth: 'unknown',
        memory,
      }
    case 'frozen': {
      const frozenForS = Math.floor((atMs - phase.fromMs) / 1_000)
      const frozen = { ...telemetry, uptimeS: Math.max(0, uptimeS - frozenForS) }
      return { telemetry: frozen, truth: isBooting ? 'unknown' : measurements.truth, memory }
    }
    default:
      return { telemetry, truth: isBooting ? 'unknown' : measurements.truth, memory }
  }
}

export function phaseAt({ phases }: PodScript, atMs: number): Phase {
  let [current] = phases
  for (const phase of phases) {
    if (phase.fromMs > atMs) break
    current = phase
  }
  return current
}

interface SimulatedMetrics {
  readonly gpus: readonly { readonly utilPercent: number; readonly memoryUtilPercent: number }[]
  readonly cpu: number
  readonly hostMemory: number
  readonly truth: 'busy' | 'calm' | 'active'
}

function metricsOf(
  script: PodScript,
  phase: Phase,
  atMs: number,
  random: (place: number) => number,
): SimulatedMetrics {
  const quietCpuPercent = quietCpuPercentOf(script)
  const hours = (atMs - phase.fromMs) / 3_600_000
  const steadyMemory = (place: number): number => phase.level + random(place) * 0.9
  const metricsWith = (
    truth: SimulatedMetrics['truth'],
    {
      util = (at: number) => random(at + 20) * 2,
      cpu = quietCpuPercent * 0.6 * random(1),
      memory = steadyMemory,
    } = {},
  ): SimulatedMetrics => ({
    gpus: Array.from({ length: script.gpus }, (_, at) => ({
      utilPercent: util(at),
      memoryUtilPercent: memory(at + 2),
    })),
    cpu,
    hostMemory: memory(1),
    truth,
  })
  const busy = (): SimulatedMetrics =>
    metricsWith('busy', {
      util: (at) => 30 + 60 * random(at + 20),
      cpu: 20 + 60 * random(1),
      memory: (at) => 20 + 60 * random(at),
    })
  switch (phase.workload) {
    case 'train':
      return busy()
    case 'partly':
      return script.gpus < 2 ? busy() : metricsWith('busy', { util: (at) => (at === 0 ? 80 : 0) })
    case 'edge-calm':
      return metricsWith('calm', {
        util: () => 4.9,
        cpu: quietCpuPercent * 0.999,
        memory: (at) => phase.level + 1.9 * Math.round(random(at)),
      })
    case 'edge-busy':
      return script.gpus === 0
        ? metricsWith('busy', { cpu: 5 })
        : metricsWith('busy', { util: (at) => (at === 0 ? 5 : 0), cpu: 0 })
    case 'edge-cpu':
      return metricsWith('active', { cpu: quietCpuPercent })
    case 'download':
      return metricsWith('active', {
        cpu: quietCpuPercent * (1.05 + 0.5 * random(1)),
        // Values are capped at 100, because larger ones would be unknown.
        memory: (at) => Math.min(99.9, phase.level + hours * 6 + random(at)),
      })
    case 'tar':
      // One core, which on a large machine is less than 3 percent.
      return metricsWith('active', { cpu: Math.min(4.9, 100 / script.cores) })
    case 'loader':
      return metricsWith('calm', {
        memory: (at) => phase.level + (Math.floor(atMs / 1_000) % 2 === 0 ? 0 : 4) + random(at),
      })
    case 'drift':
      return metricsWith('calm', { memory: (at) => phase.level + hours * 1.5 + random(at) * 0.2 })
    case 'spiky':
      return random(3) < 0.5 ? busy() : metricsWith('calm')
    case 'rare':
      return random(3) < 0.02 ? busy() : metricsWith('calm')
    default:
      return metricsWith('calm')
  }
}

function withMissingData(telemetry: Telemetry, { gpus }: PodScript, random: number): Telemetry {
  if (gpus > 0 && random < 0.3) return { ...telemetry, gpus: telemetry.gpus.slice(1) }
  if (gpus > 0 && random < 0.6)
    return { ...telemetry, gpus: telemetry.gpus.map((gpu) => ({ ...gpu, utilPercent: null })) }
  return random < 0.8 ? { ...telemetry, memoryUtilPercent: null } : { ...telemetry, uptimeS: null }
}

/** Generates a pod's behavior from `fromMs` to `toMs`. After `nightMs`, if given, it does nothing. */
export function writePodScript(
  id: string,
  name: string,
  random: SeededRandom,
  fromMs: number,
  toMs: number,
  nightMs: number,
): PodScript {
  const phases: Phase[] = []
  for (let atMs = fromMs; atMs < Math.min(toMs, nightMs);) {
    // The pod does nothing half of the time, because that is the main case to check.
    const workload = random.bool(0.45) ? 'calm' : random.pick(workloads)
    const isLong = workload === 'calm' || random.bool(0.5)
    phases.push({ fromMs: atMs, workload, level: random.between(5, 60) })
    atMs += random.between(1, isLong ? 600 : 40) * 60_000
  }
  if (nightMs < toMs) phases.push({ fromMs: nightMs, workload: 'calm', level: random.between(5, 60) })
  const [first = { fromMs, workload: 'calm' as const, level: 30 }, ...others] = phases
  const gpus = random.bool(0.12) ? 0 : random.pick([1, 1, 1, 2, 8])
  // A CPU pod with few cores would be busy from the background work of a GPU pod.
  const cores = gpus === 0 ? random.pick([16, 32]) : random.pick([4, 16, 64, 128])
  return { id, name, seed: random.integer(1, 1e9), gpus, cores, phases: [first, ...others] }
}
