import type { Activity } from '../../core/idle/activity'
import type { ContainerView } from '../../core/containers/container-view'
import type { PodProgress } from '../../core/logs/pod-progress'
import { problemTitle } from '../../core/logs/progress-text'
import { idleReason, unknownReason } from '../../core/idle/idle-text'
import type { ObstacleView } from '../../core/obstacles/obstacle'
import type { AccountPart, PodView, Snapshot } from '../../core/view/snapshot'
import { sortPods } from './pod-text'

/*
 * The shapes printed by `--json`. Scripts rely on them, as documented in docs/cli.md: fields may be added, but renaming
 * or removing one requires a new `version`. They are therefore independent of the app's types.
 */

export const JSON_VERSION = 1

/** How an account is named in JSON. */
export interface NamedAccount {
  readonly id: string
  readonly name: string
}

export const accountJson = ({ id, name }: NamedAccount): NamedAccount => ({ id, name })

/** `problems`: by account, why nothing newer is known of it. */
export function statusJson(snapshot: Snapshot, problems: ReadonlyMap<string, string> = new Map()): unknown {
  const { account, accounts, burn, runwayMs } = snapshot
  const names = new Map(accounts.map(({ entry }) => [entry.id, accountJson(entry)]))
  return {
    version: JSON_VERSION,
    at: iso(snapshot.atMs),
    account: account && {
      id: account.id,
      provider: accounts.find(({ entry }) => entry.id === account.id)?.entry.provider ?? 'runpod',
      host: account.host,
      isDemo: account.isDemo,
      name: names.get(account.id)?.name ?? null,
    },
    connection: snapshot.connection.kind,
    seenAt: iso(snapshot.listedAtMs),
    isComplete: !snapshot.isListPartial && problems.size === 0,
    burn,
    balance: balanceJson(snapshot),
    runwayS: runwayMs === null ? null : Math.floor(runwayMs / 1_000),
    obstacles: snapshot.obstacles.map(obstacleJson),
    accounts: accounts.map((part) => partJson(part, problems.get(part.entry.id) ?? null)),
    pods: sortPods(snapshot.pods).map((pod) => podJson(pod, names.get(pod.accountId) ?? null)),
  }
}

const obstacleJson = ({
  code,
  severity,
  podId,
  podName,
  sinceMs,
  title,
  why,
  help,
}: ObstacleView): unknown => ({
  obstacle: code,
  severity,
  podId,
  pod: podName,
  since: iso(sinceMs),
  title,
  why,
  help,
})

const balanceJson = ({ balance }: Pick<Snapshot, 'balance'>): unknown =>
  balance.kind === 'known' ? { usd: balance.usd, spendPerHourUsd: balance.spendPerHourUsd } : null

function partJson(part: AccountPart, problem: string | null): unknown {
  const { entry, burn, runwayMs } = part
  return {
    id: entry.id,
    name: entry.name,
    provider: entry.provider ?? 'runpod',
    host: entry.host,
    connection: part.connection.kind,
    problem,
    seenAt: iso(part.listedAtMs),
    isComplete: !part.isListPartial && part.listedAtMs !== null,
    burn,
    balance: balanceJson(part),
    runwayS: runwayMs === null ? null : Math.floor(runwayMs / 1_000),
  }
}

export function podJson(pod: PodView, account: NamedAccount | null): unknown {
  return {
    id: pod.id,
    name: pod.name,
    account,
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
    ...(pod.isPriceApproximate && { isPriceApproximate: true }),
    ...(pod.engine && { engine: pod.engine }),
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
    container: containerJson(pod.container),
  }
}

/** What of its container is not simply up; null: it is up, or nothing says otherwise. */
export function containerJson(container: ContainerView | undefined): unknown {
  switch (container?.kind) {
    case undefined:
      return null
    case 'starting':
      return { kind: 'starting', since: iso(container.sinceMs), isOverdue: container.isOverdue }
    case 'unknown':
      return { kind: 'unknown' }
    case 'died':
      return { kind: 'died', since: iso(container.sinceMs), why: container.why }
    case 'gpus-missing':
      return { kind: 'gpus-missing', gpus: container.gpus, expected: container.expected }
  }
}

/** How far a new pod is; null: nothing is known of that. */
export function progressJson(progress: PodProgress | undefined): unknown {
  if (progress === undefined) return null
  const { steps, pull, problem, lines } = progress
  return {
    steps,
    pull: pull && { percent: pull.percent, pulledLayers: pull.pulledLayers, layers: pull.layers },
    problem: problem && {
      kind: problem.kind,
      title: problemTitle(problem),
      words: 'words' in problem ? problem.words : null,
    },
    lines: lines.map(({ atMs, text }) => ({ at: iso(atMs), text })),
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
