import type { AccountId, Pod, PodId, SshEndpoint } from '../../core/pods/pod'
import { type HostKeyOutlook, hostKeyOutlook } from '../../core/terminal/seen-host-key'
import type { HostKeyFile } from './host-key-file'
import { readKnownHostsFile } from './known-hosts'
import type { SeenHostKeys } from './seen-host-keys'

/**
 * What can be expected of the host key of a pod that doesn't run, once it is started. `publishesSsh`: whether it then has
 * a server of its own; null: not known.
 */
export type HostKeyOutlookOf = (
  accountId: AccountId,
  pod: Pick<Pod, 'id' | 'ssh'>,
  publishesSsh: boolean | null,
) => HostKeyOutlook

export interface HostKeyOutlookOptions {
  readonly hostKeys: Pick<HostKeyFile, 'find'>
  readonly seenKeys: Pick<SeenHostKeys, 'find'>
  readonly home: string
  /** See `SshOptions`. */
  readonly isKnownProxy: (endpoint: SshEndpoint, podId: PodId) => boolean
}

/** See docs/product-rules.md#152-where-jobs-start. */
export function createHostKeyOutlookOf(options: HostKeyOutlookOptions): HostKeyOutlookOf {
  const { hostKeys, seenKeys, home, isKnownProxy } = options

  function isProxyTrusted(accountId: AccountId, { id, ssh: { proxy } }: Pick<Pod, 'id' | 'ssh'>): boolean {
    if (proxy === null) return false
    const { host, port } = proxy
    if (hostKeys.find({ kind: 'host', accountId, host, port }) !== null) return true
    return isKnownProxy(proxy, id) && readKnownHostsFile(home, host, port).trusted.length > 0
  }

  return (accountId, pod, publishesSsh) => {
    const seen = seenKeys.find(accountId, pod.id)
    const pin = hostKeys.find({ kind: 'pod', accountId, podId: pod.id })
    const isDirect = publishesSsh ?? (pin !== null || seen !== null)
    if (!isDirect && isProxyTrusted(accountId, pod)) return 'stays'
    return hostKeyOutlook(pin !== null || (seen !== null && seen.acceptedAtMs !== null), seen)
  }
}
