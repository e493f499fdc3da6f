import type { AccountGuard } from '../../src/core/pod-rules/pod-rules'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import type { Settings } from '../../src/core/settings/settings'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { type Chance, createChance } from '../chance'
import type { Order } from './orders'
import { type PodScript, writePodScript } from './pod-script'
import { writeGuard, writeGuardSettings, writeOrder } from './write-orders'

/** A pod as the cloud keeps it, and what it will do. */
export interface PodPlan extends PodScript {
  readonly volume: 'own' | 'network' | 'none' | 'unreadable'
  readonly isLocked: boolean | null
  readonly clusterId: string | null
  readonly costPerHourUsd: number | null
  /** How long before the beginning it was started, ms. */
  readonly startedBeforeMs: number
}

/** What befalls an account, the computer, or a pod. */
export type Event = { readonly atMs: number } & (
  | { readonly kind: 'sleep'; readonly forMs: number; readonly isAnnounced: boolean }
  /** No good answer for a while. */
  | { readonly kind: 'outage'; readonly forMs: number; readonly how: ProviderErrorKind }
  /** Lists lack some pods, and say so. */
  | { readonly kind: 'partial-lists'; readonly forMs: number }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  /** The program dies at the `afterCalls`th thing that it asks, writes or shows from then on. */
  | {
      readonly kind: 'kill'
      readonly afterCalls: number
      readonly isBefore: boolean
      readonly downMs: number
    }
  /** The system shows nothing for a while. */
  | { readonly kind: 'mute'; readonly forMs: number }
  /** Somebody else, or the pod itself. `crash`: its container starts anew by itself. */
  | { readonly kind: 'order'; readonly order: Order }
  | {
      readonly kind: 'pod'
      readonly podId: string
      readonly does: 'stop' | 'start' | 'restart' | 'crash' | 'vanish'
    }
)

/** Everything that will happen to one account, but for what the program itself does. */
export interface AccountScript {
  readonly seed: number
  readonly fromMs: number
  readonly toMs: number
  readonly settings: Partial<Settings>
  /** What a person told the guard before. */
  readonly guard: AccountGuard
  readonly pods: readonly PodPlan[]
  /** By time. */
  readonly events: readonly Event[]
}

/** 2026-11-24 14:05 UTC. */
const FROM_MS = Date.UTC(2026, 10, 24, 14, 5)
/** To the last day of the month, after which budgets begin anew. */
const LAST_DAY_MS = 5 * DAY_MS
const NAMES = ['llama-70b', 'trainer', 'comfy', 'sdxl', 'whisper', 'notebook', 'colleague'] as const

/** How long an account is lived with: a day or so, or as long as a test may take. */
export type Length = 'whole' | 'short'
const HOURS: Readonly<Record<Length, readonly [number, number]>> = { whole: [10, 30], short: [2.5, 6] }

/** The account of a seed, with `podCount` pods. */
export function writeAccountScript(seed: number, podCount: number, length: Length): AccountScript {
  const chance = createChance(seed)
  const dayMs = chance.is(0.15) ? LAST_DAY_MS : 0
  const fromMs = FROM_MS + dayMs + chance.whole(0, 23) * HOUR_MS + chance.whole(0, 59_999)
  const toMs = fromMs + chance.between(...HOURS[length]) * HOUR_MS
  // Everybody goes home, and all pods are forgotten at once.
  const nightMs = chance.is(0.25) ? chance.between(fromMs, toMs) : Infinity
  const pods = Array.from({ length: podCount }, (_, at): PodPlan => {
    const id = `pod-${at + 1}`
    return {
      ...writePodScript(id, `${NAMES[at % NAMES.length]}-${at + 1}`, chance, fromMs, toMs, nightMs),
      volume: chance.is(0.65) ? 'own' : chance.pick(['network', 'none', 'none', 'unreadable']),
      isLocked: chance.is(0.9) ? false : chance.pick([true, null]),
      clusterId: chance.is(0.07) ? 'cluster-1' : null,
      costPerHourUsd: chance.is(0.95) ? chance.between(0.2, 30) : null,
      startedBeforeMs: chance.between(0, 5) * HOUR_MS,
    }
  })
  return {
    seed,
    fromMs,
    toMs,
    settings: {
      ...writeGuardSettings(chance),
      pollActiveS: chance.is(0.08) ? chance.pick([15, 30]) : chance.pick([60, 90, 120]),
    },
    guard: writeGuard(
      pods.map(({ id }) => id),
      chance,
    ),
    pods,
    events: eventsOf(pods, chance, fromMs, toMs),
  }
}

