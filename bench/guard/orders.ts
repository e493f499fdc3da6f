import type { AutoStopMode, KeepOnChoice, PodRuleChanges, PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Settings } from '../../src/core/settings/settings'
import { DAY_MS, HOUR_MS } from '../../src/core/base/time'

/** What a person tells the program in the course of a life. */
export type Order =
  | { readonly does: 'keep-on'; readonly podId: string; readonly choice: KeepOnChoice }
  | { readonly does: 'end-keep-on'; readonly podId: string }
  | { readonly does: 'change-rules'; readonly podId: string; readonly changes: PodRuleChanges }
  | { readonly does: 'set-mode'; readonly mode: Exclude<AutoStopMode, 'undecided'> }
  /** Asked for, with its seconds of undo. */
  | { readonly does: 'act'; readonly podId: string; readonly action: 'stop' | 'restart' }
  /** Of what was asked for last. */
  | { readonly does: 'undo'; readonly podId: string }
  /** For an hour. */
  | { readonly does: 'pause-alerts' }
  | { readonly does: 'change-settings'; readonly changes: Partial<Settings> }

/** Until when something holds: by the wall clock, and by true time for one that was set meanwhile. Infinity: until told. */
interface Until {
  readonly untilWallMs: number
  readonly untilTrueMs: number
}

/** What holds by what was ordered, kept apart from what the program keeps. */
export interface Told {
  readonly mode: AutoStopMode
  readonly rules: ReadonlyMap<string, PodRules>
  readonly keptOn: ReadonlyMap<string, Until>
  /** Of alerts; null: they were never paused. */
  readonly pausedUntil: Until | null
}

/** What holds once `order` was given. Local time is UTC. */
export function withOrder(
  told: Told,
  order: Order,
  now: { readonly trueMs: number; readonly wallMs: number },
): Told {
  switch (order.does) {
    case 'set-mode':
      return { ...told, mode: order.mode }
    case 'change-settings':
    case 'act':
    case 'undo':
      return told
    case 'pause-alerts':
      return {
        ...told,
        pausedUntil: { untilWallMs: now.wallMs + HOUR_MS, untilTrueMs: now.trueMs + HOUR_MS },
      }
    case 'change-rules': {
      const before = told.rules.get(order.podId) ?? {}
      const rules = { ...before, ...order.changes }
      // What is to be done then goes with what it was said of.
      const isOtherMaximum = 'maxHours' in order.changes && order.changes.maxHours !== before.maxHours
      const hasBudget = (rules.monthlyBudgetUsd ?? null) !== null
      const goes = { atMaxHours: isOtherMaximum, atBudget: !hasBudget }
      const kept = Object.fromEntries(
        Object.entries(rules).filter(
          ([name, value]) => value !== null && !(name in goes && goes[name as keyof typeof goes]),
        ),
      )
      return { ...told, rules: new Map(told.rules).set(order.podId, kept) }
    }
    case 'keep-on': {
      const forMs = lengthOf(order.choice, now.wallMs)
      const keep = { untilWallMs: now.wallMs + forMs, untilTrueMs: now.trueMs + forMs }
      return { ...told, keptOn: new Map(told.keptOn).set(order.podId, keep) }
    }
    case 'end-keep-on': {
      const others = new Map(told.keptOn)
      others.delete(order.podId)
      return { ...told, keptOn: others }
    }
  }
}

export const rulesOf = (told: Told, podId: string): PodRules => told.rules.get(podId) ?? {}

export function isTicked({ mode, rules }: Told, podId: string): boolean {
  const tick = rules.get(podId)?.isAutoStopped
  if (mode === 'all') return tick !== false
  return mode === 'ticked' && tick === true
}

/** `surely`: by either clock. `perhaps`: by one of them. */
type Sureness = 'surely' | 'perhaps' | 'no'
interface Now {
  readonly trueMs: number
  readonly wallMs: number
}

export const keptOn = (told: Told, podId: string, now: Now): Sureness => sureness(told.keptOn.get(podId), now)

export const arePaused = ({ pausedUntil }: Told, now: Now): Sureness =>
  sureness(pausedUntil ?? undefined, now)

function sureness(until: Until | undefined, now: Now): Sureness {
  if (until === undefined) return 'no'
  const [byTrue, byWall] = [now.trueMs < until.untilTrueMs, now.wallMs < until.untilWallMs]
  if (byTrue && byWall) return 'surely'
  return byTrue || byWall ? 'perhaps' : 'no'
}

function lengthOf(choice: KeepOnChoice, wallMs: number): number {
  if (choice === '1-hour') return HOUR_MS
  if (choice === '4-hours') return 4 * HOUR_MS
  if (choice === 'until-told') return Infinity
  // The next nine o'clock that is at least an hour away.
  const sinceNineMs = (((wallMs - 9 * HOUR_MS) % DAY_MS) + DAY_MS) % DAY_MS
  const toNineMs = DAY_MS - sinceNineMs
  return toNineMs >= HOUR_MS ? toNineMs : toNineMs + DAY_MS
}
