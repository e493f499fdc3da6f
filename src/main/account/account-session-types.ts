import type { Monitor } from '../../core/monitor/monitor-types'
import type { CostsView } from '../../core/money/costs/costs-view'
import type { Month } from '../../core/money/ledger/months'
import type { AccountId, PodId, PodKey } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import type { Queue } from '../../core/queue/queue'
import type { Result } from '../../core/base/result'
import type { AccountRecordChanges } from '../../core/settings/account-record'
import type { KeptAccounts } from '../../node/servers/kept-accounts'
import type { KeyCheckResult, LabKeyReplacement, LabKeyResult } from '../../shared/requests/account-requests'
import type { DemoCommand } from '../../shared/demo-commands'
import type { KeyedPodHistory } from '../../shared/ipc'
import type { SessionSnapshots } from './session-snapshots'

/** The person's accounts, each watched on its own, or the demo in their place. Errors are sentences. */
export interface AccountSession extends Pick<
  SessionSnapshots,
  'snapshot' | 'shownSnapshot' | 'subscribe' | 'republish'
> {
  /** Connects each stored account whose key can be read. This may be slow, because it asks the keyring. */
  restore(): Promise<void>
  histories(podKeys: readonly PodKey[]): Promise<readonly KeyedPodHistory[]>
  /** See `Monitor.costs`. Null: costs of that account are not counted. */
  costs(accountId: AccountId, month: Month | null): CostsView | null
  /**
   * Checks the key on the clipboard. If it is accepted, it is stored and connected: for its account, or as a new one.
   * Where it would go to another host than Runpod's, the person is asked before the clipboard is read.
   */
  pasteKey(): Promise<KeyCheckResult>
  /** Checks the key of Hubify on the clipboard in the same way, and lists its labs. Nothing is stored. */
  pasteLabKey(): Promise<LabKeyResult>
  /** Adds labs of that key, and returns the names of their accounts. None: the key is forgotten. */
  addLabs(labIds: readonly string[]): Promise<Result<readonly string[], string>>
  /** Stores the key on the clipboard for all accounts that have the same key as this lab, as far as it is for them. */
  replaceLabKey(accountId: AccountId): Promise<Result<LabKeyReplacement, string>>
  /** Asks the provider what the account's key may read. */
  testKey(accountId: AccountId): Promise<KeyCheckResult>
  /**
   * Says whether the account is that of an earlier key; fails unless that is asked. False: the person did not
   * confirm it.
   */
  answerAccountQuestion(accountId: AccountId, isSameAccount: boolean): Promise<Result<boolean, string>>
  changeAccount(accountId: AccountId, changes: AccountRecordChanges): Promise<Result<void, string>>
  /** Those that are missing come last. */
  orderAccounts(accountIds: readonly AccountId[]): Result<void, string>
  /**
   * Removes the account and its key once the person agreed. False: they did not. The error says why the key could not
   * be erased.
   */
  removeAccount(accountId: AccountId): Promise<Result<boolean, string>>
  /** False: the person stays with their accounts. */
  startDemo(): Promise<Result<boolean, string>>
  leaveDemo(): Promise<void>
  /** The queue of the demo; null without a demo. */
  demoQueue(): Queue | null
  runDemoCommand(command: DemoCommand): Result<void, string>
  /** The monitors of the connected accounts. */
  monitors(): readonly Monitor[]
  /** Null unless that account is connected. */
  monitor(accountId: AccountId): Monitor | null
  /** Passes a request to the monitor of an account; fails unless it is connected. */
  withMonitor<T>(accountId: AccountId, request: (monitor: Monitor) => Result<T, string>): Result<T, string>
  /** The same for the account of a pod. */
  withPod<T>(
    podKey: PodKey,
    request: (monitor: Monitor, podId: PodId) => Result<T, string>,
  ): Result<T, string>
  /** What a person asks of the server that keeps the account; null: this computer keeps it. */
  readonly keeperOf: KeptAccounts['keeperOf']
  /** Cancels an intent of any account that is not sent yet. */
  undo(intentId: string): Result<void, string>
  /** Null unless that account is connected. */
  provider(accountId: AccountId): Provider | null
  refresh(): void
  suspend(): void
  resume(): void
  wake(): void
  checkWatchdog(): void
  /** Sends nothing more and resolves once sent actions were answered. */
  shutDown(): Promise<void>
  dispose(): void
}
