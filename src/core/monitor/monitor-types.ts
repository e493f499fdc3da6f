import type { AccountAlerts } from '../alerts/account-alerts'
import type { ActionRequests } from '../intents/action-requests'
import type { ConfirmedActions } from '../confirmation/confirmed-actions'
import type { CostTracker } from '../money/costs/cost-tracker'
import type { GuardRequests } from '../guard/account-guard'
import type { Fleet } from '../polling/fleet'
import type { ListResult } from '../polling/poller'
import type { PollSlot } from '../polling/poll-spread'
import type { AccountListing } from '../polling/shared-pods'
import type { AuditLog } from '../audit-log/audit-log'
import type { AccountRulesStore } from '../pod-rules/pod-rules'
import type { IdleEpisodeStore } from '../guard/episode-names'
import type { LookInside } from '../guard/evidence/inside-looks'
import type { ChangeRequests } from '../changes/account-changes'
import type { CreateStore, CreationRequests } from '../creation/account-creation'
import type { CreateIntent } from '../creation/create-intent'
import type { Intent } from '../intents/intent'
import type { UtcOffset } from '../pod-rules/keep-on'
import type { ReachSsh } from '../logs/progress-tracker'
import type { JobUse } from '../idle/sample'
import type { PodId } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import type { Provider } from '../pods/provider'
import type { LedgerFiles } from '../money/ledger/ledger-files'
import type { Journal } from '../intents/journal'
import type { AlertHistoryStore } from '../alerts/alert-history'
import type { Notifier } from '../alerts/alert'
import type { PodGuardHost } from '../pod-guard/pod-guard-host'
import type { PodGuardRequests } from '../pod-guard/pod-guard-requests'
import type { Settings } from '../settings/settings'
import type { Notices } from '../view/notices'
import type { AccountView, Snapshot } from '../view/snapshot'

/** What the queue of jobs says of a pod. */
export interface PodJobs {
  /** Whether a job keeps it busy, or did. See docs/product-rules.md#15-queue-of-experiments. */
  readonly useOf: (podId: PodId) => JobUse
  /** The names of the jobs that it could run now, the first in front. */
  readonly waitingJobNames: (podId: PodId) => readonly string[]
}

/** The dependencies of a monitor: an account, ports and data of earlier runs. */
export interface MonitorOptions {
  readonly account: Omit<AccountView, 'isMonitorOnly'>
  readonly provider: Provider
  readonly clock: Clock
  readonly journal: Journal
  readonly notifier: Notifier
  readonly alertHistory: AlertHistoryStore
  readonly auditLog: AuditLog
  /** The guard's rules that the user set. */
  readonly accountRules: AccountRulesStore
  /** The offset of the user's local time. */
  readonly utcOffset: UtcOffset
  /** False while another process sends the alerts for this account. */
  readonly mayAnnounce: () => boolean
  /** Read in each poll, so that a change applies from the next one on. */
  readonly settings: () => Settings
  /** Intents of this account from earlier runs, oldest first. */
  readonly earlierIntents: readonly Intent[]
  /** Absent: nothing is created by this program. */
  readonly creates?: CreateStore
  /** Notices of the program, to which the monitor adds its own. */
  readonly notices: Notices
  /** 0 ≤ random < 1. */
  readonly random: () => number
  readonly newId: () => string
  /** Absent: no other account is polled by this program. */
  readonly pollSlot?: PollSlot
  /** The listings of all accounts of this program, this one included. Absent: there are no others. */
  readonly listings?: () => readonly AccountListing[]
  /** Absent: costs are not tracked and no bills are read. */
  readonly ledgerFiles?: LedgerFiles
  /** Gets every list. Absent: the use of the pods is not recorded. */
  readonly recordUsage?: (result: ListResult) => void
  /** Absent: idle episodes are not shared with other programs. */
  readonly idleEpisodes?: IdleEpisodeStore
  /** Absent: no look inside a pod is possible. */
  readonly lookInside?: LookInside
  /** Absent: no guard in a pod is installed or read. */
  readonly podGuardHost?: PodGuardHost
  /** The address of the API as a pod reaches it, with its version; null: a pod can't reach it. */
  readonly podApiBase?: () => string | null
  /** Absent: no new pod is followed until it is usable, and no log is read for that. */
  readonly reachSsh?: ReachSsh
  /**
   * How long ago a person last used the pod through this computer: a terminal, a forward or a copy of files, ms; null:
   * not known. See docs/product-rules.md#29-last-use.
   */
  readonly inputAgoMs: (podId: PodId) => number | null
  /** Absent: there is no queue of jobs. */
  readonly jobs?: PodJobs
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause?: unknown) => void
}

/** Watches one account: each poll observes, decides, acts and publishes. Knows nothing of windows. */
export interface Monitor
  extends
    ActionRequests,
    Omit<GuardRequests, 'terminateAtMaxHours' | 'setPodGuard' | 'setNewPodGuard' | 'setGuardPostStarted'>,
    ConfirmedActions,
    PodGuardRequests,
    CreationRequests,
    ChangeRequests {
  readonly onTerminalEvent: AccountAlerts['onTerminalEvent']
  readonly announce: AccountAlerts['announce']
  /** Its pods, for the other accounts of the program. */
  readonly listing: AccountListing
  start(): void
  /** Ends it for good, at once. */
  dispose(): void
  /** Sends nothing any more, and ends it once what was sent is answered and written down. */
  shutDown(): Promise<void>
  snapshot(): Snapshot
  readonly histories: Fleet['histories']
  readonly addEarlierUsage: Fleet['addEarlierUsage']
  /** What a month ("2026-11"; null: the current one) cost; null: it is not counted. */
  readonly costs: CostTracker['costs']
  readonly podCost: CostTracker['podCost']
  /** Calls back after changes, at most once per task; returns what unsubscribes. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Calls back with every action that began, advanced or ended, in order; returns what unsubscribes. */
  onIntent(listener: (intent: Intent) => void): () => void
  /** Requests a poll now, balance included; during a poll, another one after it. */
  refresh(): void
  /** Something that the snapshot shows and the provider does not know has changed. */
  republish(): void
  /** Takes up intents and creates of another process, which acted for this account until now. */
  adopt(intents: readonly Intent[], creates?: readonly CreateIntent[]): void
  /** The machine goes to sleep: ends the reads in flight and waits. */
  suspend(): void
  resume(): void
  /** The user is back, or the network is another one: polls soon. */
  wake(): void
  /** See `PollLoop.checkWatchdog`. */
  checkWatchdog(): void
}
