import type { KeepOnChoice, PodRules } from '../pod-rules/pod-rules'
import type { PodId } from '../pods/pod'
import { type Environment, type PodSpec, SECRET_NAME } from '../pods/pod-request'

/*
 * What a person asked for: which pods to try, in which order, and what holds for the one that is made. It is written to
 * the journal before anything is sent, so it has the names of variables and never their values.
 */

/** A pod to try. */
export interface CreateCandidate {
  /** Such as "2 × H100 SXM". */
  readonly label: string
  /** USD with its disks, when it was confirmed; null: not known. */
  readonly perHourUsd: number | null
  readonly pod: PodSpec
}

/** A variable of the environment. `secretName`: its value is that secret of the account; null: a value of its own. */
export interface PlannedVariable {
  readonly name: string
  readonly secretName: string | null
}

/** What holds for the pod from its first minute. See docs/product-rules.md#112-rules-from-the-start. */
export interface NewPodRules extends Pick<
  PodRules,
  | 'isAutoStopped'
  | 'idleAlertAfterMin'
  | 'autoStopAfterMin'
  | 'maxHours'
  | 'monthlyBudgetUsd'
  | 'atBudget'
  | 'mayLoseData'
> {
  readonly keepOn?: KeepOnChoice
}

export interface CreatePlan {
  readonly name: string
  /** In order of preference; at least one. */
  readonly candidates: readonly CreateCandidate[]
  readonly variables: readonly PlannedVariable[]
  readonly rules: NewPodRules
  /** USD with disks: the most that was confirmed. Null: the price is not known, which was confirmed. */
  readonly maxPerHourUsd: number | null
  /** Tried again until something is free, for so long, ms. Null: tried once. */
  readonly waitsForMs: number | null
  /** A budget that is used up does not stop it: a person confirmed that. */
  readonly mayExceedBudget: boolean
  /** The pod that a person wants to replace by it. It is never touched without its own confirmation. */
  readonly replacesPodId?: PodId
  /**
   * The names of the terminal tabs that the pod to replace had, null: none of their own. They become tabs of the new
   * pod. Absent: they stay.
   */
  readonly terminalTabs?: readonly (string | null)[]
  /** The key for this pod alone: it is asked for with this run id, whose private half is on this computer. */
  readonly ownKey?: { readonly runId: string; readonly publicKey: string }
  /** The request for a pod by the queue of jobs that it was made for. */
  readonly jobRequestId?: string
  /** The preset that the queue of jobs made it by. */
  readonly presetName?: string
  /** The token of the Pods API, or the agent, that asked for it. Absent: a person did. */
  readonly tokenName?: string
  /** The draft of a window that it was made of. */
  readonly draftId?: string
}

/** The variable whose keys the images of Runpod accept. Where it is set, the service sets none of its own. */
export const PUBLIC_KEY_VARIABLE = 'PUBLIC_KEY'

export const MAX_CANDIDATES = 20
/** How long a create waits until something is free. */
export const CREATE_WAIT_H = { min: 0.25, default: 8, max: 72 } as const

/** The value by which a variable refers to a secret of the account. */
export const secretReference = (secretName: string): string => `{{ RUNPOD_SECRET_${secretName} }}`

/** The name of the secret that a value refers to; null if it is a value of its own. */
export function secretNameIn(value: string): string | null {
  const name = /^\{\{ ?RUNPOD_SECRET_(\S+) ?\}\}$/.exec(value)?.[1] ?? ''
  return SECRET_NAME.test(name) ? name : null
}

/** The environment for display. References to secrets are no secrets. */
export const maskedEnvironment = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      secretNameIn(value) === null ? '[hidden]' : value,
    ]),
  )

/** The variables of an environment, without their values. */
export const plannedVariables = (environment: Environment): readonly PlannedVariable[] =>
  Object.entries(environment).map(([name, value]) => ({ name, secretName: secretNameIn(value) }))

/** The variables whose values are kept nowhere, so that a plan cannot go on after the program ends. */
export const unkeptVariables = ({ variables }: CreatePlan): readonly string[] =>
  variables.filter(({ secretName }) => secretName === null).map(({ name }) => name)

/** The environment, as far as the plan has it. */
export const keptEnvironment = ({ variables }: CreatePlan): Environment =>
  Object.fromEntries(
    variables.flatMap(({ name, secretName }) =>
      secretName === null ? [] : [[name, secretReference(secretName)]],
    ),
  )

/** Why a plan is not carried out, whatever money says, as a sentence; null: it is. */
export function planProblem({ candidates, maxPerHourUsd, waitsForMs, rules }: CreatePlan): string | null {
  if (candidates.length === 0) return 'Choose at least one GPU or CPU.'
  const isPriceKnown = candidates.every(({ perHourUsd }) => perHourUsd !== null)
  if (maxPerHourUsd !== null && candidates.some(({ perHourUsd }) => (perHourUsd ?? 0) > maxPerHourUsd))
    return 'One of the choices costs more than you confirmed.'
  if (waitsForMs === null) return null
  if (maxPerHourUsd === null || !isPriceKnown)
    return 'To wait for capacity, every price must be known and a maximum confirmed.'
  return rules.maxHours === undefined ? 'To wait for capacity, set maximum hours.' : null
}
