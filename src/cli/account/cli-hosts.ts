import { ok, type Result } from '../../core/base/result'
import type { Pod } from '../../core/pods/pod'
import { fileStamp } from '../../node/data-folder/files/file-stamp'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import { createHostFollower, describeHosts, type HostFollower } from '../../ssh/hosts/follow-hosts'
import type { HostFiles, HostToWrite } from '../../ssh/hosts/host-files'
import type { RunFailure } from '../../ssh/run/run-failure'
import { type CliSshOptions, sshOpener } from './cli-ssh'
import { dataFiles } from './config'

/** What OpenSSH knows of the pods of an account. Nothing is asked. */
export interface CliHosts extends Pick<HostFollower, 'onPods'> {
  /** Checks that a pod can be reached, with its host key. */
  connect(target: SshTarget): Promise<Result<void, RunFailure>>
  isTrusted(target: SshTarget): Promise<boolean>
  describe(pods: readonly Pod[]): Promise<readonly HostToWrite[]>
  /** As they would be written. */
  preview(hosts: readonly HostToWrite[]): string
  /** Writes them. The error is a sentence. */
  update(pods: readonly Pod[]): Promise<Result<void, string>>
}

/** `mayWrite`: see `FollowHostsOptions`. */
export function createCliHosts(
  options: CliSshOptions,
  files: HostFiles,
  mayWrite: () => boolean = () => true,
): CliHosts {
  const openSsh = sshOpener(options)
  const { id } = options.account.view
  const describeHost = (target: SshTarget) => openSsh().describeHost(target)
  const follower = createHostFollower({
    files,
    describeHost,
    keysStamp: () => `${fileStamp(dataFiles(options.folder).hostKeys)} ${options.settings().sshKeyFile}`,
    mayWrite,
    report: options.report,
  })
  return {
    onPods: follower.onPods,
    async connect(target) {
      const opened = await openSsh().openPortConnection(target, new AbortController().signal)
      if (!opened.ok) return opened
      opened.value.close()
      return ok(undefined)
    },
    isTrusted: async (target) => (await describeHost(target)) !== null,
    describe: (pods) => describeHosts(describeHost, id, pods),
    preview: (hosts) => files.preview(id, hosts),
    update: (pods) => follower.update(id, pods),
  }
}
