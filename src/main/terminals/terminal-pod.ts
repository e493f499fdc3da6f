import type { AccountId, Pod } from '../../core/pods/pod'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../ssh/connection/ssh-target'
import { terminalsText } from './terminals-text'

/**
 * What a terminal needs to know about its pod. `target` is null when the pod is not running or has no SSH
 * endpoint.
 */
export interface TerminalPod {
  readonly name: string
  readonly target: SshTarget | null
  /** Set when the pod is known to be stopped or gone, as a sentence. */
  readonly unavailableReason: string | null
  /** Whether it is stopped, so that it may run again. */
  readonly isStopped: boolean
  /** Of its container, which a restart makes fall; null: not reported. */
  readonly uptimeS: number | null
}

export function toTerminalPod(accountId: AccountId, pod: Pod): TerminalPod {
  const { name, phase } = pod
  const isStopped = phase === 'stopped'
  const unavailableReason = isStopped
    ? terminalsText.podStopped
    : phase === 'terminated'
      ? terminalsText.podTerminated
      : null
  return {
    name,
    target: toSshTarget(accountId, pod),
    unavailableReason,
    isStopped,
    uptimeS: pod.telemetry?.uptimeS ?? null,
  }
}
