import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import type { SimulatedPodSpec, RunMode } from '../../src/simulator/world/pod-spec'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

/** Why a pod that looks forgotten must not be stopped, or why a working pod must be. */
export const quirks = [
  'none',
  'locked',
  'cluster',
  'no-volume',
  'unticked',
  'kept-on',
  /** It works again after a while. */
  'busy-again',
  /** Its activity is unknown. */
  'silent',
  /** It works, and a user stops it and undoes that in time. */
  'undone',
  /** It works and reaches its maximum hours. */
  'over-hours',
] as const
export type Quirk = (typeof quirks)[number]

/** A pod of the simulator, its behavior, and the rules that its owner set. */
export interface AppPod {
  readonly spec: SimulatedPodSpec
  readonly quirk: Quirk
  readonly modes: readonly { readonly afterMs: number; readonly mode: RunMode }[]
  /** Time after the pod's start; null if none. */
  readonly maxHours: number | null
  /** Time after the start of the simulation; null for never. */
  readonly undoneAfterMs: number | null
}

export type Disturbance =
  /** The app is killed as in a power failure, and restarted. */
  | { readonly kind: 'kill'; readonly afterMs: number }
  /** This many requests fail. */
  | {
      readonly kind: 'outage'
      readonly afterMs: number
      readonly how: 'hang' | 'server-error' | 'rate-limited' | 'reset-before'
      readonly count: number
    }
  /** The computer sleeps. */
  | { readonly kind: 'sleep'; readonly afterMs: number; readonly forMs: number }

export interface AppScript {
  readonly pods: readonly AppPod[]
  readonly disturbances: readonly Disturbance[]
  readonly durationMs: number
}

/** Alert after 3 s, warnings 6 and 3 s before a stop that is due after 12 s: half a day in half a minute. */
const UNDISTURBED_MS = 30_000
/** After a disturbance ends, a stop takes as long again. */
const AFTER_DISTURBANCE_MS = 28_000
/** A longer gap between polls ends an idle episode. */
export const GAP_MS = 30_000
const STARTED_AGO_MS = HOUR_MS

/** Three forgotten pods, sometimes a fourth that exceeds the limit, and others that must not be stopped. */
export function writeAppScript(seed: number): AppScript {
  const random = createSeededRandom(seed)
  const idleCount = seed % 4 === 0 ? 4 : 3
  const exemptQuirks = quirks.filter((quirk) => quirk !== 'none')
  const first = seed * 5
  const podQuirks = Array.from({ length: 8 }, (_, at): Quirk => {
    if (at < idleCount) return 'none'
    return exemptQuirks[(first + at) % exemptQuirks.length] ?? 'none'
  })
  const disturbances = writeDisturbances(seed, random)
  const endsMs = disturbances.map((one) => one.afterMs + ('forMs' in one ? one.forMs : 0))
  return {
    pods: podQuirks.map((quirk, at) => writePod(at, quirk, random)),
    disturbances,
    durationMs: Math.max(UNDISTURBED_MS, ...endsMs.map((endMs) => endMs + AFTER_DISTURBANCE_MS)),
  }
}

/** Two of ten accounts have no disturbances; most others have to start over in the middle of their warnings. */
function writeDisturbances(seed: number, random: SeededRandom): readonly Disturbance[] {
  const kill = (): Disturbance => ({ kind: 'kill', afterMs: random.between(1_000, 9_000) })
  const how = random.pick(['hang', 'server-error', 'rate-limited', 'reset-before'] as const)
  const outage: Disturbance = {
    kind: 'outage',
    afterMs: random.between(1_000, 9_000),
    how,
    count: random.integer(2, 5),
  }
  const sleepFor = (forMs: number): Disturbance => ({
    kind: 'sleep',
    afterMs: random.between(2_000, 8_000),
    forMs,
  })
  switch (seed % 10) {
    case 1:
    case 2:
      return []
    case 3:
    case 4:
      return [outage]
    case 5:
      return [sleepFor(4_000)]
    case 6:
      return [sleepFor(GAP_MS + 4_000)]
    case 7:
      return [kill(), { ...outage, how: 'server-error', afterMs: 14_000 }]
    default:
      return [kill()]
  }
}

function writePod(at: number, quirk: Quirk, random: SeededRandom): AppPod {
  const isWorking = quirk === 'undone' || quirk === 'over-hours'
  const mode: RunMode = quirk === 'silent' ? 'telemetry-missing' : isWorking ? 'training' : 'idle'
  const spec: SimulatedPodSpec = {
    id: `p${at}`,
    name: `pod-${at}`,
    gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1, vcpuCount: 16 },
    mode,
    startedAgoMin: STARTED_AGO_MS / MINUTE_MS,
    persistent: quirk === 'no-volume' ? null : { sizeGb: 20, path: '/workspace' },
    network: null,
    locked: quirk === 'locked',
    cluster: quirk === 'cluster' ? { id: 'c', rank: 0 } : null,
  }
  return {
    spec,
    quirk,
    modes:
      quirk === 'busy-again'
        ? [{ afterMs: random.between(2_000, 9_000), mode: random.pick(['training', 'data-loading']) }]
        : [],
    maxHours: quirk === 'over-hours' ? (STARTED_AGO_MS + random.between(16_000, 22_000)) / HOUR_MS : null,
    undoneAfterMs: quirk === 'undone' ? random.between(2_000, 12_000) : null,
  }
}
