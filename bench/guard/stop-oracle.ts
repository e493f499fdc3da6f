import type { PodAction } from '../../src/core/pods/pod'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import type { IdleTally } from './oracle-idle'
import type { UserCommand, UserState } from './user-commands'
import type { StopCounts } from './stop-counts'
import type { Observation } from './virtual-provider'

export interface StopOracle {
  /** A look has just changed what is known of the pod's idleness. */
  onObserved(observation: Observation, before: IdleTally, after: IdleTally, isList: boolean): void
  onAlertShown(podId: string, alert: Alert, delivery: Delivery): void
  /** By itself. */
  onAction(podId: string, action: PodAction): void
  /** As a person asked for. */
  onUserAction(podId: string): void
  /** The newest look at the pod was a request of its own, just now. */
  isFreshlyObserved(podId: string): boolean
  /** What a person tells makes void what its pods were warned of before. */
  onCommand(command: UserCommand): void
  /** A decision that was written down. */
  onDecision(podId: string, text: string): void
  /** Null: every pod. Something after which the rules leave open when a stop must come. */
  onDisturbance(podId: string | null): void
  /** The program begins anew: it has seen nothing, and warned of nothing. */
  onRestart(): void
  readonly counts: StopCounts
}

export interface StopOracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  /** What the pod can have cost since then (true time) at most, in truth. */
  readonly maxSpendUsd: (podId: string, sinceMs: number) => number
  readonly reportViolation: (podId: string | null, rule: string, text: string) => void
}
