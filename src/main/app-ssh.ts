import { join } from 'node:path'
import { app } from 'electron'
import type { Clock } from '../core/base/clock'
import { providers } from '../providers/index'
import { createSsh, type Ssh } from '../ssh/create-ssh'
import type { AppStore } from './settings/app-store'

export interface AppSshOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<AppStore, 'settings'>
  readonly userData: string
  readonly report: (what: string) => void
}

/** The app's connections to pods, for terminals and looks inside. Nothing is loaded until the first one. */
export function createAppSsh({ clock, store, userData, report }: AppSshOptions): Ssh {
  return createSsh({
    hostKeyFile: join(userData, 'host-keys.json'),
    home: app.getPath('home'),
    env: process.env,
    platform: process.platform,
    nowMs: () => clock.now().wallMs,
    isKnownProxy: providers.runpod.isKnownProxy,
    chosenKeyFile: () => store.settings().sshKeyFile,
    unlockWorkerPath: join(__dirname, 'unlock.js'),
    onProblem: report,
  })
}
