import type { PodAction } from '../../core/pods/pod'
import {
  type PodPatch,
  type SimulatedPodSpec,
  type ResolvedPodSpec,
  type RunMode,
  withDefaults,
} from './pod-spec'
import { MINUTE_MS } from '../../core/base/time/time'

/*
 * A pod's state, computed from the actions on it and their times, without timers. Times are simulated
 * milliseconds.
 *
 *   start ─► PROVISIONING ─► STARTING ─► RUNNING (or ERROR)
 *   stop  ─► unchanged status for a few seconds ─► EXITED
 *   restart: RUNNING throughout; no telemetry until the container is back, and then a small uptime
 */

export type PodStatus = 'PROVISIONING' | 'STARTING' | 'RUNNING' | 'EXITED' | 'ERROR'

export interface PodRecord {
  readonly id: string
  /** The pod's index in the account, in order of creation. */
  readonly serial: number
  readonly spec: ResolvedPodSpec
  readonly mode: RunMode
  /** When the mode was changed; null while it is the one of its creation. */
  readonly modeSinceMs: number | null
  readonly createdAtMs: number
  /** When the present run was requested. */
  readonly requestedAtMs: number
  readonly readyAtMs: number
  /** Since when the container has been up: `readyAtMs`, or later after a restart. */
  readonly containerStartedAtMs: number
  readonly stopRequestedAtMs: number | null
  readonly offAtMs: number | null
  /** The number of previous containers; each one is published at different ports. */
  readonly previousContainers: number
  readonly earlierStartedAtMs: number | null
  /** Jobs in the present container: until when they ran, or that one runs. Null: there was none. */
  readonly work: { readonly isRunning: boolean; readonly untilMs: number } | null
}

/** The pod described by `spec` at `nowMs`. */
export function createPodRecord(
  spec: SimulatedPodSpec,
  id: string,
  serial: number,
  nowMs: number,
): PodRecord {
  const full = withDefaults(spec)
  const isStopped = spec.mode === 'stopped'
  const offAtMs = isStopped ? nowMs - (spec.stoppedAgoMin ?? 60) * MINUTE_MS : null
  const startedAgoMs = (spec.startedAgoMin ?? 60 + (isStopped ? (spec.stoppedAgoMin ?? 60) : 0)) * MINUTE_MS
  const bootMs = bootMsOf(full)
  const readyAtMs = startedAgoMs === 0 ? nowMs + bootMs : nowMs - startedAgoMs
  const requestedAtMs = readyAtMs - bootMs
  return {
    id,
    serial,
    spec: full,
    mode: spec.mode === 'stopped' ? full.onStart : spec.mode,
    modeSinceMs: null,
    createdAtMs:
      spec.createdAgoMin === undefined
        ? requestedAtMs
        : Math.min(requestedAtMs, nowMs - spec.createdAgoMin * MINUTE_MS),
    requestedAtMs,
    readyAtMs,
    containerStartedAtMs: readyAtMs,
    stopRequestedAtMs: offAtMs,
    offAtMs,
    previousContainers: 0,
    earlierStartedAtMs: null,
    work: null,
  }
}

export function statusAt(pod: PodRecord, nowMs: number): PodStatus {
  if (pod.offAtMs !== null && nowMs >= pod.offAtMs) return 'EXITED'
  const seenMs = Math.min(nowMs, pod.stopRequestedAtMs ?? nowMs)
  if (pod.mode === 'stuck-creating') return 'PROVISIONING'
  if (seenMs >= pod.readyAtMs && pod.mode !== 'image-missing')
    return pod.mode === 'error' ? 'ERROR' : 'RUNNING'
  return seenMs >= pod.requestedAtMs + pod.spec.provisioningS * 1_000 ? 'STARTING' : 'PROVISIONING'
}

