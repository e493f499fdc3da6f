import type { Clock } from '../../core/base/time/clock'
import type { Settings } from '../../core/settings/settings'
import { providers } from '../../providers/index'
import type { Result } from '../../core/base/result'
import { openComputer } from '../../node/data-folder/computer-file'
import type { PodAccess } from '../../node/host/host-types'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import type { FileSession } from '../../ssh/files/session/open-file-session'
import { readListening } from '../../ssh/forward/read-listening'
import { openUnattendedFiles } from '../../ssh/files/session/unattended-files'
import type { RunFailure } from '../../ssh/run/run-failure'
import { createSsh, type Ssh } from '../../ssh/create-ssh'
import { createJobHost } from '../../ssh/jobs/job-host'
import { createPodGuardHost } from '../../ssh/run/pod-guard-host'
import { createDiskReader } from '../../ssh/run/disk-reader'
import { createLookInside } from '../../ssh/run/look-inside'
import type { CliAccount } from './account'
import { dataFiles } from './config'
import { homeFolder } from './data-folder'

export interface CliSshOptions {
  readonly folder: string
  readonly account: Pick<CliAccount, 'view' | 'sshKey'>
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly settings: () => Pick<Settings, 'sshKeyFile' | 'computerName'>
  readonly report: (text: string) => void
}

/**
 * Connections of a command to pods. Accepted host keys are read again for each connection, and written only where
 * `mayPin`.
 */
export function sshOpener(
  options: Omit<CliSshOptions, 'account'> & { readonly account: CliSshOptions['account'] | null },
  mayPin = false,
): () => Ssh {
  const { folder, account, clock, env, settings, report } = options
  return () =>
    createSsh({
      hostKeyFile: dataFiles(folder).hostKeys,
      areHostKeysReadOnly: !mayPin,
      // Without a home directory there are no keys to find.
      home: homeFolder(env) ?? '/',
      env,
      platform: process.platform,
      nowMs: () => clock.now().wallMs,
      isKnownProxy: providers.runpod.isKnownProxy,
      chosenKeyFile: () => settings().sshKeyFile,
      accountKey: () => account?.sshKey ?? null,
      // Keys that need a passphrase are left out, because nobody is asked.
      unlockWorkerPath: '',
      onProblem: report,
    })
}

/** A connection in which a person may accept a host key. */
export const openAskingSsh = (options: CliSshOptions): Pick<Ssh, 'openShell'> => sshOpener(options, true)()

/** How pods are reached to look inside, to install guards and to run jobs. `account`: of the demo. */
export function createCliPodAccess(
  options: Omit<CliSshOptions, 'account'>,
  account: CliSshOptions['account'] | null = null,
): PodAccess {
  const openSsh = sshOpener({ ...options, account })
  const runCommand: Ssh['runCommand'] = (...args) => openSsh().runCommand(...args)
  const openScript: Ssh['openScript'] = (...args) => openSsh().openScript(...args)
  const openScriptSession: Ssh['openScriptSession'] = (...args) => openSsh().openScriptSession(...args)
  const computer = openComputer(options.folder, options.settings, options.report)
  const hostKeyOutlookOf: Ssh['hostKeyOutlookOf'] = (...args) => openSsh().hostKeyOutlookOf(...args)
  return {
    jobHostOf: (accountId) => createJobHost(accountId, { runCommand, openScript }),
    hostKeyOutlookOf,
    lookInside: (accountId) =>
      createLookInside(accountId, { runCommand, openScriptSession, clock: options.clock }),
    diskReader: (accountId) => createDiskReader(accountId, { runCommand, hostKeyOutlookOf }),
    podGuardHost: (accountId) => createPodGuardHost(accountId, runCommand, computer),
    reachSsh: async (endpoint) =>
      (await import('../../ssh/connection/reach-server')).reachServer(endpoint, 'any'),
  }
}

/** Connects to a pod for its files, without asking anything. */
export type OpenFiles = (signal: AbortSignal) => Promise<Result<FileSession, RunFailure>>

export function createCliFiles(options: CliSshOptions, target: SshTarget): OpenFiles {
  const openSsh = sshOpener(options)
  return (signal) => openUnattendedFiles(openSsh().openFileSession, target, signal)
}

/** Connects to pods for their ports, without asking anything. */
export function createCliPorts(options: CliSshOptions) {
  const openSsh = sshOpener(options)
  return {
    connect: (target: SshTarget, signal: AbortSignal) => openSsh().openPortConnection(target, signal),
    readListening: (target: SshTarget) =>
      readListening(openSsh().runCommand, target, new AbortController().signal),
  }
}
