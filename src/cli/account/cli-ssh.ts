import type { Clock } from '../../core/base/time/clock'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import type { Settings } from '../../core/settings/settings'
import { providers } from '../../providers/index'
import type { PodGuardHost } from '../../core/pod-guard/pod-guard-host'
import type { JobHost } from '../../core/queue/host/job-host'
import type { Result } from '../../core/base/result'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import type { FileSession } from '../../ssh/files/session/open-file-session'
import { readListening } from '../../ssh/forward/read-listening'
import { openUnattendedFiles } from '../../ssh/files/session/unattended-files'
import type { RunFailure } from '../../ssh/run/run-failure'
import type { HostKeyOutlookOf } from '../../ssh/host-keys/host-key-outlook'
import { createSsh, type Ssh } from '../../ssh/create-ssh'
import { createJobHost } from '../../ssh/jobs/job-host'
import { createPodGuardHost } from '../../ssh/run/pod-guard-host'
import { createLookInside } from '../../ssh/run/look-inside'
import type { CliAccount } from './account'
import { dataFiles } from './config'
import { homeFolder } from './data-folder'

export interface CliSshOptions {
  readonly folder: string
  readonly account: Pick<CliAccount, 'view' | 'sshKey'>
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly settings: () => Pick<Settings, 'sshKeyFile'>
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

/** Looks inside pods. */
export function createCliLookInside(options: CliSshOptions): LookInside {
  const openSsh = sshOpener(options)
  return createLookInside(options.account.view.id, {
    runCommand: (...args) => openSsh().runCommand(...args),
    openScriptSession: (...args) => openSsh().openScriptSession(...args),
    clock: options.clock,
  })
}

/** Installs and reads guards in pods. */
export function createCliPodGuardHost(options: CliSshOptions): PodGuardHost {
  const openSsh = sshOpener(options)
  return createPodGuardHost(options.account.view.id, (...args) => openSsh().runCommand(...args))
}

/** Runs jobs on pods. */
export function createCliJobHost(options: CliSshOptions): JobHost {
  const openSsh = sshOpener(options)
  return createJobHost(options.account.view.id, {
    runCommand: (...args) => openSsh().runCommand(...args),
    openScript: (...args) => openSsh().openScript(...args),
  })
}

/** What can be expected of the host keys of pods that don't run. */
export const createCliHostKeyOutlook = (
  options: Pick<CliSshOptions, 'folder' | 'clock' | 'env' | 'settings' | 'report'>,
): HostKeyOutlookOf => {
  const openSsh = sshOpener({ ...options, account: null })
  return (...args) => openSsh().hostKeyOutlookOf(...args)
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
