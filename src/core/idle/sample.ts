import type { Pod, Telemetry } from '../pods/pod'
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../base/time'

/** The numbers behind "busy", "idle" and "quiet". Source: product rules, "Activity"; all are settings. */
export interface ActivityRules {
  /** A GPU (CPU pods: the CPU) at or above this many percent is at work. */
  readonly busyAtPercent: number
  /** The longest stretch between two idle samples that counts, and the longest that an episode survives. */
  readonly gapMs: number
  /** The first part of a container's uptime, which is not judged. */
  readonly bootMs: number
  /** Wall and monotonic clock may disagree by this much before the stretch counts as not observed. */
  readonly clockToleranceMs: number
  /** CPU ceiling of a quiet pod, in percent; half a core where that is less. */
  readonly quietCpuPercent: number
  /** A memory figure of a quiet pod moves by less than this many points. */
  readonly stillMemoryPoints: number
  /** How long single samples are kept: for drawing, and to take in one that comes late. */
  readonly keepSamplesMs: number
}

export const defaultActivityRules: ActivityRules = {
  busyAtPercent: 5,
  gapMs: 5 * MINUTE_MS,
  bootMs: 10 * MINUTE_MS,
  clockToleranceMs: 30 * SECOND_MS,
  quietCpuPercent: 3,
  stillMemoryPoints: 2,
  keepSamplesMs: HOUR_MS + 5 * MINUTE_MS,
}

/** One look at a running pod. */
export interface Sample {
  /** When it was asked for. */
  readonly at: Instant
  /** When the answer was there; absent: at once. */
  readonly answeredAt?: Instant
  /** The GPUs that the pod has; 0 for a CPU pod; null when not even that is known. */
  readonly expectedGpus: number | null
  readonly vcpuCount: number | null
  readonly startedAtMs: number | null
  readonly telemetry: Telemetry | null
  /** A terminal of ours had input within the last 10 minutes. */
  readonly hasTerminalInput: boolean
  readonly hasRunningJob: boolean
}

/** Why nothing can be said of a pod's activity. Source of the list: product rules, "Activity". */
export type UnknownReason =
  | 'not-running'
  | 'no-samples'
  | 'no-telemetry'
  | 'gpu-figures-missing'
  | 'figure-missing'
  | 'figure-out-of-range'
  | 'uptime-stale'
  | 'booting'
  | 'not-seen'

/** What one sample says by itself. */
export type SampleLabel =
  | { readonly kind: 'busy'; readonly by: 'gpu' | 'cpu' | 'terminal' | 'job' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason }

/** The sample that a look at `pod` makes; only a running pod is sampled. */
export function sampleOf(
  pod: Pod,
  at: Instant,
  use: { readonly hasTerminalInput: boolean; readonly hasRunningJob: boolean },
  answeredAt: Instant = at,
): Sample {
  return {
    at,
    answeredAt,
    expectedGpus: pod.gpu ? pod.gpu.count : pod.cpu ? 0 : null,
    vcpuCount: pod.vcpuCount,
    startedAtMs: pod.startedAtMs,
    telemetry: pod.telemetry,
    ...use,
  }
}

/** Judges one sample: by its use, else by its figures. `previousUptimeS`: as in `labelFigures`. */
export function labelSample(
  sample: Sample,
  previousUptimeS: number | null,
  rules: ActivityRules,
): SampleLabel {
  if (sample.hasTerminalInput) return { kind: 'busy', by: 'terminal' }
  if (sample.hasRunningJob) return { kind: 'busy', by: 'job' }
  return labelFigures(sample, previousUptimeS, rules)
}

/**
 * Judges the figures of one sample. `previousUptimeS` is the uptime of the sample before it (null: none
 * known): an uptime that does not advance means the figures are old.
 */
export function labelFigures(
  sample: Sample,
  previousUptimeS: number | null,
  rules: ActivityRules,
): SampleLabel {
  const { telemetry, expectedGpus } = sample
  if (telemetry === null) return unknown('no-telemetry')
  if (expectedGpus === null || telemetry.gpus.length < expectedGpus) return unknown('gpu-figures-missing')
  const percentages = [
    ...telemetry.gpus.flatMap((gpu) => [gpu.utilPercent, gpu.memoryUtilPercent]),
    telemetry.cpuUtilPercent,
    telemetry.memoryUtilPercent,
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

/** Judges GPU `index` alone, of a sample whose figures were labelled `figures`. */
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

/** The busiest GPU (CPU pods: the CPU) in percent; null when it is not known. For display. */
export function utilPercentOf(sample: Sample): number | null {
  if (sample.telemetry === null) return null
  const figures =
    sample.expectedGpus === 0
      ? [sample.telemetry.cpuUtilPercent]
      : sample.telemetry.gpus.map((gpu) => gpu.utilPercent)
  const known = figures.filter(isPercent)
  return known.length === 0 ? null : Math.max(...known)
}

/** The memory figures of an idle sample, all of which are known: the host's first, then the GPUs'. Percentages. */
export function memoryOf({ telemetry }: Sample): number[] {
  const gpus = telemetry?.gpus ?? []
  return [telemetry?.memoryUtilPercent ?? 0, ...gpus.map((gpu) => gpu.memoryUtilPercent ?? 0)]
}

const isBooting = (telemetry: Telemetry | null, rules: ActivityRules): boolean =>
  (telemetry?.uptimeS ?? 0) * SECOND_MS < rules.bootMs

const unknown = (reason: UnknownReason): SampleLabel => ({ kind: 'unknown', reason })

function isPercent(value: number | null | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100
}
