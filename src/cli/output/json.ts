import type { Activity } from '../../core/idle/activity'
import type { ListedAuditEntry } from '../../core/audit-log/audit-log'
import { idleReason, unknownReason } from '../../core/idle/idle-text'
import type { PodView, Snapshot } from '../../core/view/snapshot'
import { sortPods } from './pod-text'

/*
 * The shapes printed by `--json`. Scripts rely on them, as documented in docs/cli.md: fields may be added, but renaming
 * or removing one requires a new `version`. They are therefore independent of the app's types.
 */

export const JSON_VERSION = 1

export function statusJson(snapshot: Snapshot): unknown {
  const { account, balance, burn, runwayMs } = snapshot
  return {
    version: JSON_VERSION,
    at: iso(snapshot.atMs),
    account: account && { id: account.id, host: account.host, isDemo: account.isDemo },
    connection: snapshot.connection.kind,
    seenAt: iso(snapshot.listedAtMs),
    isComplete: !snapshot.isListPartial,
    burn: { perHourUsd: burn.perHourUsd, isAtLeast: burn.isAtLeast },
    balance: balance.kind === 'known' ? { usd: balance.usd, spendPerHourUsd: balance.spendPerHourUsd } : null,
    runwayS: runwayMs === null ? null : Math.floor(runwayMs / 1_000),
    pods: sortPods(snapshot.pods).map(podJson),
  }
}

export function entryJson(entry: ListedAuditEntry): unknown {
  const { seq, atMs, accountId, podId, podName, kind, what, text, tone } = entry
  return { seq, at: iso(atMs), accountId, podId, pod: podName, kind, what, text, tone }
}

export function podJson(pod: PodView): unknown {
  return {
    id: pod.id,
    name: pod.name,
    state: pod.phase,
    rawStatus: pod.rawStatus,
    statusReason: pod.statusReason,
    actions: pod.actions,
    hardware: pod.hardware,
    gpuCount: pod.gpuCount,
    dataCenter: pod.dataCenterId,
    clusterId: pod.clusterId,
    isLocked: pod.isLocked,
    costPerHourUsd: pod.costPerHourUsd,
    stoppedDiskPerHourUsd: pod.stoppedDiskPerHourUsd,
    costSinceStartUsd: pod.costSinceStartUsd,
    createdAt: iso(pod.createdAtMs),
    startedAt: iso(pod.startedAtMs),
    utilPercent: pod.utilPercent,
    gpus: pod.gpus.map(({ utilPercent, memoryUtilPercent }) => ({ utilPercent, memoryUtilPercent })),
    cpuUtilPercent: pod.cpuUtilPercent,
    memoryUtilPercent: pod.memoryUtilPercent,
    uptimeS: pod.uptimeS,
    activity: activityJson(pod.activity),
  }
}

export function activityJson(activity: Activity): unknown {
  switch (activity.kind) {
    case 'unknown':
      return { kind: 'unknown', reason: unknownReason(activity.reason) }
    case 'busy':
      return { kind: 'busy', by: activity.by }
    case 'idle':
      return {
        kind: 'idle',
        since: iso(activity.sinceMs),
        idleForS: Math.floor(activity.idleForMs / 1_000),
        reason: idleReason(activity),
      }
  }
}

/** ISO 8601 in UTC. */
export function iso(atMs: number): string
export function iso(atMs: number | null): string | null
export function iso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}
