import type { PodAction } from '../../src/core/pods/pod'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import type { ActivityLimits } from './activity-limits'
import type { IdleTally } from './oracle-idle'
import type { UserCommand, UserState } from './user-commands'
import type { LivenessFigures, StopCounts } from './stop-counts'
import type { ActionAnswer, Observation } from './virtual-provider'
import type { WaitingRecord } from './waiting-record'

export interface StopOracle {
  /** An observation has just changed what is known about the pod's idleness. */
  onObserved(observation: Observation, before: IdleTally, after: IdleTally, isList: boolean): void
  onAlertShown(podId: string, alert: Alert, delivery: Delivery): void
  /** An automatic action is sent. */
  onSending(podId: string, action: PodAction, answer: ActionAnswer): void
  /** An automatic action took effect. */
  onAction(podId: string, action: PodAction): void
  /** An action that a user requested took effect. */
  onUserAction(podId: string): void
  /** The newest observation of the pod is a dedicated request that was just made. */
  isFreshlyObserved(podId: string): boolean
  /** A user command invalidates earlier warnings of the pods it affects. */
  onCommand(command: UserCommand): void
  /** A decision was written to the audit log. */
  onDecision(podId: string, text: string): void
  /** A look from inside the pod ended. */
  onLook(podId: string, verdict: 'at-rest' | 'working'): void
  /** A disturbance after which the rules don't define when a stop must happen. Null affects every pod. */
  onDisturbance(podId: string | null): void
  /** The program restarts: it has no observations and no warnings. */
  onRestart(): void
  /** After `onRestart`: the program that starts to act has observed the pods before. */
  onHandOver(waiting: WaitingRecord): void
  readonly counts: StopCounts
  readonly liveness: LivenessFigures
}

export interface StopOracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  /** The maximum that the pod can really have cost since then (true time). */
  readonly maxSpendUsd: (podId: string, sinceMs: number) => number
  readonly isHostKeyTrusted: (podId: string) => boolean
  readonly limits: ActivityLimits
  /** The spacing of polls. */
  readonly pollMs: number
  readonly reportViolation: (podId: string | null, rule: string, text: string) => void
}
