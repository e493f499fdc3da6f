import { createSeededRandom } from '../seeded-random'

/** What fails for a while, so that an automatic stop can't be carried out. */
export const worldFaults = [
  /** The desktop takes no notification. */
  'desktop',
  'network',
  /** Nothing can be saved. */
  'disk',
  /** Runpod refuses every action. */
  'read-only',
  /** Runpod reports a status that nobody knows. */
  'status',
  /** Runpod offers no action on the pod. */
  'actions',
  /** The pod has no figures. */
  'figures',
] as const

export type WorldFault = (typeof worldFaults)[number]

export interface FaultWindow {
  readonly fault: WorldFault
  readonly fromMin: number
  readonly toMin: number
}

/** A pod that does nothing, a rule that is due after an hour, and what fails meanwhile. */
export interface ActingWorld {
  readonly seed: number
  readonly rule: 'quiet' | 'max-hours'
  /** What the person chose. */
  readonly choice: 'none' | 'paused' | 'dry-run' | 'kept' | 'off'
  /** `blind`: it is armed, and can't tell whether the pod is idle. */
  readonly guard: 'none' | 'armed' | 'blind' | 'unarmed' | 'reports'
  /** A phone takes every alert. */
  readonly hasChannel: boolean
  readonly faults: readonly FaultWindow[]
}

export const WORLD_MIN = 360
/** When the rule is due, if nothing fails. */
export const DUE_MIN = 60

export function writeActingWorld(seed: number): ActingWorld {
  const random = createSeededRandom(seed)
  const rule = random.pick<ActingWorld['rule']>(['quiet', 'max-hours'])
  const choice = random.bool(0.7)
    ? 'none'
    : random.pick<ActingWorld['choice']>(['paused', 'dry-run', 'kept', 'off'])
  const guard = random.bool(0.5)
    ? 'none'
    : random.pick<ActingWorld['guard']>(['armed', 'blind', 'unarmed', 'reports'])
  const hasChannel = random.bool(0.3)
  const faults = Array.from({ length: random.pick([0, 1, 1, 2, 2]) }, (): FaultWindow => {
    const fault = random.pick(worldFaults)
    const fromMin = random.integer(0, 150)
    return { fault, fromMin, toMin: fromMin + random.integer(60, 300) }
  })
  // What a guard measured stands for figures, which would be another world.
  const own = faults.filter(({ fault }) => fault !== 'figures' || guard === 'none')
  return { seed, rule, choice, guard, hasChannel, faults: own }
}

export const failsAt = ({ faults }: ActingWorld, fault: WorldFault, min: number): boolean =>
  faults.some((one) => one.fault === fault && min >= one.fromMin && min < one.toMin)

/** Whether this computer could carry the rule out in that minute, by what the world is. */
export function couldStopAt(world: ActingWorld, min: number): boolean {
  const { rule, hasChannel } = world
  return !worldFaults.some((fault) => {
    if (!failsAt(world, fault, min)) return false
    if (fault === 'desktop') return !hasChannel
    return fault !== 'figures' || rule === 'quiet'
  })
}

/** Whether the guard in the pod could carry the rule out in that minute. Runpod doesn't take a stop of what it can't name. */
export const couldGuardStopAt = (world: ActingWorld, min: number): boolean =>
  (world.guard === 'armed' || (world.guard === 'blind' && world.rule === 'max-hours')) &&
  !failsAt(world, 'status', min)

/** What an obstacle or the alert about it says that fails. */
export const faultOfCode: Readonly<Record<string, WorldFault>> = {
  offline: 'network',
  'cannot-save': 'disk',
  'read-only-key': 'read-only',
  'stop-failing': 'read-only',
  notifications: 'desktop',
  unheard: 'desktop',
  'status-unknown': 'status',
  'not-offered': 'actions',
  unjudged: 'figures',
  undecided: 'figures',
  unreadable: 'figures',
}
