import type { Telemetry } from '../../src/core/pods/pod'
import { type Chance, noise } from '../chance'

/**
 * What a pod truly does for a while. `calm` ones do nothing at all; `download`, `tar` and `edge-cpu` leave the GPUs idle
 * and must not be stopped; `loader` and `drift` move memory, at once or over hours; `spiky` and `rare` work in between.
 */
const doings = [
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
  'lacking',
  'garbled',
  'frozen',
] as const
export type Doing = (typeof doings)[number]

export interface Phase {
  readonly fromMs: number
  readonly doing: Doing
  /** Of memory, at its beginning, percent. */
  readonly level: number
}

export interface PodScript {
  readonly id: string
  readonly name: string
  readonly seed: number
  /** 0: a CPU pod. */
  readonly gpus: number
  readonly cores: number
  readonly phases: readonly [Phase, ...Phase[]]
}

/** What one look at a pod shows, and what is true of it by the script. */
export interface Look {
  readonly telemetry: Telemetry | null
  /** `calm`: idle, and quiet as far as one look can tell. `stirring`: idle, and at something all the same. */
  readonly truth: 'busy' | 'calm' | 'stirring' | 'unknown'
  /** Memory figures, percent, for those who compare looks. */
  readonly memory: readonly number[]
}

/** Below this many percent of CPU a pod may be quiet: 3, or half a core where that is less. */
export const ceilingOf = ({ cores }: Pick<PodScript, 'cores'>): number => Math.min(3, 50 / cores)