function eventsOf(pods: readonly PodPlan[], chance: Chance, fromMs: number, toMs: number): readonly Event[] {
  const events: Event[] = []
  const sometimes = (perLife: number, write: (atMs: number) => Event): void => {
    for (let left = perLife; left > 0; left -= 1)
      if (chance.is(Math.min(1, left))) events.push(write(chance.between(fromMs, toMs)))
  }
  // Every third account is left in peace, so that what must happen can be seen to happen.
  const trouble = chance.is(0.33) ? 0 : chance.between(0.3, 2.5)
  const span = (lowS: number, highS: number): number => {
    const share = chance.next()
    return lowS * SECOND_MS * (highS / lowS) ** share
  }
  sometimes(trouble, (atMs) => ({ kind: 'sleep', atMs, forMs: span(5, 36_000), isAnnounced: chance.is(0.7) }))
  sometimes(trouble, (atMs) => ({
    kind: 'outage',
    atMs,
    forMs: span(10, 10_800),
    how: chance.pick(FAILURES),
  }))
  sometimes(trouble / 2, (atMs) => ({ kind: 'partial-lists', atMs, forMs: span(60, 3_600) }))
  sometimes(trouble / 2, (atMs) => ({ kind: 'clock-jump', atMs, byMs: jump(chance) }))
  sometimes(trouble / 2, (atMs) => ({ kind: 'mute', atMs, forMs: span(60, 14_400) }))
  sometimes(trouble, (atMs) => ({
    kind: 'kill',
    atMs,
    afterCalls: chance.whole(1, 6),
    isBefore: chance.is(0.5),
    downMs: span(1, 7_200),
  }))
  const [first, ...others] = pods.map(({ id }) => id)
  if (first !== undefined) {
    const perLife = chance.is(0.3) ? 0 : chance.between(0, 1.5) * pods.length
    sometimes(perLife, (atMs) => ({ kind: 'order', atMs, order: writeOrder([first, ...others], chance) }))
  }
  for (const { id } of pods) {
    for (let left = chance.between(0, 1.2); left > 0; left -= 1)
      if (chance.is(Math.min(1, left))) events.push(...writeWish(id, chance, fromMs, toMs))
    const rare = trouble === 0 ? 0.1 : 0.6
    sometimes(rare, (atMs) => {
      const does = chance.pick(DEEDS)
      return { kind: 'pod', atMs, podId: id, does }
    })
    sometimes(rare, (atMs) => ({ kind: 'pod', atMs, podId: id, does: 'start' }))
  }
  return events.sort((a, b) => a.atMs - b.atMs)
}

/** A person wants a pod stopped, and now and then not, after all, a moment later; or the program dies meanwhile. */
function writeWish(podId: string, chance: Chance, fromMs: number, toMs: number): readonly Event[] {
  const atMs = chance.between(fromMs, toMs)
  const soonMs = (): number => atMs + chance.between(0.01, 8) * SECOND_MS
  const action = chance.is(0.8) ? 'stop' : 'restart'
  const events: Event[] = [{ kind: 'order', atMs, order: { does: 'act', podId, action } }]
  if (chance.is(0.5)) events.push({ kind: 'order', atMs: soonMs(), order: { does: 'undo', podId } })
  if (chance.is(0.15)) {
    const downMs = chance.between(1, 600) * SECOND_MS
    events.push({
      kind: 'kill',
      atMs: soonMs(),
      afterCalls: chance.whole(1, 3),
      isBefore: chance.is(0.5),
      downMs,
    })
  }
  // So that it lives on.
  if (chance.is(0.7))
    events.push({ kind: 'pod', atMs: atMs + chance.between(0.2, 3) * HOUR_MS, podId, does: 'start' })
  return events
}

const DEEDS = ['stop', 'start', 'restart', 'crash', 'vanish'] as const
const FAILURES = ['unreachable', 'unreachable', 'rate-limited', 'unreadable', 'unauthorized'] as const

function jump(chance: Chance): number {
  const sizeMs = chance.pick([HOUR_MS, HOUR_MS, 6 * MINUTE_MS, 20 * SECOND_MS])
  return chance.is(0.5) ? sizeMs : -sizeMs
}
