import type { AccountId, Pod } from '../../core/pods/pod'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { SshTarget } from './ssh-shell'

/** Null when the pod is not running or has no SSH endpoint. */
export function toSshTarget(accountId: AccountId, pod: Pod): SshTarget | null {
  const { id: podId, startedAtMs, ssh, runId } = pod
  return sshRouteOf(pod) === null ? null : { accountId, podId, startedAtMs, ssh, runId }
}
