import type { Intent } from '../../core/intents/intent'
import type { Monitor } from '../../core/monitor-types'
import type { PodId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import type { Result } from '../../core/base/result'
import type { PodHistory } from '../../core/polling/fleet'
import type { DemoCommand, KeyCheckResult } from '../../shared/ipc'
import type { SessionSnapshots } from './session-snapshots'

/** The watched account, if any: the stored one, one connected with a pasted key, or the demo. */
export interface AccountSession extends Pick<SessionSnapshots, 'snapshot' | 'subscribe' | 'republish'> {
  /** Connects the stored account if its key can be read. This may be slow, because it asks the keyring. */
  restore(): Promise<void>
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** See `Monitor.costs`. */
  costs: Monitor['costs']
  /**
   * Checks the key on the clipboard; stores and connects it if it is accepted. Where it would go to another host
   * than Runpod's, the person is asked before the clipboard is read.
   */
  pasteKey(): Promise<KeyCheckResult>
  /** Asks Runpod what the current key may read. */
  testKey(): Promise<KeyCheckResult>
  /**
   * Says whether the watched account is that of an earlier key; fails unless that is asked. False: the person did not
   * confirm it.
   */
  answerAccountQuestion(isSameAccount: boolean): Promise<Result<boolean, string>>
  /** False: the person stays with their account. */
  startDemo(): Promise<Result<boolean, string>>
  /** The key of the demo's pods; null without a demo. */
  demoSshKey(): string | null
  runDemoCommand(command: DemoCommand): Result<void, string>
  /**
   * Leaves the demo, or removes the account and its key once the person agreed. False: they did not. The error
   * says why the key could not be erased.
   */
  disconnect(): Promise<Result<boolean, string>>
  /** The monitor of the connected account; null without one. */
  monitor(): Monitor | null
  /** Passes a request to the monitor of the connected account; fails without one. */
  withMonitor<T>(request: (monitor: Monitor) => Result<T, string>): Result<T, string>
  /** The provider of the connected account; null without one. */
  provider(): Provider | null
  /** Resumes intents of another process that ended. */
  adopt(intents: readonly Intent[]): void
  refresh(): void
  suspend(): void
  resume(): void
  wake(): void
  checkWatchdog(): void
  /** Sends nothing more and resolves once sent actions were answered. */
  shutDown(): Promise<void>
  dispose(): void
}