/** What is seen of the pod at `atMs`; `uptimeS` is the container's. `bootS`: how much of it is not judged. */
export function lookAt(script: PodScript, atMs: number, uptimeS: number, bootS: number): Look {
  const phase = phaseAt(script, atMs)
  const second = Math.floor(atMs / 1_000)
  const chance = (place: number): number => noise(script.seed + place * 7_919, second)
  const figures = figuresOf(script, phase, atMs, chance)
  const memory = [figures.hostMemory, ...figures.gpus.map((gpu) => gpu.memoryUtilPercent)]
  const telemetry: Telemetry = {
    gpus: figures.gpus,
    cpuUtilPercent: figures.cpu,
    memoryUtilPercent: figures.hostMemory,
    uptimeS,
  }
  const boots = figures.truth !== 'busy' && uptimeS < bootS
  switch (phase.doing) {
    case 'silent':
      return { telemetry: null, truth: 'unknown', memory }
    case 'lacking':
      return { telemetry: lacking(telemetry, script, chance(9)), truth: 'unknown', memory }
    case 'garbled':
      return {
        telemetry: { ...telemetry, cpuUtilPercent: chance(9) < 0.5 ? 250 : -1 },
        truth: 'unknown',
        memory,
      }
    case 'frozen': {
      const frozenForS = Math.floor((atMs - phase.fromMs) / 1_000)
      const frozen = { ...telemetry, uptimeS: Math.max(0, uptimeS - frozenForS) }
      return { telemetry: frozen, truth: boots ? 'unknown' : figures.truth, memory }
    }
    default:
      return { telemetry, truth: boots ? 'unknown' : figures.truth, memory }
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

interface FiguresSeen {
  readonly gpus: readonly { readonly utilPercent: number; readonly memoryUtilPercent: number }[]
  readonly cpu: number
  readonly hostMemory: number
  readonly truth: 'busy' | 'calm' | 'stirring'
}

function figuresOf(
  script: PodScript,
  phase: Phase,
  atMs: number,
  chance: (place: number) => number,
): FiguresSeen {
  const ceiling = ceilingOf(script)
  const hours = (atMs - phase.fromMs) / 3_600_000
  const still = (place: number): number => phase.level + chance(place) * 0.9
  const made = (
    truth: FiguresSeen['truth'],
    { util = (at: number) => chance(at + 20) * 2, cpu = ceiling * 0.6 * chance(1), memory = still } = {},
  ): FiguresSeen => ({
    gpus: Array.from({ length: script.gpus }, (_, at) => ({
      utilPercent: util(at),
      memoryUtilPercent: memory(at + 2),
    })),
    cpu,
    hostMemory: memory(1),
    truth,
  })
  const busy = (): FiguresSeen =>
    made('busy', {
      util: (at) => 30 + 60 * chance(at + 20),
      cpu: 20 + 60 * chance(1),
      memory: (at) => 20 + 60 * chance(at),
    })
  switch (phase.doing) {
    case 'train':
      return busy()
    case 'partly':
      return script.gpus < 2 ? busy() : made('busy', { util: (at) => (at === 0 ? 80 : 0) })
    case 'edge-calm':
      return made('calm', {
        util: () => 4.9,
        cpu: ceiling * 0.999,
        memory: (at) => phase.level + 1.9 * Math.round(chance(at)),
      })
    case 'edge-busy':
      return script.gpus === 0
        ? made('busy', { cpu: 5 })
        : made('busy', { util: (at) => (at === 0 ? 5 : 0), cpu: 0 })
    case 'edge-cpu':
      return made('stirring', { cpu: ceiling })
    case 'download':
      return made('stirring', {
        cpu: ceiling * (1.05 + 0.5 * chance(1)),
        // No figure is above 100: such a one would be unknown.
        memory: (at) => Math.min(99.9, phase.level + hours * 6 + chance(at)),
      })
    case 'tar':
      // One core: on a big machine that is less than three percent.
      return made('stirring', { cpu: Math.min(4.9, 100 / script.cores) })
    case 'loader':
      return made('calm', {
        memory: (at) => phase.level + (Math.floor(atMs / 1_000) % 2 === 0 ? 0 : 4) + chance(at),
      })
    case 'drift':
      return made('calm', { memory: (at) => phase.level + hours * 1.5 + chance(at) * 0.2 })
    case 'spiky':
      return chance(3) < 0.5 ? busy() : made('calm')
    case 'rare':
      return chance(3) < 0.02 ? busy() : made('calm')
    default:
      return made('calm')
  }
}

function lacking(telemetry: Telemetry, { gpus }: PodScript, chance: number): Telemetry {
  if (gpus > 0 && chance < 0.3) return { ...telemetry, gpus: telemetry.gpus.slice(1) }
  if (gpus > 0 && chance < 0.6)
    return { ...telemetry, gpus: telemetry.gpus.map((gpu) => ({ ...gpu, utilPercent: null })) }
  return chance < 0.8 ? { ...telemetry, memoryUtilPercent: null } : { ...telemetry, uptimeS: null }
}

/** A pod with a life of its own, from `fromMs` to `toMs`; from `nightMs` on it does nothing, if there is such a time. */
export function writePodScript(
  id: string,
  name: string,
  chance: Chance,
  fromMs: number,
  toMs: number,
  nightMs: number,
): PodScript {
  const phases: Phase[] = []
  for (let atMs = fromMs; atMs < Math.min(toMs, nightMs);) {
    // Half of all time passes doing nothing: what is to be judged most.
    const doing = chance.is(0.45) ? 'calm' : chance.pick(doings)
    const isLong = doing === 'calm' || chance.is(0.5)
    phases.push({ fromMs: atMs, doing, level: chance.between(5, 60) })
    atMs += chance.between(1, isLong ? 600 : 40) * 60_000
  }
  if (nightMs < toMs) phases.push({ fromMs: nightMs, doing: 'calm', level: chance.between(5, 60) })
  const [first = { fromMs, doing: 'calm' as const, level: 30 }, ...others] = phases
  const gpus = chance.is(0.12) ? 0 : chance.pick([1, 1, 1, 2, 8])
  // A CPU pod of few cores would be busy by what a GPU pod does beside its work.
  const cores = gpus === 0 ? chance.pick([16, 32]) : chance.pick([4, 16, 64, 128])
  return { id, name, seed: chance.whole(1, 1e9), gpus, cores, phases: [first, ...others] }
}
