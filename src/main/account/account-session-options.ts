import type { Clock } from '../../core/base/time/clock'
import type { Notifier } from '../../core/alerts/alert'
import type { KeyUsageStore } from '../../core/pods/key-usage-store'
import type { PodColorStore } from '../../core/view/pod-colors'
import type { Notices } from '../../core/view/notices'
import type { HostRule } from '../../providers/http/base-url'
import type { ProxyEnvironment } from '../../providers/http/proxy'
import type { Log } from '../lifecycle/log'
import type { Keyring } from './key/keyring'
import type { AppStore } from '../settings/app-store'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { Ask } from '../../core/confirmation/question-queue'
import type { SessionAuditLog } from './session-audit-log'
import type { LastSnapshots } from './last-snapshots'
import type { AccountPrompts } from './account-prompts'
import type { KeyStore } from './key/key-store'
import type { FolderHost, PodAccess } from '../../node/host/host-types'

export interface AccountSessionOptions {
  readonly clock: Clock
  readonly store: AppStore
  readonly folderHost: Pick<
    FolderHost,
    'createMonitor' | 'checkOverallBudget' | 'lock' | 'queue' | 'usageHistories' | 'servers'
  >
  readonly keyring: Keyring
  readonly notifier: Notifier
  readonly notices: Notices
  readonly auditLog: Pick<
    SessionAuditLog,
    'logForAccount' | 'logForProgram' | 'endDemo' | 'recordRemoval' | 'recordChange' | 'view' | 'onChange'
  >
  readonly podColors: PodColorStore
  /** What windows show of accounts before their first list. */
  readonly lastSnapshots: Pick<LastSnapshots, 'of' | 'forget' | 'save'>
  /** Where what is known of the requests of a key is kept. `keyId`: its digest. */
  readonly openKeyUsage: (keyId: string) => KeyUsageStore
  /** The pods of an account's latest costs. */
  readonly recordedPodIds: (accountId: string) => readonly string[]
  readonly log: Pick<Log, 'warn' | 'hide'>
  /** Podkeeper's version. */
  readonly version: string
  readonly hosts: HostRule
  /** See `HttpClientOptions`. */
  readonly proxyEnvironment: ProxyEnvironment
  /** From the environment; takes precedence over the setting. */
  readonly baseUrl: string | undefined
  /** From the environment; undefined: Hubify's own. */
  readonly hubifyBaseUrl: string | undefined
  readonly readClipboard: () => Promise<string>
  readonly writeClipboard: (text: string) => Promise<void>
  /** Keys that lead to the pods of one account alone, by account: those of the demo while it runs. */
  readonly accountKeys: Map<AccountId, string>
  /** Asks in main's own window. */
  readonly ask: Ask
  /** Another account is watched from now on, or none. */
  readonly onAccountChange: () => void
  /** See `TerminalInputTracker`. */
  readonly inputAgoMs: (podKey: PodKey) => number | null
  /** How the demo's pods are reached. What is absent is not possible there. */
  readonly podAccess?: Partial<Pick<PodAccess, 'jobHostOf' | 'lookInside' | 'diskReader' | 'reachSsh'>>
  /** Unix ms; null while alerts are not paused. */
  readonly alertsPausedUntilMs: () => number | null
}

/** What the parts of the session share with each other. */
export interface SessionContext {
  readonly session: AccountSessionOptions
  readonly prompts: AccountPrompts
  readonly keyStore: KeyStore
  /** Account changes run one after the other, because two at once could leave two active monitors. */
  readonly runExclusively: <T>(change: () => Promise<T>) => Promise<T>
  /** An account or its snapshot changed. */
  readonly onChange: () => void
}
