import type { KeepName } from '../arguments'
import type { CreatePlan } from '../../../core/creation/create-plan'
import type { PodForm } from '../../../core/creation/form/pod-form'
import type { Environment } from '../../../core/pods/pod-request'

/** As typed. */
export interface CreatePodChoices {
  readonly name?: string
  /** Names or ids of GPU types, in order of preference. */
  readonly gpu?: string
  readonly count?: number
  readonly cpu?: string
  readonly vcpus?: number
  readonly cloud?: 'secure' | 'community' | 'any'
  readonly dataCenter?: readonly string[]
  readonly image?: string
  readonly template?: string
  readonly args?: string
  readonly disk?: string
  readonly persistent?: string
  /** A network volume, by name or id; of a lab, the size of its volume in GB. */
  readonly volume?: string
  readonly mount?: string
  /** `NAME=value`, or `NAME` for the value of the command's own environment. */
  readonly env?: readonly string[]
  readonly envFile?: string
  readonly port?: readonly string[]
  readonly cuda?: readonly string[]
  readonly minCuda?: string
  readonly registry?: string
  /** False: without SSH. */
  readonly ssh: boolean
  /** By a key for this pod alone. */
  readonly ownKey?: true
  readonly jupyter?: true
  readonly globalNetworking?: true
  readonly maxHours?: string
  readonly budget?: string
  readonly stopAtBudget?: true
  readonly autoStop?: true
  readonly keep?: KeepName
  readonly allowDataLoss?: true
  readonly whenFree?: true
  readonly maxPrice?: string
  readonly waitHours?: string
  readonly overBudget?: true
  /** Files. */
  readonly preset?: string
  readonly savePreset?: string
  /** False: rules and terminal tabs of the pod that is rebuilt stay with it. */
  readonly takeover?: boolean
}

/** What a new pod is made like: another pod, or a preset. */
export interface CreateBase {
  /** Reads it. Throws a `CliExit` with nothing done. */
  copy(takenNames: readonly string[]): Promise<{
    readonly form: PodForm
    readonly environment: Environment
    /** The plan as it is carried out. */
    readonly complete?: (plan: CreatePlan) => CreatePlan
    /** What the new pod has of the old one, and what not. */
    readonly sentences: (form: PodForm) => readonly string[]
  }>
}
