import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import type { PodSpec, RunMode } from '../../src/simulator/world/pod-spec'
import { type Chance, createChance } from '../chance'

/** Why a pod that looks forgotten must not be stopped, or must be though it works. */
export const quirks = [
  'none',
  'locked',
  'cluster',
  'no-volume',
  'unticked',
  'kept-on',
  /** It works again after a while. */
  'busy-again',
  /** Nobody sees what it does. */
  'silent',
  /** It works, and a person stops it, and takes that back in its seconds. */
  'undone',
  /** It works, and its maximum hours come to an end. */
  'over-hours',
] as const
export type Quirk = (typeof quirks)[number]

/** A pod of the simulator, what it will do, and what its owner told the guard of it. */
export interface AppPod {
  readonly spec: PodSpec
  readonly quirk: Quirk
  readonly modes: readonly { readonly afterMs: number; readonly mode: RunMode }[]
  /** From its start; null: none. */
  readonly maxHours: number | null
  /** After the beginning of the life; null: never. */
  readonly undoneAfterMs: number | null
}

export type Trouble =
  /** Ended as by a power cut, and started again. */
  | { readonly kind: 'kill'; readonly afterMs: number }
  /** So many requests fail. */
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
  readonly troubles: readonly Trouble[]
  readonly lifeMs: number
}

/** Told after 3 s, warned 6 and 3 s before a stop that is due after 12: half a day in half a minute. */
const CALM_LIFE_MS = 30_000
/** From the end of a trouble on, it takes as long again. */
const AFTER_TROUBLE_MS = 28_000
/** Longer without a look ends idleness. */
export const GAP_MS = 30_000
const STARTED_AGO_MS = HOUR_MS

/** Three pods that are forgotten, now and then four, of which one too many; and others that must not be stopped. */
export function writeAppScript(seed: number): AppScript {
  const chance = createChance(seed)
  const forgotten = seed % 4 === 0 ? 4 : 3
  const tempting = quirks.filter((quirk) => quirk !== 'none')
  const first = seed * 5
  const ofPods = Array.from({ length: 8 }, (_, at): Quirk => {
    if (at < forgotten) return 'none'
    return tempting[(first + at) % tempting.length] ?? 'none'
  })
  const troubles = writeTroubles(seed, chance)
  const endsMs = troubles.map((one) => one.afterMs + ('forMs' in one ? one.forMs : 0))
  return {
    pods: ofPods.map((quirk, at) => writePod(at, quirk, chance)),
    troubles,
    lifeMs: Math.max(CALM_LIFE_MS, ...endsMs.map((endMs) => endMs + AFTER_TROUBLE_MS)),
  }
}

/** Two accounts of ten are left in peace; most others have to begin anew in the midst of their warnings. */
function writeTroubles(seed: number, chance: Chance): readonly Trouble[] {
  const kill = (): Trouble => ({ kind: 'kill', afterMs: chance.between(1_000, 9_000) })
  const how = chance.pick(['hang', 'server-error', 'rate-limited', 'reset-before'] as const)
  const outage: Trouble = {
    kind: 'outage',
    afterMs: chance.between(1_000, 9_000),
    how,
    count: chance.whole(2, 5),
  }
  const nap = (forMs: number): Trouble => ({ kind: 'sleep', afterMs: chance.between(2_000, 8_000), forMs })
  switch (seed % 10) {
    case 1:
    case 2:
      return []
    case 3:
    case 4:
      return [outage]
    case 5:
      return [nap(4_000)]
    case 6:
      return [nap(GAP_MS + 4_000)]
    case 7:
      return [kill(), { ...outage, how: 'server-error', afterMs: 14_000 }]
    default:
      return [kill()]
  }
}

function writePod(at: number, quirk: Quirk, chance: Chance): AppPod {
  const works = quirk === 'undone' || quirk === 'over-hours'
  const mode: RunMode = quirk === 'silent' ? 'telemetry-missing' : works ? 'training' : 'idle'
  const spec: PodSpec = {
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
        ? [{ afterMs: chance.between(2_000, 9_000), mode: chance.pick(['training', 'data-loading']) }]
        : [],
    maxHours: quirk === 'over-hours' ? (STARTED_AGO_MS + chance.between(16_000, 22_000)) / HOUR_MS : null,
    undoneAfterMs: quirk === 'undone' ? chance.between(2_000, 12_000) : null,
  }
}
