import type { Telemetry } from '../../src/core/pods/pod'
import { hashNoise, type SeededRandom } from '../seeded-random'
import { HOUR_MS } from '../../src/core/base/time/time'

/**
 * What a pod really does for a while. `calm` does nothing at all; `noise` has the background load of a large machine;
 * `download`, `tar`, `one-core` and `edge-cpu` leave the GPUs idle but must not be stopped; `loader` and `drift` change
 * memory, at once or over hours; `spiky` and `rare` work in between.
 */
const workloads = [
  'train',
  'partly',
  'calm',
  'noise',
  'one-core',
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
  'text-data',
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
  /** The API reports its CPU in whole percents of all cores, as Runpod does. */
  readonly hasWholePercents: boolean
  readonly phases: readonly [Phase, ...Phase[]]
}

/**
 * What one reply shows of a pod, by docs/product-rules.md#2-activity. With idle GPUs it is `calm` (CPU at rest),
 * `active` (CPU working) or `unclear` (CPU undecided).
 */
export type PodTruth = 'busy' | 'calm' | 'active' | 'unclear' | 'unknown'

/** One observation of a pod, and the true state by the script. */
export interface TelemetrySample {
  /** As the API delivers it; null: `runtime` is null. */
  readonly telemetry: Telemetry | null
  readonly truth: PodTruth
  /** A process really works, whatever the figures show. */
  readonly isWorking: boolean
  /** The API repeats an old reply. */
  readonly isFrozen: boolean
  /** The figures are delivered as text. */
  readonly isText: boolean
  /** Memory values, percent, for comparing observations. */
  readonly memory: readonly number[]
}

/** From this CPU percentage on, a CPU pod is busy. */
const BUSY_CPU_PERCENT = 5
/** From this CPU percentage on, a pod surely works. */
const WORKING_CPU_PERCENT = 3

/** A pod is at rest below this CPU percentage: 3, or half a core if that is less. */
export const quietCpuPercentOf = ({ cores }: Pick<PodScript, 'cores'>): number =>
  Math.min(WORKING_CPU_PERCENT, 50 / cores)

/**
 * The pod as observed at `atMs`; `uptimeS` is the container's. `bootS`: startup time that is not judged. `cores` null:
 * the reply doesn't say how many there are.
 */
export function sampleAt(
  script: PodScript,
  atMs: number,
  uptimeS: number,
  bootS: number,
  cores: number | null = script.cores,
): TelemetrySample {
  const phase = phaseAt(script, atMs)
  const second = Math.floor(atMs / 1_000)
  const random = (place: number): number => hashNoise(script.seed + place * 7_919, second)
  const measurements = metricsOf(script, phase, atMs, random)
  const isRounded = script.hasWholePercents && !phase.workload.startsWith('edge-')
  const cpu = isRounded ? wholePercentOf(measurements.cpu, script.cores) : measurements.cpu
  const isBusy = measurements.isBusy || (script.gpus === 0 && cpu >= BUSY_CPU_PERCENT)
  const frozenForS = phase.workload === 'frozen' ? Math.floor((atMs - phase.fromMs) / 1_000) : 0
  const telemetry: Telemetry = {
    gpus: measurements.gpus,
    cpuUtilPercent: cpu,
    memoryUtilPercent: measurements.hostMemory,
    uptimeS: Math.max(0, uptimeS - frozenForS),
  }
  const isBooting = !isBusy && uptimeS < bootS
  const known: TelemetrySample = {
    telemetry,
    truth: isBooting ? 'unknown' : truthOf(isBusy, cpu, cores),
    isWorking: measurements.isWorking,
    isFrozen: phase.workload === 'frozen',
    isText: false,
    memory: [measurements.hostMemory, ...measurements.gpus.map((gpu) => gpu.memoryUtilPercent)],
  }
  switch (phase.workload) {
    case 'silent':
      return { ...known, telemetry: null, truth: 'unknown' }
    case 'missing-data':
      return { ...known, telemetry: withMissingData(telemetry, script, random(9)), truth: 'unknown' }
    case 'invalid-data': {
      const cpuUtilPercent = random(9) < 0.5 ? 250 : -1
      return { ...known, telemetry: { ...telemetry, cpuUtilPercent }, truth: 'unknown' }
    }
    case 'text-data':
      return { ...known, isText: true, truth: 'unknown' }
    default:
      return known
  }
}

