import type { PodAction } from '../../core/pods/pod'
import {
  type PodPatch,
  type PullStatus,
  type SimulatedPodSpec,
  type ResolvedPodSpec,
  type RunMode,
  withDefaults,
} from './pod-spec'
import { MINUTE_MS } from '../../core/base/time/time'

/*
 * How long an image is pulled, by its size. The sizes are those of images of the same kind, and the speed is that of a
 * busy host; nobody published either.
 */

/** By a part of the image's name; the first that is in it counts. */
const SIZES_GB: readonly (readonly [part: string, sizeGb: number])[] = [
  ['ubuntu', 0.1],
  ['whisper', 6],
  ['comfyui', 12],
  ['axolotl', 15],
  ['vllm', 20],
]

const USUAL_SIZE_GB = 4.1
const PULL_GB_PER_S = 0.15

/** From the last layer to the start of the container. */
const UNPACK_S = 1.7

/*
 * A pod's state, computed from the actions on it and their times, without timers. Times are simulated
 * milliseconds.
 *
 *   start ─► PROVISIONING ─► STARTING or RUNNING, while the image is pulled ─► RUNNING (or ERROR)
 *   stop  ─► unchanged status for a few seconds ─► EXITED
 *   restart: RUNNING throughout; no telemetry until the container is back, and then a small uptime
 */

export type PodStatus = 'PROVISIONING' | 'STARTING' | 'RUNNING' | 'EXITED' | 'ERROR'

/** Who ended a run: a user, Runpod itself, or someone who bid more. */
export type StoppedBy = 'user' | 'service' | 'outbid'

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
  /** When a machine was found, and the pull of the image began. */
  readonly machineAtMs: number
  /** The status from then until the container is up. */
  readonly statusWhilePulling: PullStatus
  readonly readyAtMs: number
  /** Since when the container has been up: `readyAtMs`, or later after a restart. */
  readonly containerStartedAtMs: number
  readonly stopRequestedAtMs: number | null
  readonly offAtMs: number | null
  /** Means something once it is stopped. */
  readonly stoppedBy: StoppedBy
  /** The number of previous containers; each one is published at different ports. */
  readonly previousContainers: number
  readonly earlierStartedAtMs: number | null
  /** Whether its present run got its GPUs. */
  readonly hasGpus: boolean
  /** Since when the API's figures have stood still; null: they don't. */
  readonly frozenSinceMs: number | null
  /** Modes before the present one, oldest first, each until it was changed. */
  readonly earlierModes: readonly { readonly mode: RunMode; readonly untilMs: number }[]
  /** Jobs in the present container: until when they ran, or that one runs. Null: there was none. */
  readonly work: { readonly isRunning: boolean; readonly untilMs: number } | null
}

/** A pod that was terminated, as it was before, and when; simulated ms. */
export interface RemovedPod {
  readonly record: PodRecord
  readonly atMs: number
}

/** What the account has pods meet that say nothing else. */
export interface StartConditions {
  readonly statusWhilePulling: PullStatus
}

/** The pod described by `spec` at `nowMs`. */
export function createPodRecord(
  spec: SimulatedPodSpec,
  id: string,
  serial: number,
  nowMs: number,
  conditions: StartConditions,
): PodRecord {
  const full = withDefaults(spec)
  const isStopped = spec.mode === 'stopped'
  const offAtMs = isStopped ? nowMs - (spec.stoppedAgoMin ?? 60) * MINUTE_MS : null
  const startedAgoMs = (spec.startedAgoMin ?? 60 + (isStopped ? (spec.stoppedAgoMin ?? 60) : 0)) * MINUTE_MS
  // How a start went that is over is not to be seen any more.
  const isStarting = spec.mode === 'image-missing' || (startedAgoMs === 0 && !isStopped)
  const statusWhilePulling = isStarting
    ? (spec.statusWhilePulling ?? conditions.statusWhilePulling)
    : 'STARTING'
  const { provisioningMs, startingMs } = bootOf(full, statusWhilePulling)
  const bootMs = provisioningMs + startingMs
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
    machineAtMs: requestedAtMs + provisioningMs,
    statusWhilePulling,
    readyAtMs,
    containerStartedAtMs: readyAtMs,
    stopRequestedAtMs: offAtMs,
    offAtMs,
    stoppedBy: 'user',
    previousContainers: 0,
    earlierStartedAtMs: null,
    hasGpus: true,
    frozenSinceMs: full.hasFrozenMetrics ? nowMs : null,
    earlierModes: [],
    work: null,
  }
}

export function statusAt(pod: PodRecord, nowMs: number): PodStatus {
  if (pod.offAtMs !== null && nowMs >= pod.offAtMs) return 'EXITED'
  const seenMs = Math.min(nowMs, pod.stopRequestedAtMs ?? nowMs)
  if (pod.mode === 'stuck-creating') return 'PROVISIONING'
  if (seenMs >= pod.readyAtMs && pod.mode !== 'image-missing')
    return pod.mode === 'error' ? 'ERROR' : 'RUNNING'
  return seenMs >= pod.machineAtMs ? pod.statusWhilePulling : 'PROVISIONING'
}

/** When this run, or the previous one, began by the API; null if there was none. */
export function startedAtMs(pod: PodRecord, nowMs: number): number | null {
  const seenMs = Math.min(nowMs, pod.stopRequestedAtMs ?? nowMs)
  if (pod.mode === 'stuck-creating') return pod.earlierStartedAtMs
  const isAtOnce = pod.statusWhilePulling === 'RUNNING'
  const hasBegun = isAtOnce ? seenMs >= pod.machineAtMs : hasContainer(pod, seenMs)
  return hasBegun ? (isAtOnce ? pod.machineAtMs : pod.readyAtMs) : pod.earlierStartedAtMs
}

