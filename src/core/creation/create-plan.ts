import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'
import { HOUR_MS } from '../base/time/time'
import { keepOnChoices, stopTimeSchema } from '../pod-rules/pod-rules'
import {
  cloudPodSchema,
  type Environment,
  environmentNameSchema,
  isRunId,
  labPodChoiceSchema,
  SECRET_NAME,
  shortTextSchema,
} from '../pods/pod-request'
import { MAX_TERMINAL_NAME, MAX_TERMINALS } from '../terminal/terminal'

/*
 * What a person asked for: which pods to try, in which order, and what holds for the one that is made. It is written to
 * the journal before anything is sent, so it has the names of variables and never their values.
 */

export const MAX_CANDIDATES = 20
/** How long a create waits until something is free. */
export const CREATE_WAIT_H = { min: 0.25, default: 8, max: 72 } as const

const PUBLIC_KEY_LINE = /^ssh-ed25519 [A-Za-z0-9+/=]{40,200}( [\w.-]{1,100})?$/
const tabName = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TERMINAL_NAME))
const count = v.pipe(v.number(), v.minValue(0), v.finite())

const podSchema = v.variant('kind', [
  cloudPodSchema,
  v.object({ kind: v.literal('lab'), ...labPodChoiceSchema.entries }),
])

/** A pod to create, without its environment. */
export type PodSpec = ReadonlyOutput<typeof podSchema>

const candidateSchema = v.object({
  /** Such as "2 × H100 SXM". */
  label: shortTextSchema,
  /** USD with its disks, when it was confirmed; null: not known. */
  perHourUsd: v.nullable(count),
  pod: podSchema,
})

/** A pod to try. */
export type CreateCandidate = ReadonlyOutput<typeof candidateSchema>

const variableSchema = v.object({ name: environmentNameSchema, secretName: v.nullable(shortTextSchema) })

/** A variable of the environment. `secretName`: its value is that secret of the account; null: a value of its own. */
export type PlannedVariable = ReadonlyOutput<typeof variableSchema>

const rulesSchema = v.object({
  isAutoStopped: v.exactOptional(v.boolean()),
  idleAlertAfterMin: v.exactOptional(count),
  autoStopAfterMin: v.exactOptional(count),
  maxHours: v.exactOptional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  stopAt: v.exactOptional(stopTimeSchema),
  monthlyBudgetUsd: v.exactOptional(count),
  atBudget: v.exactOptional(v.literal('stop')),
  mayLoseData: v.exactOptional(v.boolean()),
  keepOn: v.exactOptional(v.picklist(keepOnChoices)),
})

/** What holds for the pod from its first minute. See docs/product-rules.md#112-rules-from-the-start. */
export type NewPodRules = ReadonlyOutput<typeof rulesSchema>

export const createPlanSchema = v.object({
  name: shortTextSchema,
  /** In order of preference; at least one. */
  candidates: v.pipe(v.array(candidateSchema), v.minLength(1), v.maxLength(MAX_CANDIDATES)),
  variables: v.pipe(v.array(variableSchema), v.maxLength(100)),
  rules: rulesSchema,
  /** USD with disks: the most that was confirmed. Null: the price is not known, which was confirmed. */
  maxPerHourUsd: v.nullable(count),
  /** Tried again until something is free, for so long, ms. Null: tried once. */
  waitsForMs: v.nullable(v.pipe(count, v.maxValue(CREATE_WAIT_H.max * HOUR_MS))),
  /** A budget that is used up does not stop it: a person confirmed that. */
  mayExceedBudget: v.boolean(),
  /** The pod that a person wants to replace by it. It is never touched without its own confirmation. */
  replacesPodId: v.exactOptional(shortTextSchema),
  /**
   * The names of the terminal tabs that the pod to replace had, null: none of their own. They become tabs of the new
   * pod. Absent: they stay.
   */
  terminalTabs: v.exactOptional(v.pipe(v.array(v.nullable(tabName)), v.maxLength(MAX_TERMINALS))),
  /** The key for this pod alone: it is asked for with this run id, whose private half is on this computer. */
  ownKey: v.exactOptional(
    v.object({ runId: v.custom<string>(isRunId), publicKey: v.pipe(v.string(), v.regex(PUBLIC_KEY_LINE)) }),
  ),
  /** The request for a pod by the queue of jobs that it was made for. */
  jobRequestId: v.exactOptional(shortTextSchema),
  /** The preset that the queue of jobs made it by. */
  presetName: v.exactOptional(shortTextSchema),
  /** The token of the Pods API, or the agent, that asked for it. Absent: a person did. */
  tokenName: v.exactOptional(shortTextSchema),
  /** Who asked for it on the command line, where sudo says so. */
  personName: v.exactOptional(shortTextSchema),
  /** The draft of a window that it was made of. */
  draftId: v.exactOptional(shortTextSchema),
})

export type CreatePlan = ReadonlyOutput<typeof createPlanSchema>

/** The variable whose keys the images of Runpod accept. Where it is set, the service sets none of its own. */
export const PUBLIC_KEY_VARIABLE = 'PUBLIC_KEY'

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
