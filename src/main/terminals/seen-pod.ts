import type { AccountId, Pod } from '../../core/pods/pod'
import { sshRouteOf } from '../../core/pods/pod-capabilities'
import type { SshTarget } from '../../ssh/connection/ssh-shell'

/** Of a pod, what a terminal goes by. `target` null: it is not running, or has no way in. */
export interface SeenPod {
  readonly name: string
  readonly target: SshTarget | null
  /** Set when the pod is known to be stopped or gone, as a sentence. */
  readonly over: string | null
}

export function seenPod(accountId: AccountId, pod: Pod): SeenPod {
  const { id: podId, name, phase, ssh, startedAtMs } = pod
  const isReachable = sshRouteOf(pod) !== null
  const over =
    phase === 'stopped' ? 'The pod is stopped.' : phase === 'terminated' ? 'The pod was terminated.' : null
  return { name, over, target: isReachable ? { accountId, podId, startedAtMs, ssh } : null }
}