/** When the container of this run, or of the previous one, was started; null if there was none. */
export function startedAtMs(pod: PodRecord, nowMs: number): number | null {
  const seenMs = Math.min(nowMs, pod.stopRequestedAtMs ?? nowMs)
  const hasContainer = pod.mode !== 'stuck-creating' && pod.mode !== 'image-missing'
  return hasContainer && seenMs >= pod.readyAtMs ? pod.readyAtMs : pod.earlierStartedAtMs
}

/** Whole seconds since the container started; null if there is none, as for the most part of a crash loop. */
export function uptimeS(pod: PodRecord, nowMs: number): number | null {
  if (statusAt(pod, nowMs) !== 'RUNNING' || nowMs < pod.containerStartedAtMs) return null
  if (pod.mode === 'crash-loop') return null
  return Math.floor((nowMs - pod.containerStartedAtMs) / 1_000)
}

/** Source: the description of the action endpoint in the API document. */
export function actionsOf(status: PodStatus): readonly PodAction[] {
  if (status === 'RUNNING') return ['stop', 'restart', 'terminate']
  if (status === 'EXITED' || status === 'ERROR') return ['start', 'terminate']
  return ['stop', 'terminate']
}

export function started(pod: PodRecord, nowMs: number): PodRecord {
  const readyAtMs = nowMs + bootMsOf(pod.spec)
  return {
    ...pod,
    requestedAtMs: nowMs,
    readyAtMs,
    containerStartedAtMs: readyAtMs,
    stopRequestedAtMs: null,
    offAtMs: null,
    previousContainers: pod.previousContainers + 1,
    earlierStartedAtMs: startedAtMs(pod, nowMs),
    work: null,
  }
}

/** A second stop has no effect, because the first is in progress. */
export function stopped(pod: PodRecord, nowMs: number): PodRecord {
  if (pod.offAtMs !== null) return pod
  return { ...pod, stopRequestedAtMs: nowMs, offAtMs: nowMs + pod.spec.stoppingS * 1_000 }
}

export function restarted(pod: PodRecord, nowMs: number): PodRecord {
  return {
    ...pod,
    containerStartedAtMs: nowMs + pod.spec.restartingS * 1_000,
    previousContainers: pod.previousContainers + 1,
    work: null,
  }
}

export function patched(pod: PodRecord, patch: PodPatch, nowMs: number): PodRecord {
  const { mode = pod.mode, ...rest } = patch
  const spec = { ...pod.spec, ...rest }
  if (mode === pod.mode) return { ...pod, spec }
  if (mode !== 'stopped') return { ...pod, spec, mode, modeSinceMs: nowMs }
  return stoppedAtOnce({ ...pod, spec }, nowMs)
}

/** Without the few seconds that a stop takes; a pod that is off stays off. */
export function stoppedAtOnce(pod: PodRecord, nowMs: number): PodRecord {
  const isOff = pod.offAtMs !== null && pod.offAtMs <= nowMs
  return isOff ? pod : { ...pod, stopRequestedAtMs: nowMs, offAtMs: nowMs }
}

/** The API's USD per hour, which is 0 for a stopped pod. */
export function costPerHourUsd(pod: PodRecord, nowMs: number): number {
  return statusAt(pod, nowMs) === 'EXITED' ? 0 : pod.spec.costPerHourUsd
}

/** How long the API keeps showing the previous container's ports, as Runpod does. */
export function hasStalePorts(pod: PodRecord, nowMs: number): boolean {
  return pod.previousContainers > 0 && nowMs < pod.containerStartedAtMs + pod.spec.stalePortsS * 1_000
}

/** Whether someone else uses the GPUs that a stopped pod left on its host. */
export function areGpusRentedOut(pod: PodRecord, nowMs: number): boolean {
  const { gpu, gpusTakenForMin } = pod.spec
  return gpu !== null && pod.offAtMs !== null && nowMs < pod.offAtMs + gpusTakenForMin * MINUTE_MS
}

function bootMsOf(spec: ResolvedPodSpec): number {
  return (spec.provisioningS + spec.startingS) * 1_000
}
