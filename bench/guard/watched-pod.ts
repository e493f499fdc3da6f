import type { IdleTally } from './oracle-idle'
import { newQuietRecord, type QuietRecord } from './oracle-quiet'
import type { RecordedWarning, WarningCause } from './oracle-warnings'
import type { Observation } from './virtual-provider'

/** What the oracles of stops know of a pod, in true time. */
export interface WatchedPod {
  quiet: QuietRecord
  /** Warnings since the pod was last seen active. */
  warnings: RecordedWarning[]
  last: { readonly observation: Observation; readonly isList: boolean } | null
  /** The newest observation, judged in the light of the earlier ones. */
  truth: IdleTally['truth']
  /** When a process was last seen to work really, which no program may know. */
  workedAtMs: number
  look: { readonly atMs: number; readonly verdict: 'at-rest' | 'working' } | null
  actedAtMs: number
  /** When the API last refused an automatic stop of this run, or left it open. */
  failedAtMs: number
  /** What the last automatic action lacked for each cause when it was sent. */
  missingByCause: Readonly<Record<WarningCause, string | null>> | null
  /** A dry-run stop was logged: since the pod was last seen active, and for a limit, since it started. */
  hadDryRun: boolean
  hadLimitDryRun: boolean
}

export const newWatchedPod = (): WatchedPod => ({
  quiet: newQuietRecord(),
  warnings: [],
  last: null,
  truth: 'unknown',
  workedAtMs: -Infinity,
  look: null,
  actedAtMs: -Infinity,
  failedAtMs: -Infinity,
  missingByCause: null,
  hadDryRun: false,
  hadLimitDryRun: false,
})
