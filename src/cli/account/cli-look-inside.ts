import type { Clock } from '../../core/base/clock'
import type { LookInside } from '../../core/guard/inside-looks'
import type { Settings } from '../../core/settings/settings'
import { providers } from '../../providers/index'
import { createSsh } from '../../ssh/create-ssh'
import { createLookInside } from '../../ssh/run/look-inside'
import type { CliAccount } from './account'
import { dataFiles } from './config'
import { homeFolder } from './data-folder'

export interface CliLookInsideOptions {
  readonly folder: string
  readonly account: Pick<CliAccount, 'view' | 'sshKey'>
  readonly clock: Clock
  readonly settings: () => Pick<Settings, 'sshKeyFile'>
  readonly report: (text: string) => void
}

/**
 * Looks inside pods whose host keys were accepted in the app. They are read again for each look, and never
 * written here.
 */
export function createCliLookInside(options: CliLookInsideOptions): LookInside {
  const { folder, account, clock, settings, report } = options
  const openSsh = () =>
    createSsh({
      hostKeyFile: dataFiles(folder).hostKeys,
      areHostKeysReadOnly: true,
      // Without a home directory there are no keys to find.
      home: homeFolder() ?? '/',
      env: process.env,
      platform: process.platform,
      nowMs: () => clock.now().wallMs,
      isKnownProxy: providers.runpod.isKnownProxy,
      chosenKeyFile: () => settings().sshKeyFile,
      accountKey: () => account.sshKey ?? null,
      // Keys that need a passphrase are left out, because nobody is asked.
      unlockWorkerPath: '',
      onProblem: report,
    })
  return createLookInside(account.view.id, { runCommand: (...args) => openSsh().runCommand(...args), clock })
}
