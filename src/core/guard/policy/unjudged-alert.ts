import { type PendingAlert, unjudgedEpisode } from '../../alerts/alert'
import { formatDuration, formatUsdPerHour } from '../../base/text/format'
import { unknownReason } from '../../idle/idle-text'
import { type UnjudgedTime, unjudgedReason } from '../../idle/unjudged-time'
import type { PodRules } from '../../pod-rules/pod-rules'
import { type AccountId, isGuardable, type Pod } from '../../pods/pod'
import { shortName } from '../../pods/pod-name'

interface UnjudgedContext {
  readonly podRules: PodRules
  readonly hasIdleAlerts: boolean
  readonly isAutoStopOn: boolean
  /** Why a look from inside failed, as a clause; null if none did. */
  readonly lookObstacle: string | null
  readonly nowMs: number
}

/** A pod could not be judged for long: why, and what helps. See docs/product-rules.md#33-missing-data. */
export function unjudgedAlert(
  accountId: AccountId,
  pod: Pod,
  unjudged: UnjudgedTime,
  context: UnjudgedContext,
): PendingAlert {
  const run = String(pod.startedAtMs ?? pod.createdAtMs ?? 'unknown')
  const why = unknownReason(unjudgedReason(unjudged))
  return {
    key: { kind: 'activity-unknown', accountId, podId: pod.id, episode: unjudgedEpisode(run, context.nowMs) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: [],
    title: `${shortName(pod.name, 60)}: activity unknown for ${formatDuration(unjudged.forMs)}`,
    body: [
      `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
      `${effectText(context)} for it until that changes${costText(pod)}.`,
      ...(context.lookObstacle === null ? [] : [`A look from inside failed: ${context.lookObstacle}.`]),
      helpText(pod, unjudged, context.podRules),
    ].join(' '),
  }
}

function effectText({ hasIdleAlerts, isAutoStopOn }: UnjudgedContext): string {
  if (!isAutoStopOn) return 'Idle alerts don’t work'
  return hasIdleAlerts ? 'Idle alerts and auto-stop don’t work' : 'Auto-stop doesn’t work'
}

const costText = ({ costPerHourUsd, isPriceApproximate }: Pod): string =>
  costPerHourUsd === null ? '' : `, and it costs ${formatUsdPerHour(costPerHourUsd, isPriceApproximate)}`

/** Only what is possible for this pod. */
function helpText(pod: Pod, unjudged: UnjudgedTime, { podGuard }: PodRules): string {
  const isReachable = pod.ssh.direct !== null || pod.ssh.proxy !== null
  // A reply without its environment leaves out what the key may not read.
  const isKeyLimited = unjudgedReason(unjudged) === 'no-telemetry' && pod.isEnvironmentHidden === true
  const helps = [
    ...(isReachable ? ['a look from inside over SSH'] : []),
    ...(isReachable && isGuardable(pod) && podGuard === undefined ? ['the guard in the pod'] : []),
    ...(isKeyLimited ? ['an API key with wider permissions'] : []),
    ...(pod.managed === undefined ? [] : ['adding the Runpod account that the pod runs in']),
  ]
  const last = helps.at(-1)
  if (last === undefined) return 'Check it on Runpod.'
  const others = helps.slice(0, -1)
  const comma = others.length > 1 ? ',' : ''
  return `What helps: ${others.length === 0 ? last : `${others.join(', ')}${comma} or ${last}`}.`
}
