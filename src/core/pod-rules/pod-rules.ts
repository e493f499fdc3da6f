import type { PodId } from '../pods/pod'
import type { Result } from '../base/result'

/*
 * What a person told the guard, and what windows show of it. The rules themselves are in policy.ts. Product rules,
 * "Idle policy".
 */

/** Which pods of an account may be stopped automatically. `undecided`: nobody was asked yet, so none is. */
export type AutoStopMode = 'undecided' | 'off' | 'ticked' | 'all'

/** A pod that is wanted, however idle: neither alerts nor stops. Unix ms; `untilMs` null: until told otherwise. */
export interface KeepOn {
  readonly sinceMs: number
  readonly untilMs: number | null
}

export const keepOnChoices = ['1-hour', '4-hours', 'morning', 'until-told'] as const
export type KeepOnChoice = (typeof keepOnChoices)[number]

/** What holds for one pod only; what is absent follows the account and the settings. */
export interface PodRules {
  /** Ticked or unticked by a person; absent: as the account's mode says. */
  readonly isAutoStopped?: boolean
  readonly idleAlertAfterMin?: number
  readonly autoStopAfterMin?: number
  /** From the pod's start. */
  readonly maxHours?: number
  /** `terminate` only ever by a confirmation of its own, with the pod's name typed. */
  readonly atMaxHours?: 'stop' | 'terminate'
  /** USD in a month of UTC: once it is spent, that is told. */
  readonly monthlyBudgetUsd?: number
  /** Once that is spent for certain, the pod is stopped; absent: it is only told. */
  readonly atBudget?: 'stop'
  /** An automatic stop may lose what lies outside of volumes, and there need not be any. */
  readonly mayLoseData?: boolean
  readonly keepOn?: KeepOn
}

/** What a window may change of a pod's rules; null: back to what the account says. */
export type PodRuleChanges = {
  readonly [K in Exclude<keyof PodRules, 'keepOn' | 'atMaxHours'>]?: PodRules[K] | null
} & { readonly atMaxHours?: 'stop' | null }

/** Why a pod would be stopped by itself. */
export const stopCauses = ['quiet', 'max-hours', 'budget'] as const
export type StopCause = (typeof stopCauses)[number]

/** What a person told the guard of one account. */
export interface AccountGuard {
  readonly autoStop: AutoStopMode
  readonly pods: Readonly<Record<PodId, PodRules>>
}

export const emptyGuard: AccountGuard = { autoStop: 'undecided', pods: {} }

/** Keeps what was told, by account, across restarts. */
export interface GuardStore {
  load(accountId: string): AccountGuard
  /** Ok: it is on disk. */
  save(accountId: string, guard: AccountGuard): Result<void, string>
}

/** The conditions of an automatic stop, by name; every one must hold on a fresh look. */
export const guardRules = [
  'seen-afresh',
  'running',
  'stop-offered',
  'not-locked',
  'not-in-cluster',
  'same-run',
  'still-quiet',
  'ticked',
  'not-kept-on',
  'warned',
  'data-survives',
  'nothing-under-way',
  'key-may-act',
  'not-paused',
  'under-hourly-limit',
  'not-a-rehearsal',
] as const
export type GuardRule = (typeof guardRules)[number]

/** Where a pod stands with the guard. Times are Unix ms; `words` is a sentence. */
export type AutoStopView =
  /** It would never be stopped automatically. */
  | { readonly kind: 'off' }
  /** Nothing was said yet. `dueAtMs`: when it would be stopped if it stays as it is; null: it is not quiet. */
  | { readonly kind: 'watching'; readonly dueAtMs: number | null }
  /** Its owner was warned. */
  | {
      readonly kind: 'planned'
      readonly because: StopCause
      readonly action: 'stop' | 'terminate'
      readonly atMs: number
    }
  /** It is due, or past its first warning, and something forbids it. */
  | {
      readonly kind: 'held'
      readonly because: StopCause
      readonly by: readonly GuardRule[]
      readonly words: string
    }

export interface PodGuardView {
  /** As a person set them. */
  readonly rules: PodRules
  /** Whether it may be stopped automatically, by its own tick or the account's mode. */
  readonly isAutoStopped: boolean
  /** In force now. */
  readonly keepOn: KeepOn | null
  readonly autoStop: AutoStopView
}

export const noGuard: PodGuardView = {
  rules: {},
  isAutoStopped: false,
  keepOn: null,
  autoStop: { kind: 'off' },
}

export interface AccountGuardView {
  readonly autoStop: AutoStopMode
  readonly areAutoStopsPaused: boolean
  /** What would be stopped is written down, and nothing is stopped. */
  readonly isDryRun: boolean
}