/** A whole core at work never rounds down to nothing. */
const wholePercentOf = (cpu: number, cores: number): number =>
  Math.max(cpu * cores >= 99 ? 1 : 0, Math.round(cpu))

function truthOf(isBusy: boolean, cpuPercent: number, cores: number | null): PodTruth {
  if (isBusy) return 'busy'
  if (cpuPercent >= WORKING_CPU_PERCENT) return 'active'
  const isAtRest = cores === null ? cpuPercent === 0 : cpuPercent < quietCpuPercentOf({ cores })
  return isAtRest ? 'calm' : 'unclear'
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
  readonly isBusy: boolean
  readonly isWorking: boolean
}

function metricsOf(
  script: PodScript,
  phase: Phase,
  atMs: number,
  random: (place: number) => number,
): SimulatedMetrics {
  const quietCpuPercent = quietCpuPercentOf(script)
  const hours = (atMs - phase.fromMs) / HOUR_MS
  const steadyMemory = (place: number): number => phase.level + random(place) * 0.9
  const metricsWith = (
    does: 'nothing' | 'work' | 'busy',
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
    isBusy: does === 'busy',
    isWorking: does !== 'nothing',
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
      return metricsWith('nothing', {
        util: () => 4.9,
        cpu: quietCpuPercent * 0.999,
        memory: (at) => phase.level + 1.9 * Math.round(random(at)),
      })
    case 'edge-busy':
      return script.gpus === 0
        ? metricsWith('busy', { cpu: 5 })
        : metricsWith('busy', { util: (at) => (at === 0 ? 5 : 0), cpu: 0 })
    case 'edge-cpu':
      return metricsWith('work', { cpu: quietCpuPercent })
    case 'download':
      return metricsWith('work', {
        cpu: quietCpuPercent * (1.05 + 0.5 * random(1)),
        // Values are capped at 100, because larger ones would be unknown.
        memory: (at) => Math.min(99.9, phase.level + hours * 6 + random(at)),
      })
    case 'tar':
      // One core, which on a large machine is less than 3 percent.
      return metricsWith('work', { cpu: Math.min(4.9, 100 / script.cores) })
    case 'one-core':
      return metricsWith('work', { cpu: Math.min(100, (100 + 40 * random(1)) / script.cores) })
    case 'noise':
      // Up to two cores of a large machine, mostly less.
      return metricsWith('nothing', { cpu: Math.min(2.4, (200 * random(1) ** 3) / script.cores) })
    case 'loader':
      return metricsWith('work', {
        memory: (at) => phase.level + (Math.floor(atMs / 1_000) % 2 === 0 ? 0 : 4) + random(at),
      })
    case 'drift':
      return metricsWith('nothing', { memory: (at) => phase.level + hours * 1.5 + random(at) * 0.2 })
    case 'spiky':
      return random(3) < 0.5 ? busy() : metricsWith('nothing')
    case 'rare':
      return random(3) < 0.02 ? busy() : metricsWith('nothing')
    default:
      return metricsWith('nothing')
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
  const rest = (): Workload => (random.bool(0.75) ? 'calm' : 'noise')
  for (let atMs = fromMs; atMs < Math.min(toMs, nightMs);) {
    // The pod does nothing half of the time, because that is the main case to check.
    const workload = random.bool(0.45) ? rest() : random.pick(workloads)
    const isLong = workload === 'calm' || workload === 'noise' || random.bool(0.5)
    phases.push({ fromMs: atMs, workload, level: random.between(5, 60) })
    atMs += random.between(1, isLong ? 600 : 40) * 60_000
  }
  if (nightMs < toMs) phases.push({ fromMs: nightMs, workload: rest(), level: random.between(5, 60) })
  const [first = { fromMs, workload: 'calm' as const, level: 30 }, ...others] = phases
  const gpus = random.bool(0.12) ? 0 : random.pick([1, 1, 1, 2, 8])
  // A CPU pod with few cores would be busy from the background work of a GPU pod.
  const cores = gpus === 0 ? random.pick([16, 32]) : random.pick([4, 16, 64, 104, 128, 256])
  const hasWholePercents = random.bool(0.85)
  return { id, name, seed: random.integer(1, 1e9), gpus, cores, hasWholePercents, phases: [first, ...others] }
}
