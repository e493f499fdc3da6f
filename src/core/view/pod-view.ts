import type { Activity } from '../idle/activity'
import { dataFates } from '../pods/data-impact'
import type { SeenPod } from '../polling/fleet'
import type { PodOfGuard } from '../guard/stop-enforcer'
import { type Intent, viewOfIntent } from '../intents/intent'
import type { PodAction, PodId } from '../pods/pod'
import { costOver, idleCost, stoppedDiskPerHourUsd } from '../money/burn-rate'
import type { PodView } from './snapshot'
import { canDo, hardwareOf, sshRouteOf } from '../pods/pod-capabilities'

const offered: readonly PodAction[] = ['start', 'stop', 'restart', 'terminate']

export function viewOfPods(
  seen: readonly SeenPod[],
  { intentOf }: { readonly intentOf: (podId: PodId) => Intent | null },
  guardOf: (podId: PodId) => PodOfGuard,
  nowMs: number,
): readonly PodView[] {
  return seen.map((one) => viewOfPod({ ...one, intent: intentOf(one.pod.id), ...guardOf(one.pod.id) }, nowMs))
}

/** Long enough to be told of, and not kept on. */
export function isIdleForLong({ activity, alertAfterMs, guard }: PodView): boolean {
  return activity.kind === 'idle' && activity.idleForMs >= alertAfterMs && guard.keepOn === null
}

/** One pod as every window draws it. */
export function viewOfPod(
  seen: SeenPod & PodOfGuard & { readonly intent: Intent | null },
  nowMs: number,
): PodView {
  const { pod } = seen
  const { costPerHourUsd, startedAtMs } = pod
  const activity: Activity =
    pod.phase === 'running' ? seen.activity : { kind: 'unknown', reason: 'not-running', sinceMs: null }
  const telemetry = pod.phase === 'running' ? seen.telemetry : null
  const isBilled = pod.phase === 'running' || pod.phase === 'creating' || pod.phase === 'error'
  return {
    id: pod.id,
    name: pod.name,
    phase: pod.phase,
    rawStatus: pod.rawStatus,
    statusReason: pod.statusReason,
    actions: offered.filter((action) => canDo(pod, action)),
    hardware: hardwareOf(pod),
    gpuCount: pod.gpu?.count ?? 0,
    dataCenterId: pod.dataCenterId,
    clusterId: pod.clusterId,
    isLocked: pod.isLocked,
    costPerHourUsd,
    stoppedDiskPerHourUsd: pod.phase === 'stopped' ? stoppedDiskPerHourUsd(pod) : null,
    costSinceStartUsd:
      isBilled && costPerHourUsd !== null && startedAtMs !== null
        ? costOver(costPerHourUsd, Math.max(0, nowMs - startedAtMs))
        : null,
    createdAtMs: pod.createdAtMs,
    startedAtMs,
    utilPercent: pod.phase === 'running' ? seen.utilPercent : null,
    gpus: telemetry?.gpus ?? [],
    cpuUtilPercent: telemetry?.cpuUtilPercent ?? null,
    memoryUtilPercent: telemetry?.memoryUtilPercent ?? null,
    uptimeS: telemetry?.uptimeS ?? null,
    activity,
    idleCostUsd: idleCost(pod, activity),
    alertAfterMs: seen.alertAfterMs,
    stopFate: dataFates(pod, 'stop'),
    terminateFate: dataFates(pod, 'terminate'),
    sshRoute: sshRouteOf(pod),
    intent: seen.intent && viewOfIntent(seen.intent),
    guard: seen.guard,
  }
}
