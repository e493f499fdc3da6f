import type { Instant } from './time'

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

export interface Range {
  readonly min: number
  readonly max: number
}

/** What the idle samples of an episode showed, for saying why. Percentages. */
export interface IdleEvidence {
  /** Null on a CPU pod. */
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range
  /** No GPU or host memory figure moved by 2 points or more. */
  readonly isMemoryStill: boolean
  readonly samples: number
  readonly idleSamples: number
}

export interface PartlyIdle {
  readonly idleGpus: number
  readonly gpus: number
  /** Observed idle time that all of the idle GPUs have, in milliseconds. */
  readonly idleForMs: number
}

/** What a pod does. */
export type Activity =
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly sinceMs: number | null }
  | {
      readonly kind: 'busy'
      readonly by: 'gpu' | 'cpu' | 'terminal' | 'job'
      readonly partlyIdle: PartlyIdle | null
    }
  | {
      readonly kind: 'idle'
      /** Wall time of the episode's first idle sample, Unix ms; names the episode. */
      readonly sinceMs: number
      /** Observed idle time, ms. */
      readonly idleForMs: number
      /** Observed time for which the pod was quiet as well, ms. */
      readonly quietForMs: number
      readonly evidence: IdleEvidence
    }

export type { Instant }
