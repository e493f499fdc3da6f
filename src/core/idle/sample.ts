import type { Pod, PodId, Telemetry } from '../pods/pod'
import { type LeftOutFigures, nothingLeftOut } from './absent-figures'
import { type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/** Limits for "busy", "idle" and "quiet"; all are settings. See docs/product-rules.md#2-activity. */
export interface ActivityRules {
  /** Utilization in percent at or above which a GPU (on CPU pods: the CPU) is busy. */
  readonly busyAtPercent: number
  /** The longest interval between two idle samples that counts as observed. */
  readonly countedIntervalMs: number
  /** The longest interval between two idle samples that pauses an episode instead of ending it. */
  readonly gapMs: number
  /** The initial part of a container's uptime that is not judged. */
  readonly bootMs: number
  /**
   * If the wall clock and the monotonic clock disagree by more than this, the interval counts as not
   * observed.
   */
  readonly clockToleranceMs: number
  /** CPU limit of a quiet pod, in percent; half a core if that is less. */
  readonly quietCpuPercent: number
  /** A memory figure of a quiet pod changes by less than this many points. */
  readonly stillMemoryPoints: number
  /** For how long samples are kept at least, so that a late one is put in its place: longer than a request takes. */
  readonly keepSamplesMs: number
}

export const defaultActivityRules: ActivityRules = {
  busyAtPercent: 5,
  countedIntervalMs: MINUTE_MS,
  gapMs: 5 * MINUTE_MS,
  bootMs: 10 * MINUTE_MS,
  clockToleranceMs: 30 * SECOND_MS,
  quietCpuPercent: 3,
  stillMemoryPoints: 2,
  keepSamplesMs: 5 * MINUTE_MS,
}

/** One reading of a running pod. */
export interface Sample {
  /** When the request was sent. */
  readonly at: Instant
  /** When the reply arrived; absent: at the same time. */
  readonly answeredAt?: Instant
  /** How far apart polls were before it, ms; absent: not further than usual. */
  readonly spacingMs?: number
  /** The number of GPUs of the pod; 0 for a CPU pod; null when unknown. */
  readonly expectedGpus: number | null
  readonly vcpuCount: number | null
  readonly startedAtMs: number | null
  readonly telemetry: Telemetry | null
  /** One of our terminals had input within the last 10 minutes. */
  readonly hasTerminalInput: boolean
  /** When it had input last. Absent or null: not known. */
  readonly inputAt?: Instant | null
  readonly hasRunningJob: boolean
  /** When a queue job on it ended last. Absent or null: none did that this program knows of. */
  readonly jobEndedAt?: Instant | null
  /** A look from inside found that something works in the pod. Absent: it did not. */
  readonly isWorkingInside?: boolean
  /** A look from inside by this program found that, not only the guard in the pod. Absent: it did not. */
  readonly isWorkSeenByLook?: boolean
  /** A look from inside, or the guard in it, says whether it works. Absent: nothing does. */
  readonly isJudgedInside?: boolean
  /** What is seen inside around now, for a pod whose figures can't be judged. Absent: nothing looks now. */
  readonly insideNow?: 'at-rest' | 'working'
  /** A person watched its GPUs live in the last minute, and one was busy. Absent: not known. */
  readonly isGpuBusyInside?: boolean
  /** How long the service that manages the pod reports it idle; 0: busy. Absent: it doesn't say. */
  readonly reportedIdleMinutes?: number
}

/** What was seen inside of a pod, which its figures need not show. */
export type SeenInside = Pick<
  Sample,
  'isWorkingInside' | 'isWorkSeenByLook' | 'isJudgedInside' | 'isGpuBusyInside' | 'insideNow'
>

/** What the queue of jobs says of a pod's use. */
export type JobUse = Pick<Sample, 'hasRunningJob' | 'jobEndedAt'>

/** What the queue of jobs says of a pod. */
export interface PodJobs {
  /** Whether a job keeps it busy, or did. See docs/product-rules.md#15-queue-of-experiments. */
  readonly useOf: (podId: PodId) => JobUse
  /** The names of the jobs that it could run now, the first in front. */
  readonly waitingJobNames: (podId: PodId) => readonly string[]
  /** The maximum hours of pods that were requested for jobs, from their start. */
  readonly maxHours: () => ReadonlyMap<PodId, number>
  /** Whether the pod is to be stopped after a job. */
  readonly stopAfterJob: (podId: PodId) => StopAfterJob
}

/** `unread`: it is, and couldn't be read for that. Null: it isn't, or a person keeps it from that. */
export type StopAfterJob = 'due' | 'unread' | null

/** Why a pod's activity is unknown. See docs/product-rules.md#21-unknown. */
export const unknownReasons = [
  'not-running',
  'starting',
  'no-samples',
  'no-telemetry',
  'gpu-figures-missing',
  'figure-missing',
  'figure-out-of-range',
  'uptime-stale',
  'refreshed-rarely',
  'booting',
  'not-seen',
] as const
export type UnknownReason = (typeof unknownReasons)[number]

/** The verdict on a single sample. `inside`: by what is seen inside, where its figures can't be judged. */
export type SampleLabel =
  | { readonly kind: 'busy'; readonly by: 'gpu' | 'cpu' | 'terminal' | 'job' | 'inside' }
  | { readonly kind: 'idle'; readonly by?: 'inside' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason }

/** Creates the sample for a polled pod; only running pods are sampled. */
export function sampleOf(
  pod: Pod,
  at: Instant,
  usage: Pick<Sample, 'hasTerminalInput' | 'inputAt' | keyof JobUse | keyof SeenInside>,
  answeredAt: Instant = at,
): Sample {
  return {
    at,
    answeredAt,
    expectedGpus: pod.gpu ? pod.gpu.count : pod.cpu ? 0 : null,
    vcpuCount: pod.vcpuCount,
    startedAtMs: pod.startedAtMs,
    telemetry: pod.telemetry,
    ...reportedIdlePart(pod),
    ...usage,
  }
}

/** A year. No pod idles for longer, so a larger figure is no figure. */
const MAX_REPORTED_MINUTES = 366 * 24 * 60

function reportedIdlePart({ phase, managed }: Pod): Pick<Sample, 'reportedIdleMinutes'> {
  const minutes = phase === 'running' ? (managed?.idleMinutes ?? null) : null
  const isReadable = minutes !== null && minutes >= 0 && minutes <= MAX_REPORTED_MINUTES
  return isReadable ? { reportedIdleMinutes: minutes } : {}
}

/** Judges one sample whose figures have the label `figures`: a terminal, a job and a live look at its GPUs come first. */
export function labelSample(sample: Sample, figures: SampleLabel): SampleLabel {
  if (sample.hasTerminalInput) return { kind: 'busy', by: 'terminal' }
  if (sample.hasRunningJob) return { kind: 'busy', by: 'job' }
  if (sample.isGpuBusyInside === true) return { kind: 'busy', by: 'gpu' }
  return figures
}

/**
 * Judges the figures of one sample. `previousUptimeS` is the uptime of the previous sample (null: unknown).
 * If the uptime does not advance, the figures are stale. `leftOut`: those that the verdict does without.
 */
export function labelFigures(
  sample: Sample,
  previousUptimeS: number | null,
  rules: ActivityRules,
  leftOut: LeftOutFigures = nothingLeftOut,
): SampleLabel {
  const { telemetry, expectedGpus } = sample
  if (telemetry === null) return unknown('no-telemetry')
  if (expectedGpus === null || telemetry.gpus.length < expectedGpus) return unknown('gpu-figures-missing')
  const percentages = [
    ...telemetry.gpus.flatMap((gpu) => [gpu.utilPercent, gpu.memoryUtilPercent]),
    ...(leftOut.cpu ? [] : [telemetry.cpuUtilPercent]),
    ...(leftOut.memory ? [] : [telemetry.memoryUtilPercent]),
  ]
  if (percentages.includes(null) || telemetry.uptimeS === null) return unknown('figure-missing')
  if (!percentages.every(isPercent) || !(telemetry.uptimeS >= 0)) return unknown('figure-out-of-range')
  if (previousUptimeS !== null && telemetry.uptimeS <= previousUptimeS) return unknown('uptime-stale')

  if (telemetry.gpus.some((gpu) => gpu.utilPercent !== null && gpu.utilPercent >= rules.busyAtPercent))
    return { kind: 'busy', by: 'gpu' }
  if (
    expectedGpus === 0 &&
    telemetry.cpuUtilPercent !== null &&
    telemetry.cpuUtilPercent >= rules.busyAtPercent
  )
    return { kind: 'busy', by: 'cpu' }
  if (isBooting(telemetry, rules)) return unknown('booting')
  return { kind: 'idle' }
}

/** Judges GPU `index` of a sample whose figures have the label `figures`. */
export function labelGpu(
  sample: Sample,
  index: number,
  figures: SampleLabel,
  rules: ActivityRules,
): SampleLabel['kind'] {
  const utilPercent = sample.telemetry?.gpus[index]?.utilPercent
  if (figures.kind === 'unknown' || !isPercent(utilPercent)) return 'unknown'
  if (utilPercent >= rules.busyAtPercent) return 'busy'
  return isBooting(sample.telemetry, rules) ? 'unknown' : 'idle'
}

/** Utilization of the busiest GPU (on CPU pods: the CPU) in percent, for display; null when unknown. */
export function utilPercentOf(sample: Sample): number | null {
  if (sample.telemetry === null) return null
  const figures =
    sample.expectedGpus === 0
      ? [sample.telemetry.cpuUtilPercent]
      : sample.telemetry.gpus.map((gpu) => gpu.utilPercent)
  const known = figures.filter(isPercent)
  return known.length === 0 ? null : Math.max(...known)
}

/**
 * The memory figures of an idle sample in percent: the host's first, then the GPUs'. One that the verdict does without
 * counts as 0, and so as changed once it comes.
 */
export function memoryPercentsOf({ telemetry }: Sample): number[] {
  const gpus = telemetry?.gpus ?? []
  return [telemetry?.memoryUtilPercent ?? 0, ...gpus.map((gpu) => gpu.memoryUtilPercent ?? 0)]
}

const isBooting = (telemetry: Telemetry | null, rules: ActivityRules): boolean =>
  (telemetry?.uptimeS ?? 0) * SECOND_MS < rules.bootMs

const unknown = (reason: UnknownReason): SampleLabel => ({ kind: 'unknown', reason })

export function isPercent(value: number | null | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100
}
