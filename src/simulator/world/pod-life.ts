import { complete, type CompleteSpec, type PodPatch, type PodSpec, type RunMode } from './pod-spec'

/*
 * A pod's life, computed from what was asked of it and when; nothing here waits or ticks. Times are
 * simulated milliseconds.
 *
 *   start ─► PROVISIONING ─► STARTING ─► RUNNING (or ERROR)
 *   stop  ─► still says what it said, for a few seconds ─► EXITED
 *   restart: says RUNNING throughout; no telemetry until the container is back, and then a small uptime
 */

export type PodStatus = 'PROVISIONING' | 'STARTING' | 'RUNNING' | 'EXITED' | 'ERROR'
export type PodAction = 'start' | 'stop' | 'restart' | 'terminate'

export interface PodRecord {
  readonly id: string
  /** Which pod of the account it is, by the order of their making. */
  readonly serial: number
  readonly spec: CompleteSpec
  readonly mode: RunMode
  readonly createdAtMs: number
  /** When the present run was asked for. */
  readonly requestedAtMs: number
  readonly readyAtMs: number
  /** Since when the container is up: `readyAtMs`, or later after a restart. */
  readonly containerSinceMs: number
  readonly stopAskedAtMs: number | null
  readonly offAtMs: number | null
  /** How many containers there were before this one: each is published at other ports. */
  readonly earlierContainers: number
  readonly earlierStartedAtMs: number | null
}

export const MINUTE_MS = 60_000

/** A pod as `spec` wants it to stand at `nowMs`. */
export function bornAt(spec: PodSpec, id: string, serial: number, nowMs: number): PodRecord {
  const full = complete(spec)
  const isStopped = spec.mode === 'stopped'
  const offAtMs = isStopped ? nowMs - (spec.stoppedAgoMin ?? 60) * MINUTE_MS : null
  const startedAgoMs = (spec.startedAgoMin ?? 60 + (isStopped ? (spec.stoppedAgoMin ?? 60) : 0)) * MINUTE_MS
  const bootMs = bootOf(full)
  const readyAtMs = startedAgoMs === 0 ? nowMs + bootMs : nowMs - startedAgoMs
  const requestedAtMs = readyAtMs - bootMs
  return {
    id,
    serial,
    spec: full,
    mode: spec.mode === 'stopped' ? full.onStart : spec.mode,
    createdAtMs:
      spec.createdAgoMin === undefined
        ? requestedAtMs
        : Math.min(requestedAtMs, nowMs - spec.createdAgoMin * MINUTE_MS),
    requestedAtMs,
    readyAtMs,
    containerSinceMs: readyAtMs,
    stopAskedAtMs: offAtMs,
    offAtMs,
    earlierContainers: 0,
    earlierStartedAtMs: null,
  }
}

export function statusAt(pod: PodRecord, nowMs: number): PodStatus {
  if (pod.offAtMs !== null && nowMs >= pod.offAtMs) return 'EXITED'
  const seenMs = Math.min(nowMs, pod.stopAskedAtMs ?? nowMs)
  if (pod.mode === 'stuck-creating') return 'PROVISIONING'
  if (seenMs >= pod.readyAtMs) return pod.mode === 'error' ? 'ERROR' : 'RUNNING'
  return seenMs >= pod.requestedAtMs + pod.spec.provisioningS * 1_000 ? 'STARTING' : 'PROVISIONING'
}

/** When the container of this run, or of the one before it, was started; null if none ever was. */
export function startedAtMs(pod: PodRecord, nowMs: number): number | null {
  const seenMs = Math.min(nowMs, pod.stopAskedAtMs ?? nowMs)
  return pod.mode !== 'stuck-creating' && seenMs >= pod.readyAtMs ? pod.readyAtMs : pod.earlierStartedAtMs
}

/** Whole seconds since the container came up; null while there is none. */
export function uptimeS(pod: PodRecord, nowMs: number): number | null {
  if (statusAt(pod, nowMs) !== 'RUNNING' || nowMs < pod.containerSinceMs) return null
  return Math.floor((nowMs - pod.containerSinceMs) / 1_000)
}

/** Source: the prose of the API document's action endpoint. */
export function actionsOf(status: PodStatus): readonly PodAction[] {
  if (status === 'RUNNING') return ['stop', 'restart', 'terminate']
  if (status === 'EXITED' || status === 'ERROR') return ['start', 'terminate']
  return ['stop', 'terminate']
}

export function started(pod: PodRecord, nowMs: number): PodRecord {
  const readyAtMs = nowMs + bootOf(pod.spec)
  return {
    ...pod,
    requestedAtMs: nowMs,
    readyAtMs,
    containerSinceMs: readyAtMs,
    stopAskedAtMs: null,
    offAtMs: null,
    earlierContainers: pod.earlierContainers + 1,
    earlierStartedAtMs: startedAtMs(pod, nowMs),
  }
}

/** A second stop changes nothing: the first one runs on. */
export function stopped(pod: PodRecord, nowMs: number): PodRecord {
  if (pod.offAtMs !== null) return pod
  return { ...pod, stopAskedAtMs: nowMs, offAtMs: nowMs + pod.spec.stoppingS * 1_000 }
}

export function restarted(pod: PodRecord, nowMs: number): PodRecord {
  return {
    ...pod,
    containerSinceMs: nowMs + pod.spec.restartingS * 1_000,
    earlierContainers: pod.earlierContainers + 1,
  }
}

export function patched(pod: PodRecord, patch: PodPatch, nowMs: number): PodRecord {
  const { mode = pod.mode, ...rest } = patch
  const spec = { ...pod.spec, ...rest }
  if (mode !== 'stopped') return { ...pod, spec, mode }
  return stoppedAtOnce({ ...pod, spec }, nowMs)
}

/** Without the seconds that a stop takes; a pod that is off stays as it is. */
export function stoppedAtOnce(pod: PodRecord, nowMs: number): PodRecord {
  const isOff = pod.offAtMs !== null && pod.offAtMs <= nowMs
  return isOff ? pod : { ...pod, stopAskedAtMs: nowMs, offAtMs: nowMs }
}

/** USD per hour as the API states it: nothing for a stopped pod. */
export function costPerHourUsd(pod: PodRecord, nowMs: number): number {
  return statusAt(pod, nowMs) === 'EXITED' ? 0 : pod.spec.costPerHourUsd
}

/** For how long the API goes on showing the last container's ports, as it does. */
export function hasStalePorts(pod: PodRecord, nowMs: number): boolean {
  return pod.earlierContainers > 0 && nowMs < pod.containerSinceMs + pod.spec.stalePortsS * 1_000
}

/** Whether someone else has the GPUs that a stopped pod left on its host. */
export function areGpusTaken(pod: PodRecord, nowMs: number): boolean {
  const { gpu, gpusTakenForMin } = pod.spec
  return gpu !== null && pod.offAtMs !== null && nowMs < pod.offAtMs + gpusTakenForMin * MINUTE_MS
}

function bootOf(spec: CompleteSpec): number {
  return (spec.provisioningS + spec.startingS) * 1_000
}
