import type { Result } from '../base/result'
import type { Pod } from '../pods/pod'
import type { GuardReport } from './guard-report'
import type { GuardChange, GuardInstallation } from './guard-scripts'

/**
 * The guard of a pod, over SSH. Errors are sentences. `absent`: the pod has none. See
 * docs/product-rules.md#141-guard-in-the-pod.
 */
export interface PodGuardHost {
  /** Of this computer; see `Computer`. */
  readonly computerId: string
  /** Writes and starts it, unless the same one runs. */
  install(pod: Pod, plan: GuardInstallation): Promise<GuardReply>
  /**
   * `takesLease`: the guard leaves decisions to this Podkeeper for the next minutes. `usedAgoS`: how many seconds ago a
   * person last used the pod through this computer, which the guard is told. Absent or null: not
   * known.
   */
  read(pod: Pod, takesLease: boolean, usedAgoS?: number | null): Promise<GuardReply>
  /** `seconds` from now; 0: none. */
  change(pod: Pod, change: GuardChange, seconds: number): Promise<GuardReply>
  /** Removes what another computer set, or what was asked for in the pod. */
  forget(pod: Pod, whose: string): Promise<GuardReply>
  /** It stays there, without what this computer set, where others want it. */
  remove(pod: Pod): Promise<Result<void, string>>
}

export type GuardReply = Result<GuardReport | 'absent', string>
