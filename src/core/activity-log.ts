import type { AccountId, PodId } from './pod'
import type { Result } from './result'

/** What happened, as it is written down for whoever asks later. No secret is ever part of it. */
export interface ActivityEntry {
  /** Unix ms. */
  readonly atMs: number
  readonly accountId: AccountId | null
  readonly podId: PodId | null
  /** As it was called then; null: it is about no pod. */
  readonly podName: string | null
  readonly kind: 'alert' | 'decision' | 'intent' | 'rule' | 'key' | 'connection' | 'app'
  /** A word for programs: the kind of the alert, the rule, the phase of the intent. */
  readonly what: string
  /** A sentence for people. */
  readonly text: string
  readonly tone: 'good' | 'plain' | 'warning' | 'bad'
}

/** Append-only, and written before anything is shown or sent. @public */
export interface ActivityLog {
  /** Ok: it is in the file. Never throws. */
  record(entry: ActivityEntry): Result<void, string>
}

/** One entry as windows list it; `seq` rises by one with each. */
export interface ListedActivity extends ActivityEntry {
  readonly seq: number
}

/** Newest first. */
export interface ActivityPage {
  readonly entries: readonly ListedActivity[]
  /** What to ask for the older ones with; null: there are none. */
  readonly before: number | null
}
