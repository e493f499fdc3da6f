import { telemetryInputAt } from '../world/reported-runtime'
import { isPulling, type PodRecord, statusAt } from '../world/pod-record'
import { idleSinceUptimeS } from '../world/telemetry'
import type { World } from '../world/world'
import { HOUR_MS } from '../../core/base/time/time'

export const labPodStatuses = ['creating', 'running', 'stopped', 'terminated'] as const

export type LabPodStatus = (typeof labPodStatuses)[number]

/** A pod of a lab. What its cloud knows of it is in the `World`. Times are simulated ms. */
export interface LabPod {
  readonly documentId: string
  readonly labId: string
  /** Its id in the `World`. */
  readonly podId: string
  /** Since when the server's rules have applied to it as they do now; nothing is due before that. */
  readonly rulesFromMs: number
  readonly maxHours: number | null
  readonly overrides: Readonly<Record<string, unknown>>
  readonly omit: readonly string[]
  /** When the lab terminated it, which keeps its volume for a while. */
  readonly terminatedByLabAtMs: number | null
}

/** A pod of a lab together with what its cloud knows. */
export interface LabPodState {
  readonly pod: LabPod
  /** After a termination: as it was before. */
  readonly record: PodRecord
  readonly status: LabPodStatus
  /** When the server will terminate it or was to; null: never. */
  readonly terminatesAtMs: number | null
  /** When its volume is deleted; null unless the lab terminated it. */
  readonly volumeDeletedAtMs: number | null
}

const VOLUME_KEPT_MS = 7 * 24 * HOUR_MS

export function labPodState(pod: LabPod, world: World): LabPodState {
  const current = world.record(pod.podId)
  const record = current ?? world.removed(pod.podId)?.record
  if (record === undefined) throw new Error(`there was never a pod ${pod.podId}`)
  const hasVolume = record.spec.persistent !== null
  return {
    pod,
    record,
    status: current === null ? 'terminated' : labPodStatusAt(record, world.nowMs()),
    terminatesAtMs: pod.maxHours === null ? null : record.createdAtMs + pod.maxHours * HOUR_MS,
    volumeDeletedAtMs:
      hasVolume && pod.terminatedByLabAtMs !== null ? pod.terminatedByLabAtMs + VOLUME_KEPT_MS : null,
  }
}

/**
 * Hubify has four statuses only. A pod with an error still costs money, as one that runs. It looks for the container
 * itself, so a pod that pulls its image is being created.
 */
function labPodStatusAt(record: PodRecord, nowMs: number): LabPodStatus {
  if (isPulling(record, nowMs)) return 'creating'
  switch (statusAt(record, nowMs)) {
    case 'PROVISIONING':
    case 'STARTING':
      return 'creating'
    case 'RUNNING':
    case 'ERROR':
      return 'running'
    case 'EXITED':
      return 'stopped'
  }
}

/** Since when no GPU of a running pod has worked, simulated ms; null if one works, or if it is not known. */
export function idleSinceMs(record: PodRecord, seed: number, nowMs: number): number | null {
  const input = telemetryInputAt(record, seed, nowMs)
  const sinceUptimeS = input === null ? null : idleSinceUptimeS(input)
  if (sinceUptimeS === null) return null
  return Math.max(record.containerStartedAtMs + sinceUptimeS * 1_000, record.modeSinceMs ?? 0)
}
