import type { Notifier } from '../../core/alerts/alert'
import type { ProgramName } from '../../core/audit-log/audit-text'
import type { Clock } from '../../core/base/time/clock'
import type { ChannelsView } from '../../core/channels/outbox/outbox-ports'
import type { RoutingContext } from '../../core/channels/routing'
import type { DiskReader } from '../../core/disk/disk-watch'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import type { ReachSsh } from '../../core/logs/progress-tracker'
import type { MoneyView } from '../../core/money/money-view'
import type { HeartbeatOptions } from '../../core/channels/heartbeat'
import type { Monitor, MonitorOptions } from '../../core/monitor/monitor-types'
import type { FolderHealth } from '../../core/monitor/folder-health'
import type { createPodSources } from '../../core/monitor/queue-pod-sources'
import type { PhoneServices } from '../../core/phone/phone-services'
import type { PodGuardHost } from '../../core/pod-guard/pod-guard-host'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { PollSpread } from '../../core/polling/poll-spread'
import type { Queue } from '../../core/queue/queue'
import type { HostOf } from '../../core/queue/queue-ports'
import type { Settings } from '../../core/settings/settings'
import type { FolderChannels, SendToAddress } from '../channels/folder-channels'
import type { KeptAccounts } from '../servers/kept-accounts'
import type { askServer as AskServerFunction } from '../servers/server-client'
import type { FolderLock, LockRole } from '../data-folder/lock/folder-lock'
import type { LockService } from '../data-folder/lock/lock-socket'
import type { OpenAuditLog } from '../data-folder/records/audit-log'
import type { SecretKeyring } from '../data-folder/secrets/secrets-file'
import type { UsageHistories } from '../usage-histories'

type AskServer = typeof AskServerFunction

/** How a program reaches the pods of its accounts. */
export interface PodAccess {
  readonly jobHostOf: HostOf
  readonly hostKeyOutlookOf: Parameters<typeof createPodSources>[2]
  /** `clock`: of an account whose time is another, as that of the demo. */
  readonly lookInside: (accountId: AccountId, clock?: Pick<Clock, 'now'>) => LookInside
  readonly diskReader: (accountId: AccountId) => DiskReader
  readonly podGuardHost: (accountId: AccountId) => PodGuardHost
  readonly reachSsh: ReachSsh
}

/** What differs between the programs that hold a data folder. Texts are sentences. */
export interface FolderHostOptions extends Pick<
  MonitorOptions,
  'accountRules' | 'alertsPausedUntilMs' | 'report'
> {
  readonly folder: string
  readonly clock: Clock
  /** What the activity log calls the program. */
  readonly program: ProgramName
  readonly createFolderLock: (onRole: (role: LockRole) => void) => FolderLock
  readonly settings: () => Settings
  /** Of the accounts that are watched, in the person's order. Those that it didn't create are none of the folder's. */
  readonly monitors: () => readonly Monitor[]
  /** Null: secrets are kept in files for this user only. */
  readonly keyring: SecretKeyring | null
  /** Null: pods can't be reached. */
  readonly podAccess: PodAccess | null
  readonly sendToChannel: SendToAddress
  /** Absent: nobody answers from a phone. */
  readonly phoneServices?: Pick<PhoneServices, 'open'>
  /** To a dead-man's switch. */
  readonly sendHeartbeat: HeartbeatOptions['send']
  readonly isScreenLocked: () => RoutingContext['isLocked']
  /** Of alerts about all accounts together. */
  readonly notifier: Notifier
  /** See `MonitorOptions`. */
  readonly inputAgoMs: (podKey: PodKey) => number | null
  /** The role became this one. */
  readonly onRole: (role: LockRole, isActing: boolean) => void
  /** What was found when the folder or a journal of it was opened. */
  readonly onJournalProblem: (problem: string) => void
  /** After each entry of the activity log. */
  readonly onRecord?: () => void
  /** Null: the activity log can be written again. */
  readonly onActivityProblem: (problem: string | null) => void
  /** Null: the history of the account can be written again. */
  readonly onHistoryProblem: (accountId: AccountId, problem: string | null) => void
  readonly onChannels: (view: ChannelsView) => void
  /** Whether rules of accounts that a server keeps are read there, to be shown. Absent: no. */
  readonly showsServerRules?: true
  /** For tests. */
  readonly askServer?: AskServer
  readonly pollSpread?: PollSpread
}

/** An account of the data folder, for its monitor. */
export interface HostAccount extends Pick<
  MonitorOptions,
  'account' | 'provider' | 'settings' | 'notifier' | 'notices' | 'auditLog'
> {
  readonly podApiBase: () => string | null
  /** What alerts call it; null where it is the only one. */
  readonly label: () => string | null
  /** False: it is a lab. */
  readonly isRunpod: boolean
  /**
   * It may be an earlier account of the folder. Until the person has answered, its rules and costs are those of
   * neither, so nothing is stopped automatically.
   */
  readonly isUnclear: boolean
  /** See `QueueAccount`. */
  readonly addedAtMs: number | null
}

/** A data folder in this program: what all its accounts share, and the monitor of each. */
export interface FolderHost {
  readonly lock: Pick<FolderLock, 'journal' | 'mayWrite' | 'isActing'>
  readonly activity: OpenAuditLog
  readonly channels: FolderChannels
  readonly queue: Queue
  readonly usageHistories: UsageHistories
  readonly createMonitor: (account: HostAccount) => Monitor
  readonly servers: Pick<KeptAccounts, 'keeperOf' | 'rulesThere' | 'readPage' | 'refresh'>
  /** See `createOverallBudget`. */
  readonly checkOverallBudget: (accountCount: number, money: MoneyView | null) => void
  /** Resolves once the role of this program is known. `service` serves commands while it is the active one. */
  start(service?: LockService): Promise<void>
  /** Jobs and channels send nothing more; resolves once what was sent was answered. */
  shutDown(): Promise<void>
  /** Of the program, without its version. */
  readonly health: () => Omit<FolderHealth, 'version'>
  dispose(): void
}
