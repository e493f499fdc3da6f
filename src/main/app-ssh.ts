import { join } from 'node:path'
import type { Clock } from '../core/base/time/clock'
import type { AccountId } from '../core/pods/pod'
import { providers } from '../providers/index'
import { createSsh, type Ssh } from '../ssh/create-ssh'
import type { RuntimeLimits } from './lifecycle/runtime'
import type { AppStore } from './settings/app-store'

export interface AppSshOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<AppStore, 'settings'>
  readonly userData: string
  readonly limits: Pick<RuntimeLimits, 'hosts' | 'home' | 'env'>
  /** Keys that lead to the pods of one account alone, by account. */
  readonly accountKeys: ReadonlyMap<AccountId, string>
  /** The program that unlocks keys. */
  readonly unlockWorkerPath: string
  readonly report: (what: string) => void
}

/** The app's connections to pods, for terminals and looks inside. Nothing is loaded until the first one. */
export function createAppSsh(options: AppSshOptions): Ssh {
  const { clock, store, userData, limits, accountKeys, report } = options
  return createSsh({
    hostKeyFile: join(userData, 'host-keys.json'),
    hosts: limits.hosts,
    home: limits.home,
    env: limits.env,
    platform: process.platform,
    nowMs: () => clock.now().wallMs,
    isKnownProxy: providers.runpod.isKnownProxy,
    chosenKeyFile: () => store.settings().sshKeyFile,
    accountKey: (accountId) => accountKeys.get(accountId) ?? null,
    unlockWorkerPath: options.unlockWorkerPath,
    onProblem: report,
  })
}
