import type { HubifyBehavior } from '../control/hubify-behavior'
import { idleSinceMs, type LabPodState } from '../labs/lab-pod'
import { directSshOf } from '../world/api-pod'
import { telemetryInputAt } from '../world/reported-runtime'
import { findGpu } from '../world/hosts/hardware'
import type { PodRecord } from '../world/pod-record'
import { telemetryAt } from '../world/telemetry'
import type { World } from '../world/world'

export const labGpuTypes = ['H200', 'H100', 'A100'] as const

export type LabGpuType = (typeof labGpuTypes)[number]

/** The hardware of the account that a GPU type means. */
export const labGpuIds = {
  H200: 'NVIDIA H200',
  H100: 'NVIDIA H100 80GB HBM3',
  A100: 'NVIDIA A100-SXM4-80GB',
} as const satisfies Record<LabGpuType, string>

/**
 * A pod as Hubify shows it. The documents describe its fields without naming them, except for `idleMinutes`; the names
 * are those that its other objects have.
 */
export function apiLabPod(
  state: LabPodState,
  world: World,
  behavior: HubifyBehavior,
  isDetail: boolean,
): Readonly<Record<string, unknown>> {
  const { pod, record, status, terminatesAtMs, volumeDeletedAtMs } = state
  const wallMs = (simulatedMs: number): number => Math.round(world.time.toWallMs(simulatedMs))
  const ssh = world.ssh === null || status !== 'running' ? null : directSshOf(record, world.view())
  const fields: Record<string, unknown> = {
    _id: pod.documentId,
    labId: pod.labId,
    provider: 'runpod',
    runpodPodId: pod.podId,
    gpuType: gpuTypeOf(record),
    gpuCount: record.spec.gpu?.count ?? 0,
    status,
    ...(ssh !== null && { sshHost: ssh.host, sshPort: ssh.port }),
    ...(behavior.hasHourlyCost && { hourlyCostUsd: record.spec.costPerHourUsd }),
    createdAt: wallMs(record.createdAtMs),
    ...(pod.maxHours !== null && { maxHours: pod.maxHours }),
    ...(terminatesAtMs !== null && { terminatesAt: wallMs(terminatesAtMs) }),
    ...(volumeDeletedAtMs !== null && { volumeDeletedAt: wallMs(volumeDeletedAtMs) }),
    ...((isDetail || behavior.hasUsageInLists) && status === 'running' && usageOf(record, world)),
    ...pod.overrides,
  }
  for (const name of pod.omit) delete fields[name]
  return fields
}

/** `H200`, `H100` or `A100`, and the hardware's own name for everything else. */
export function gpuTypeOf({ spec }: PodRecord): string {
  if (spec.gpu === null) return 'CPU'
  const name = findGpu(spec.gpu.id)?.name ?? spec.gpu.id
  return labGpuTypes.find((type) => name === type || name.startsWith(`${type} `)) ?? name
}

/** Percentages and whole minutes. Nothing where the server sees no figures. */
function usageOf(record: PodRecord, world: World): Readonly<Record<string, number>> {
  const nowMs = world.nowMs()
  const input = telemetryInputAt(record, world.seed, nowMs)
  if (input === null || record.mode === 'telemetry-missing') return {}
  const { gpus = [] } = telemetryAt(input)
  if (gpus.length === 0) return {}
  const mean = (values: readonly number[]): number =>
    Math.round((values.reduce((sum, each) => sum + each, 0) / values.length) * 10) / 10
  const sinceMs = idleSinceMs(record, world.seed, nowMs)
  return {
    gpuUtilization: mean(gpus.map(({ util }) => util)),
    memoryUtilization: mean(gpus.map(({ memoryUtil }) => memoryUtil)),
    idleMinutes: sinceMs === null ? 0 : Math.floor((nowMs - sinceMs) / 60_000),
  }
}