/** Whether a container of this run has been started. */
function hasContainer(pod: PodRecord, nowMs: number): boolean {
  return pod.mode !== 'stuck-creating' && pod.mode !== 'image-missing' && nowMs >= pod.readyAtMs
}

const changeWords: Readonly<Record<StoppedBy, string>> = {
  user: 'Exited by user',
  service: 'Exited by Runpod',
  outbid: 'Outbid',
}

/** What GraphQL says of the last change of its status. `toWallMs`: the API's time of a simulated one. */
export function lastStatusChange(pod: PodRecord, nowMs: number, toWallMs: (ms: number) => number): string {
  const isOff = pod.offAtMs !== null && nowMs >= pod.offAtMs
  const [words, atMs] = isOff
    ? [changeWords[pod.stoppedBy], pod.offAtMs]
    : ['Rented by User', pod.requestedAtMs]
  return `${words}: ${new Date(toWallMs(atMs)).toUTCString()}`
}

/** Whether the pod is RUNNING and has had no container since its start. */
export function isPulling(pod: PodRecord, nowMs: number): boolean {
  return statusAt(pod, nowMs) === 'RUNNING' && !hasContainer(pod, nowMs)
}

export function modeAt(pod: PodRecord, atMs: number): RunMode {
  return pod.earlierModes.find(({ untilMs }) => atMs < untilMs)?.mode ?? pod.mode
}

/** 0 for a CPU pod, and for one that was started without its GPUs. */
export function gpuCountOf({ spec, hasGpus }: PodRecord): number {
  return hasGpus ? (spec.gpu?.count ?? 0) : 0
}

/** Source: the description of the action endpoint in the API document. */
export function actionsOf(status: PodStatus): readonly PodAction[] {
  if (status === 'RUNNING') return ['stop', 'restart', 'terminate']
  if (status === 'EXITED' || status === 'ERROR') return ['start', 'terminate']
  return ['stop', 'terminate']
}

export function started(
  pod: PodRecord,
  nowMs: number,
  { hasGpus, ...conditions }: StartConditions & { readonly hasGpus: boolean },
): PodRecord {
  const statusWhilePulling = pod.spec.statusWhilePulling ?? conditions.statusWhilePulling
  const { provisioningMs, startingMs } = bootOf(pod.spec, statusWhilePulling)
  const machineAtMs = nowMs + provisioningMs
  const readyAtMs = machineAtMs + startingMs
  return {
    ...pod,
    requestedAtMs: nowMs,
    machineAtMs,
    statusWhilePulling,
    hasGpus,
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
  return { ...pod, stoppedBy: 'user', stopRequestedAtMs: nowMs, offAtMs: nowMs + pod.spec.stoppingS * 1_000 }
}

export function restarted(pod: PodRecord, nowMs: number): PodRecord {
  return {
    ...pod,
    // A pod can be restarted while its image is still pulled.
    containerStartedAtMs: Math.max(pod.readyAtMs, nowMs + pod.spec.restartingS * 1_000),
    previousContainers: pod.previousContainers + 1,
    work: null,
  }
}

export function patched(pod: PodRecord, patch: PodPatch, nowMs: number): PodRecord {
  const { mode = pod.mode, ...rest } = patch
  const spec = { ...pod.spec, ...rest }
  const frozenSinceMs = spec.hasFrozenMetrics ? (pod.frozenSinceMs ?? nowMs) : null
  const changed = { ...pod, spec, frozenSinceMs }
  if (mode === pod.mode) return changed
  if (mode === 'stopped') return stoppedAtOnce(changed, nowMs)
  const earlierModes = [...pod.earlierModes, { mode: pod.mode, untilMs: nowMs }]
  return { ...changed, mode, modeSinceMs: nowMs, earlierModes }
}

/** Without the few seconds that a stop takes; a pod that is off stays off. */
export function stoppedAtOnce(pod: PodRecord, nowMs: number, stoppedBy: StoppedBy = 'user'): PodRecord {
  const isOff = pod.offAtMs !== null && pod.offAtMs <= nowMs
  return isOff ? pod : { ...pod, stoppedBy, stopRequestedAtMs: nowMs, offAtMs: nowMs }
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

/** How long a start takes, ms. */
function bootOf(
  spec: ResolvedPodSpec,
  statusWhilePulling: PullStatus,
): { readonly provisioningMs: number; readonly startingMs: number } {
  const isAtOnce = statusWhilePulling === 'RUNNING'
  const sizeGb = spec.imageSizeGb ?? (isAtOnce ? imageSizeGb(spec.image) : null)
  const startingS = spec.startingS ?? (sizeGb === null ? 18 : pullSecondsOf(sizeGb))
  return {
    provisioningMs: (spec.provisioningS ?? (isAtOnce ? 1 : 12)) * 1_000,
    startingMs: startingS * 1_000,
  }
}

function imageSizeGb(image: string): number {
  return SIZES_GB.find(([part]) => image.includes(part))?.[1] ?? USUAL_SIZE_GB
}

/** Seconds from the first byte of the image to the start of its container. */
function pullSecondsOf(sizeGb: number): number {
  return Math.round(sizeGb / PULL_GB_PER_S + UNPACK_S)
}
