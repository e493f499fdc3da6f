import { podAlias } from '../../core/editors/ssh-hosts'
import type { Result } from '../../core/base/result'
import type { AccountId, Pod } from '../../core/pods/pod'
import type { SshTarget } from '../connection/ssh-shell'
import type { DescribedHost } from './describe-host'
import type { HostFiles, HostToWrite } from './host-files'

export interface FollowHostsOptions {
  readonly files: HostFiles
  readonly describeHost: (target: SshTarget) => Promise<DescribedHost | null>
  /** Changes with whatever else decides which keys are trusted or offered. */
  readonly keysStamp: () => string
  /** Whether this program may change what the data folder's programs share. */
  readonly mayWrite: () => boolean
  /** Reports a sentence. */
  readonly report: (text: string) => void
}

/** Keeps the hosts that OpenSSH knows true. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export interface HostFollower {
  /** Must be called with each complete list of an account's pods. Writes only where the person included the hosts. */
  readonly onPods: (accountId: AccountId, pods: readonly Pod[]) => void
  /** Writes them now. The error is a sentence. */
  update(accountId: AccountId, pods: readonly Pod[]): Promise<Result<void, string>>
}

export function createHostFollower(options: FollowHostsOptions): HostFollower {
  const { files, report } = options
  const written = new Map<AccountId, string>()
  let queue: Promise<unknown> = Promise.resolve()

  const signatureOf = (accountId: AccountId, pods: readonly Pod[]): string =>
    JSON.stringify([
      files.stamp(accountId),
      options.keysStamp(),
      pods.map(({ id, name, phase, ssh, runId }) => [id, name, phase, ssh.direct, runId]),
    ])

  async function write(accountId: AccountId, pods: readonly Pod[]): Promise<Result<void, string>> {
    const hosts = await describeHosts(options.describeHost, accountId, pods)
    const done = files.write(accountId, hosts)
    if (done.ok) written.set(accountId, signatureOf(accountId, pods))
    return done
  }

  /** One after the other, so that what was observed last is written last. */
  function enqueue(accountId: AccountId, pods: readonly Pod[]): Promise<Result<void, string>> {
    const done = queue.then(() => write(accountId, pods))
    queue = done.catch(() => {})
    return done
  }

  return {
    onPods(accountId, pods) {
      if (!options.mayWrite() || files.state() !== 'applies') return
      const signature = signatureOf(accountId, pods)
      if (written.get(accountId) === signature) return
      // Also after a failure it is tried again only when something changed.
      written.set(accountId, signature)
      void enqueue(accountId, pods).then(
        (done) => done.ok || report(done.error),
        () => {},
      )
    },
    update: enqueue,
  }
}

/** The pods that can be written for OpenSSH: those with a host key that a person trusts. */
export async function describeHosts(
  describe: FollowHostsOptions['describeHost'],
  accountId: AccountId,
  pods: readonly Pod[],
): Promise<readonly HostToWrite[]> {
  const hosts: HostToWrite[] = []
  for (const pod of pods) {
    const alias = podAlias(pod)
    if (alias === null || pod.phase === 'terminated') continue
    const { id: podId, startedAtMs, ssh, runId } = pod
    const described = await describe({
      accountId,
      podId,
      startedAtMs,
      ssh,
      runId,
    })
    if (described !== null)
      hosts.push({ ...described, alias, endpoint: pod.phase === 'running' ? ssh.direct : null })
  }
  return hosts
}
