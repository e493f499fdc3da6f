import type { AutoStopMode, KeepOn, PodRules, RuleOrigins } from '../../pod-rules/pod-rules'
import type { PodId } from '../../pods/pod'
import type { AccountSnapshot } from '../merge-snapshots'
import type { PodView } from '../snapshot'

/** Of a pod, as the server that keeps its account says. */
export interface ServerPodRules {
  readonly isAutoStopEnabled: boolean
  /** `until`: Unix ms; null: until canceled. `by`: the computer that set it in the pod. */
  readonly keepRunning: { readonly until: KeepOn['untilMs']; readonly by?: string } | null
  readonly rules: PodRules
  readonly origins?: RuleOrigins
}

/** What holds for an account at the server that keeps it, as it was last read. */
export interface ServerRules {
  readonly autoStop: AutoStopMode
  readonly pods: ReadonlyMap<PodId, ServerPodRules>
}

/**
 * An account with the rules of the server that keeps it, as windows show them. Nothing but windows may be given the
 * result, because none of these rules holds here. See docs/product-rules.md#166-kept-by-a-server.
 */
export function withServerRules(account: AccountSnapshot, server: ServerRules | null): AccountSnapshot {
  if (server === null) return account
  const { entry, snapshot } = account
  return {
    entry,
    snapshot: {
      ...snapshot,
      guard: { ...snapshot.guard, autoStop: server.autoStop },
      pods: snapshot.pods.map((pod) => withRules(pod, server.pods.get(pod.id))),
    },
  }
}

function withRules(pod: PodView, server: ServerPodRules | undefined): PodView {
  if (server === undefined) return pod
  const { isAutoStopEnabled, keepRunning, rules, origins } = server
  const { keptBy: _here, ruleOrigins: _own, ...guard } = pod.guard
  return {
    ...pod,
    guard: {
      ...guard,
      rules,
      ...(origins && { ruleOrigins: origins }),
      isAutoStopEnabled,
      keepOn: keepRunning && { sinceMs: 0, untilMs: keepRunning.until },
      ...(keepRunning?.by !== undefined && { keptBy: keepRunning.by }),
    },
  }
}
