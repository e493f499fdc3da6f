import type { SimulatedPodSpec } from '../world/pod-spec'

/** One lab of a Hubify. */
export interface LabSpec {
  readonly id: string
  readonly slug: string
  /** Default: the slug. */
  readonly name?: string
  readonly template?: 'cosmology' | 'ml' | 'biology' | 'blank'
  readonly visibility?: 'public' | 'private'
  readonly createdAgoMin?: number
  readonly pods?: readonly SimulatedLabPodSpec[]
  readonly experiments?: readonly ExperimentSpec[]
  /** What its calls of language models have cost, USD. Default: 0. */
  readonly languageModelUsd?: number
  /** How long a pod is idle before the server stops it. Null: never. Default: 6. */
  readonly autoStopAfterH?: number | null
}

/** A pod of a lab: a new pod of the account, or the existing one with this id or else this name. */
export type SimulatedLabPodSpec = LabPodFacts &
  ({ readonly pod: SimulatedPodSpec } | { readonly existing: string })

interface LabPodFacts extends LabPodPatch {
  /** The id that paths take. Default: derived from the seed. */
  readonly documentId?: string
}

/** What can be changed of a pod of a lab without its cloud. */
export interface LabPodPatch {
  /** The server terminates the pod so many hours after its creation. Null, as by default: never. */
  readonly maxHours?: number | null
  /** Overrides fields of the API object, for example with an unknown status. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Fields that the API omits. */
  readonly omit?: readonly string[]
}

export const experimentStatuses = ['queued', 'running', 'pass', 'fail', 'blocked'] as const
export const computeModes = ['H200', 'H100', 'A100', 'CPU'] as const
export const priorities = ['critical', 'high', 'normal', 'low'] as const

export interface ExperimentSpec {
  readonly title: string
  readonly status: (typeof experimentStatuses)[number]
  /** Default: `EXP-001` and so on. */
  readonly experimentId?: string
  /** Default: `CPU`. */
  readonly computeMode?: (typeof computeModes)[number]
  /** Default: `normal`. */
  readonly priority?: (typeof priorities)[number]
  readonly estimatedSeconds?: number
  readonly createdAgoMin?: number
  /** What it has cost, USD. Default: 0. */
  readonly costUsd?: number
}
