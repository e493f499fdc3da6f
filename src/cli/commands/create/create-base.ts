import type { CreatePlan } from '../../../core/creation/create-plan'
import type { PodForm } from '../../../core/creation/form/pod-form'
import type { Environment } from '../../../core/pods/pod-request'

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
