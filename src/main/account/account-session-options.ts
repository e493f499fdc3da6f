import type { ActivityLog } from '../../core/audit-log/audit-log'
import type { Clock } from '../../core/base/clock'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import type { MarkStore } from '../../core/alerts/alert-history'
import type { Notifier } from '../../core/alerts/alert'
import type { AccountView, Snapshot } from '../../core/view/snapshot'
import type { HostRule } from '../../providers/http/base-url'
import type { OpenJournal } from '../../node/data-folder/journal'
import type { Log } from '../lifecycle/log'
import type { Secrets } from './keyring'
import type { AppStore } from '../settings/app-store'

export interface SessionOptions {
  readonly clock: Clock
  readonly store: AppStore
  readonly journal: OpenJournal
  readonly secrets: Secrets
  readonly notifier: Notifier
  /** Called once for each account that is watched, before it is. */
  readonly activityLogFor: (account: Omit<AccountView, 'isMonitorOnly'>) => ActivityLog
  readonly marks: MarkStore
  /** Where the costs of an account are kept. */
  readonly ledgerFiles: (accountId: string) => LedgerFiles
  /** False while another process announces for the accounts of this folder. */
  readonly mayAnnounce: () => boolean
  readonly log: Pick<Log, 'warn' | 'hide'>
  /** Podkeeper's version. */
  readonly version: string
  readonly hosts: HostRule
  /** As set in the environment; it goes before the setting. */
  readonly baseUrl: string | undefined
  readonly readClipboard: () => Promise<string>
  /** See `MonitorOptions`. */
  readonly hasTerminalInput: (podId: string) => boolean
  /** Unix ms; null: they are not. */
  readonly alertsPausedUntilMs: () => number | null
  /** Each with a higher revision than the one before, whatever the account. */
  readonly onSnapshot: (snapshot: Snapshot) => void
}
