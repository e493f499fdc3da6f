import type { ActivityLog } from './audit-log/audit-log'
import type { GuardStore } from './pod-rules/pod-rules'
import type { Intent } from './intents/intent'
import type { UtcOffset } from './pod-rules/keep-on'
import type { PodId } from './pods/pod'
import type { Clock } from './base/clock'
import type { Provider } from './pods/provider'
import type { LedgerFiles } from './money/ledger/ledger-files'
import type { Journal } from './intents/journal'
import type { MarkStore } from './alerts/alert-history'
import type { Notifier } from './alerts/alert'
import type { Settings } from './settings/settings'
import type { AccountView } from './view/snapshot'

/** What a monitor is made of: an account, the ports, and what earlier runs left. */
export interface MonitorOptions {
  readonly account: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly notifier: Notifier
  readonly marks: MarkStore
  readonly activityLog: ActivityLog
  /** What a person told the guard. */
  readonly guards: GuardStore
  /** Of the place where the person is. */
  readonly utcOffset: UtcOffset
  /** False while another process announces for this account. */
  readonly mayAnnounce: () => boolean
  /** Asked at each turn, so that a change holds from the next one on. */
  readonly settings: () => Settings
  /** Intents of this account from earlier runs, oldest first. */
  readonly earlier: readonly Intent[]
  /** What to say at the start: a journal that was damaged, settings that made no sense. */
  readonly openingNotices: readonly string[]
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly newId: () => string
  /** Absent: what the account costs is not counted, and no bill is read. */
  readonly ledgerFiles?: LedgerFiles
  /** Whether somebody typed in a terminal of ours on this pod within the last 10 minutes. */
  readonly hasTerminalInput: (podId: PodId) => boolean
  /** Unix ms; null: they are not. */
  readonly alertsPausedUntilMs: () => number | null
  /** For the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}
