import type { AccountAlerts } from '../alerts/account-alerts'
import type { ActionRequests } from '../intents/action-requests'
import type { ConfirmedActions } from '../confirmation/confirmed-actions'
import type { DiskRequests } from '../money/account-pollers'
import type { DiskReader } from '../disk/disk-watch'
import type { CleanUpRequests } from '../clean-up/account-clean-up'
import type { CostTracker } from '../money/costs/cost-tracker'
import type { GuardRequests } from '../guard/account-guard'
import type { Fleet } from '../polling/fleet'
import type { ListResult } from '../polling/poller'
import type { PollProgress } from '../polling/poll-loop'
import type { PollSlot } from '../polling/poll-spread'
import type { AccountListing } from '../polling/shared-pods'
import type { ChangeRequests } from '../changes/account-changes'
import type { CreationContext, CreationRequests } from '../creation/account-creation'
import type { CreateIntent } from '../creation/create-intent'
import type { Intent } from '../intents/intent'
import type { ReachSsh } from '../logs/progress-tracker'
import type { PodJobs } from '../idle/sample'
import type { PodId } from '../pods/pod'
import type { LedgerFiles } from '../money/ledger/ledger-files'
import type { PodGuardRequests } from '../pod-guard/pod-guard-requests'
import type { MonitorGuardContext } from './monitor-guard'
import type { SharedAccountContext } from './shared-account'
import type { IdleEndpointStore } from '../endpoints/endpoint-poller'
import type { KnownPodStore } from '../unrecognized-pods/known-pods'
import type { RecognitionRequests } from '../unrecognized-pods/pod-recognition'
import type { Notices } from '../view/notices'
import type { AccountView, Snapshot } from '../view/snapshot'

/** The dependencies of a monitor: an account, ports and data of earlier runs. */
export interface MonitorOptions extends Omit<
  MonitorGuardContext & SharedAccountContext & CreationContext,
  'accountId'
> {
  readonly account: Omit<AccountView, 'isMonitorOnly'>
  /** Notices of the program, to which the monitor adds its own. */
  readonly notices: Notices
  /** Absent: no other account is polled by this program. */
  readonly pollSlot?: PollSlot
  /** Absent: costs are not tracked and no bills are read. */
  readonly ledgerFiles?: LedgerFiles
  /** Gets every list. Absent: the use of the pods is not recorded. */
  readonly recordUsage?: (result: ListResult) => void
  /** Absent: no pod is called new. */
  readonly knownPods?: KnownPodStore
  /** Absent: since when endpoints have been idle is not kept across restarts. */
  readonly idleEndpoints?: IdleEndpointStore
  /** Absent: no disk is read. */
  readonly diskReader?: DiskReader
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
}

/** Watches one account: each poll observes, decides, acts and publishes. Knows nothing of windows. */
export interface Monitor
  extends
    ActionRequests,
    Omit<GuardRequests, 'terminateAtMaxHours' | 'setPodGuard' | 'setNewPodGuard' | 'setGuardPostStarted'>,
    ConfirmedActions,
    PodGuardRequests,
    DiskRequests,
    RecognitionRequests,
    CleanUpRequests,
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
  /**
   * The computer goes to sleep or shuts down: sends the stops that wait for their undo, ends the reads in flight and
   * waits.
   */
  suspend(): void
  resume(): void
  /** The user is back, or the network is another one: polls soon. */
  wake(): void
  /** See `PollLoop.checkWatchdog`. */
  checkWatchdog(): void
  readonly pollProgress: () => PollProgress
}
