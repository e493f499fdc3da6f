import type { AuditLog } from './audit-log/audit-log'
import type { AccountRulesStore } from './pod-rules/pod-rules'
import type { Intent } from './intents/intent'
import type { UtcOffset } from './pod-rules/keep-on'
import type { PodId } from './pods/pod'
import type { Clock } from './base/clock'
import type { Provider } from './pods/provider'
import type { LedgerFiles } from './money/ledger/ledger-files'
import type { Journal } from './intents/journal'
import type { AlertHistoryStore } from './alerts/alert-history'
import type { Notifier } from './alerts/alert'
import type { Settings } from './settings/settings'
import type { Notices } from './view/notices'
import type { AccountView } from './view/snapshot'

/** What a monitor is made of: an account, the ports, and what earlier runs left. */
export interface MonitorOptions {
  readonly account: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly notifier: Notifier
  readonly alertHistory: AlertHistoryStore
  readonly auditLog: AuditLog
  /** What a person told the guard. */
  readonly accountRules: AccountRulesStore
  /** Of the place where the person is. */
  readonly utcOffset: UtcOffset
  /** False while another process announces for this account. */
  readonly mayAnnounce: () => boolean
  /** Asked at each turn, so that a change holds from the next one on. */
  readonly settings: () => Settings
  /** Intents of this account from earlier runs, oldest first. */
  readonly earlierIntents: readonly Intent[]
  /** Those of the program; the monitor adds its own. */
  readonly notices: Notices
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
