import { formatMoment } from '../../base/text/format'
import type { AutoStopView } from '../../guard/guard-view'
import { autoStopViewOf, type ServedNextStop } from '../../guard/served-next-stop'
import type { AutoStopMode, KeepOn, PodRules, RuleOrigins } from '../../pod-rules/pod-rules'
import type { PodId } from '../../pods/pod'
import type { AccountSnapshot } from '../merge-snapshots'
import type { PodView } from '../snapshot'
import { stopUnknownText } from './server-rules-text'

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
  /** The stop of a pod that comes next there; absent: none. */
  readonly stops: ReadonlyMap<PodId, ServedNextStop>
}

/** The same with where it is from. */
export interface ShownServerRules extends ServerRules {
  readonly host: string
  /** Unix ms of the last read, while the server is lost; null: it isn't. */
  readonly lostSinceReadMs: number | null
}

/**
 * An account with the rules of the server that keeps it, as windows show them. Nothing but windows may be given the
 * result, because none of these rules holds here. See docs/product-rules.md#166-kept-by-a-server.
 */
export function withServerRules(account: AccountSnapshot, server: ShownServerRules | null): AccountSnapshot {
  if (server === null) return account
  const { entry, snapshot } = account
  return {
    entry,
    snapshot: {
      ...snapshot,
      guard: { ...snapshot.guard, autoStop: server.autoStop },
      pods: snapshot.pods.map((pod) => withRules(pod, server, server.pods.get(pod.id), snapshot.atMs)),
    },
  }
}

function withRules(
  pod: PodView,
  { stops, host, lostSinceReadMs }: ShownServerRules,
  there: ServerPodRules | undefined,
  nowMs: number,
): PodView {
  if (there === undefined) return pod
  const { isAutoStopEnabled, keepRunning, rules, origins } = there
  const { keptBy: _here, ruleOrigins: _own, ...guard } = pod.guard
  const autoStop = pod.phase === 'running' ? autoStopViewOf(stops.get(pod.id)) : guard.autoStop
  return {
    ...pod,
    guard: {
      ...guard,
      rules,
      ...(origins && { ruleOrigins: origins }),
      isAutoStopEnabled,
      keepOn: keepRunning && { sinceMs: 0, untilMs: keepRunning.until },
      ...(keepRunning?.by !== undefined && { keptBy: keepRunning.by }),
      autoStop: lostSinceReadMs === null ? autoStop : whileLost(autoStop, host, lostSinceReadMs, nowMs),
      server: host,
    },
  }
}

/** No time of a stop is shown that nobody may carry out. */
const whileLost = (autoStop: AutoStopView, host: string, readAtMs: number, nowMs: number): AutoStopView =>
  autoStop.kind === 'planned' || (autoStop.kind === 'watching' && autoStop.dueAtMs !== null)
    ? {
        kind: 'blocked',
        cause: autoStop.cause ?? 'quiet',
        conditions: [],
        text: stopUnknownText(host, formatMoment(readAtMs, { nowMs })),
      }
    : autoStop
