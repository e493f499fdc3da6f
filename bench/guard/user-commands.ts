import type { AutoStopMode, KeepOnChoice, PodRuleChanges, PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Settings } from '../../src/core/settings/settings'
import { DAY_MS, HOUR_MS } from '../../src/core/base/time/time'

/** A command that the user gives the program during a simulation. */
export type UserCommand =
  | { readonly type: 'keep-on'; readonly podId: string; readonly choice: KeepOnChoice }
  | { readonly type: 'end-keep-on'; readonly podId: string }
  | { readonly type: 'change-rules'; readonly podId: string; readonly changes: PodRuleChanges }
  | { readonly type: 'set-mode'; readonly mode: Exclude<AutoStopMode, 'undecided'> }
  /** Requested, with an undo time. */
  | { readonly type: 'act'; readonly podId: string; readonly action: 'stop' | 'restart' }
  /** Undoes the latest request. */
  | { readonly type: 'undo'; readonly podId: string }
  /** For an hour. */
  | { readonly type: 'pause-alerts' }
  | { readonly type: 'change-settings'; readonly changes: Partial<Settings> }

/** When something ends, by the wall clock and, in case that was set, by true time. Infinity: until revoked. */
interface EndTime {
  readonly untilWallMs: number
  readonly untilTrueMs: number
}

/** The state that follows from the user's commands, tracked independently of the program. */
export interface UserState {
  readonly mode: AutoStopMode
  readonly rules: ReadonlyMap<string, PodRules>
  readonly keptOn: ReadonlyMap<string, EndTime>
  /** Pause of alerts; null if they were never paused. */
  readonly pausedUntil: EndTime | null
}

/** The state after `command`. Local time is UTC. */
export function applyCommand(
  userState: UserState,
  command: UserCommand,
  now: { readonly trueMs: number; readonly wallMs: number },
): UserState {
  switch (command.type) {
    case 'set-mode':
      return { ...userState, mode: command.mode }
    case 'change-settings':
    case 'act':
    case 'undo':
      return userState
    case 'pause-alerts':
      return {
        ...userState,
        pausedUntil: { untilWallMs: now.wallMs + HOUR_MS, untilTrueMs: now.trueMs + HOUR_MS },
      }
    case 'change-rules': {
      const before = userState.rules.get(command.podId) ?? {}
      const rules = { ...before, ...command.changes }
      // An action at a limit is removed together with the limit.
      const isOtherMaximum = 'maxHours' in command.changes && command.changes.maxHours !== before.maxHours
      const hasBudget = (rules.monthlyBudgetUsd ?? null) !== null
      const resetRules = { atMaxHours: isOtherMaximum, atBudget: !hasBudget }
      const kept = Object.fromEntries(
        Object.entries(rules).filter(
          ([name, value]) =>
            value !== null && !(name in resetRules && resetRules[name as keyof typeof resetRules]),
        ),
      )
      return { ...userState, rules: new Map(userState.rules).set(command.podId, kept) }
    }
    case 'keep-on': {
      // By the time that replies confirm, or by the wall clock before there are any.
      const until = (nowMs: number): number => nowMs + keepOnDurationMs(command.choice, nowMs)
      const keptUntil = { untilWallMs: until(now.wallMs), untilTrueMs: until(now.trueMs) }
      return { ...userState, keptOn: new Map(userState.keptOn).set(command.podId, keptUntil) }
    }
    case 'end-keep-on': {
      const others = new Map(userState.keptOn)
      others.delete(command.podId)
      return { ...userState, keptOn: others }
    }
  }
}

export const rulesOf = (userState: UserState, podId: string): PodRules => userState.rules.get(podId) ?? {}

export function isAutoStopEnabled({ mode, rules }: UserState, podId: string): boolean {
  const tick = rules.get(podId)?.isAutoStopped
  if (mode === 'all') return tick !== false
  return mode === 'ticked' && tick === true
}

/** `surely`: by both clocks. `perhaps`: by one of them. */
type Certainty = 'confirmed' | 'possible' | 'no'
interface Now {
  readonly trueMs: number
  readonly wallMs: number
}

export const keptOn = (userState: UserState, podId: string, now: Now): Certainty =>
  certaintyOf(userState.keptOn.get(podId), now)

export const arePaused = ({ pausedUntil }: UserState, now: Now): Certainty =>
  certaintyOf(pausedUntil ?? undefined, now)

/** Replies name their time in whole seconds. */
const REPLY_RESOLUTION_MS = 1_000

function certaintyOf(until: EndTime | undefined, now: Now): Certainty {
  if (until === undefined) return 'no'
  const leftMs = [until.untilTrueMs - now.trueMs, until.untilWallMs - now.wallMs]
  const [byTrue, byWall] = leftMs.map((ms) => ms > 0)
  if (Math.min(...leftMs) > REPLY_RESOLUTION_MS) return 'confirmed'
  return byTrue || byWall ? 'possible' : 'no'
}

function keepOnDurationMs(choice: KeepOnChoice, nowMs: number): number {
  if (choice === '1-hour') return HOUR_MS
  if (choice === '4-hours') return 4 * HOUR_MS
  if (choice === 'until-told') return Infinity
  // The next nine o'clock that is at least an hour away.
  const sinceNineMs = (((nowMs - 9 * HOUR_MS) % DAY_MS) + DAY_MS) % DAY_MS
  const toNineMs = DAY_MS - sinceNineMs
  return toNineMs >= HOUR_MS ? toNineMs : toNineMs + DAY_MS
}
