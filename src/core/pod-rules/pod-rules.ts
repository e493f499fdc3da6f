import type { PodId } from '../pods/pod'
import type { Result } from '../base/result'

/*
 * The rules that the user sets, as stored and as shown. They are evaluated in policy.ts. See
 * docs/product-rules.md#31-rules.
 */

/**
 * Which pods of an account may be stopped automatically. `undecided`: the user has not chosen yet, so none.
 */
export type AutoStopMode = 'undecided' | 'off' | 'ticked' | 'all'

/**
 * Keeps a pod running however idle it is: no alerts and no automatic stops. Unix ms; `untilMs` null: until
 * canceled.
 */
export interface KeepOn {
  readonly sinceMs: number
  readonly untilMs: number | null
}

export const keepOnChoices = ['1-hour', '4-hours', 'morning', 'until-told'] as const
export type KeepOnChoice = (typeof keepOnChoices)[number]

/** The rules of one pod. Absent fields follow the account and the settings. */
export interface PodRules {
  /** Selected or deselected by the user; absent: as the account's mode says. */
  readonly isAutoStopped?: boolean
  readonly idleAlertAfterMin?: number
  readonly autoStopAfterMin?: number
  /** Counted from the pod's start. */
  readonly maxHours?: number
  /** `terminate` requires a confirmation of its own, with the pod's name typed. */
  readonly atMaxHours?: 'stop' | 'terminate'
  /** USD per month (UTC). An alert is shown once it is spent. */
  readonly monthlyBudgetUsd?: number
  /** Stops the pod once its confirmed spend reaches the budget; absent: only an alert. */
  readonly atBudget?: 'stop'
  /** Allows an automatic stop that loses data outside of volumes, or of a pod without volumes. */
  readonly mayLoseData?: boolean
  /**
   * Counts CPU below 3% as idle although it cannot be told apart from one busy core. Absent: off. See
   * docs/product-rules.md#25-quiet.
   */
  readonly isLowCpuIdle?: boolean
  readonly keepOn?: KeepOn
  /** No rule: the guard in the pod that was last read as able to stop it. */
  readonly armedGuard?: ArmedGuard
  /**
   * The guard in the pod: whether it may stop the pod, or only reports. Absent: there is none. See
   * docs/product-rules.md#141-guard-in-the-pod.
   */
  readonly podGuard?: 'stop' | 'report'
  /** The image starts the guard with the container, by a block in `/post_start.sh`. */
  readonly isGuardPostStarted?: true
  /** A stop by the guard in this pod was seen to work. */
  readonly isPodGuardProven?: true
  /** Until when this program asked it to keep the pod running, in seconds since the pod's machine started. */
  readonly podGuardKeepUntilS?: number
  /** A person removed it, so that the rule for new pods doesn't bring it back. */
  readonly isPodGuardRemoved?: true
}

/** A guard in a pod that may stop the run of the pod which began at `startedAtMs` (Unix ms). */
export interface ArmedGuard {
  readonly startedAtMs: number
  readonly idleLimitS: number
}

/** What is not set like other rules. */
export type PodGuardRule =
  | 'podGuard'
  | 'isGuardPostStarted'
  | 'isPodGuardProven'
  | 'podGuardKeepUntilS'
  | 'isPodGuardRemoved'
  | 'armedGuard'

/** Changes to a pod's rules; null: back to the account's default. */
export type PodRuleChanges = {
  readonly [K in Exclude<keyof PodRules, 'keepOn' | 'atMaxHours' | PodGuardRule>]?: PodRules[K] | null
} & { readonly atMaxHours?: 'stop' | null }

/** The guard of each pod that is created after that moment, Unix ms. */
export interface NewPodGuard {
  readonly wish: 'stop' | 'report'
  readonly sinceMs: number
}

/** The rules of one account. */
export interface AccountRules {
  readonly autoStop: AutoStopMode
  /** Absent: new pods get no guard. */
  readonly newPodGuard?: NewPodGuard
  readonly pods: Readonly<Record<PodId, PodRules>>
}

export const emptyAccountRules: AccountRules = { autoStop: 'undecided', pods: {} }

/** Persists the rules of each account across restarts. */
export interface AccountRulesStore {
  load(accountId: string): AccountRules
  /** Changes the rules as they are now, whichever program wrote them. Ok means that it is on disk. */
  update(accountId: string, change: (rules: AccountRules) => AccountRules): Result<void, string>
}

export function podRulesOf({ pods }: AccountRules, podId: string): PodRules {
  return (Object.hasOwn(pods, podId) ? pods[podId] : undefined) ?? {}
}
