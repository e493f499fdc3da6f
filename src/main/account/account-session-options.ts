import type { PodGuardHost } from '../../core/pod-guard/pod-guard-host'
import type { Clock } from '../../core/base/time/clock'
import type { IdleEpisodeStore } from '../../core/guard/episode-names'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import type { AlertHistoryStore } from '../../core/alerts/alert-history'
import type { ReachSsh } from '../../core/logs/progress-tracker'
import type { Notifier } from '../../core/alerts/alert'
import type { PollSpread } from '../../core/polling/poll-spread'
import type { KeyUsageStore } from '../../core/pods/key-usage-store'
import type { PodColorStore } from '../../core/view/pod-colors'
import type { Notices } from '../../core/view/notices'
import type { HostRule } from '../../providers/http/base-url'
import type { ProxyEnvironment } from '../../providers/http/proxy'
import type { UsageHistories } from '../../node/usage-histories'
import type { OpenCreates, OpenJournal } from '../../node/data-folder/journal/journal'
import type { PodJobs } from '../../core/idle/sample'
import type { HostOf } from '../../core/queue/queue-ports'
import type { QueueView } from '../../core/queue/queue-view'
import type { Log } from '../lifecycle/log'
import type { Keyring } from './key/keyring'
import type { FolderChannels } from '../../node/channels/folder-channels'
import type { AppStore } from '../settings/app-store'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { Ask } from '../../core/confirmation/question-queue'
import type { SessionAuditLog } from './session-audit-log'
import type { LastSnapshots } from './last-snapshots'

export interface AccountSessionOptions {
  readonly clock: Clock
  readonly store: AppStore
  readonly journal: OpenJournal
  /** Absent: nothing is created. */
  readonly creates?: OpenCreates
  readonly keyring: Keyring
  readonly notifier: Notifier
  /** Where the alerts of an account go besides the screen. Absent: nowhere. */
  readonly outletOf?: FolderChannels['outletOf']
  readonly notices: Notices
  readonly auditLog: Pick<
    SessionAuditLog,
    'logForAccount' | 'logForProgram' | 'endDemo' | 'recordRemoval' | 'recordChange' | 'view' | 'onChange'
  >
  readonly alertHistory: AlertHistoryStore
  /** See `MonitorOptions`. */
  readonly idleEpisodes?: IdleEpisodeStore
  /** Opens the store of an account's costs. */
  readonly openLedgerFiles: (accountId: string) => LedgerFiles
  readonly usageHistories: UsageHistories
  readonly podColors: PodColorStore
  /** What windows show of accounts before their first list. */
  readonly lastSnapshots: Pick<LastSnapshots, 'of' | 'forget' | 'save'>
  /** Where what is known of the requests of a key is kept. `keyId`: its digest. */
  readonly openKeyUsage: (keyId: string) => KeyUsageStore
  /** The pods of an account's latest costs. */
  readonly recordedPodIds: (accountId: string) => readonly string[]
  /** False while another process sends the alerts for the accounts of this folder. */
  readonly mayAnnounce: () => boolean
  readonly log: Pick<Log, 'warn' | 'hide'>
  /** Podkeeper's version. */
  readonly version: string
  readonly hosts: HostRule
  readonly pollSpread: PollSpread
  /** See `HttpClientOptions`. */
  readonly proxyEnvironment: ProxyEnvironment
  /** From the environment; takes precedence over the setting. */
  readonly baseUrl: string | undefined
  /** From the environment; undefined: Hubify's own. */
  readonly hubifyBaseUrl: string | undefined
  readonly readClipboard: () => Promise<string>
  /** Keys that lead to the pods of one account alone, by account: those of the demo while it runs. */
  readonly accountKeys: Map<AccountId, string>
  /** Asks in main's own window. */
  readonly ask: Ask
  /** Another account is watched from now on, or none. */
  readonly onAccountChange: () => void
  /** See `TerminalInputTracker`. */
  readonly inputAgoMs: (podKey: PodKey) => number | null
  /** What the queue says of the pods of an account. */
  readonly jobsOf?: (accountId: string) => PodJobs
  /** What runs jobs on the pods of the demo. Absent: they take none. */
  readonly jobHostOf?: HostOf
  /** Of the queue of the data folder. */
  readonly queueView?: () => QueueView
  /** See `MonitorOptions`. */
  readonly reachSsh?: ReachSsh
  /** Looks inside pods of an account. See `MonitorOptions`. */
  readonly lookInside?: (accountId: string) => LookInside
  /** The guards in pods of an account. See `MonitorOptions`. */
  readonly podGuardHost?: (accountId: string) => PodGuardHost
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
}
