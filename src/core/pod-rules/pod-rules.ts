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

export function podRulesOf({ pods }: AccountGuard, podId: string): PodRules {
  return (Object.hasOwn(pods, podId) ? pods[podId] : undefined) ?? {}
}
