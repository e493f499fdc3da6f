import * as v from 'valibot'
import { keepOnChoices } from '../../pod-rules/pod-rules'
import { cloudTiers, parseVariable, VARIABLE_NAME } from '../../pods/pod-request'
import { type PlannedVariable, secretNameIn, secretReference } from '../create-plan'
import type { PodForm } from './pod-form'

/*
 * A form to fill in again, as JSON that can be shared. It never has the value of a variable: references to secrets are
 * kept, and of all others the name, to be given anew. See docs/product-rules.md#111-the-form.
 */

const text = v.pipe(v.string(), v.maxLength(4_000))
const ids = v.pipe(v.array(text), v.maxLength(200))
/** The form says what is wrong with it. */
const count = v.pipe(v.number(), v.finite())

const formEntries = {
  hardware: v.picklist(['gpu', 'cpu']),
  gpuTypeIds: ids,
  gpuCount: count,
  cpuFlavorId: v.nullable(text),
  vcpuCount: count,
  clouds: v.pipe(v.array(v.picklist(cloudTiers)), v.maxLength(cloudTiers.length)),
  dataCenterIds: ids,
  image: text,
  templateId: v.nullable(text),
  args: v.nullable(text),
  containerDiskGb: text,
  storage: v.variant('kind', [
    v.object({ kind: v.picklist(['none', 'template']) }),
    v.object({ kind: v.literal('persistent'), sizeGb: text, path: text }),
    v.object({ kind: v.literal('network'), volumeId: text, path: text }),
  ]),
  ports: v.nullable(text),
  allowedCudaVersions: ids,
  minCudaVersion: text,
  registryId: v.nullable(text),
  hasSsh: v.boolean(),
  hasJupyter: v.boolean(),
  hasGlobalNetworking: v.boolean(),
  isAutoStopped: v.boolean(),
  maxHours: text,
  monthlyBudgetUsd: text,
  isStoppedAtBudget: v.boolean(),
  keepOn: v.nullable(v.picklist(keepOnChoices)),
} satisfies Partial<Record<keyof PodForm, v.GenericSchema>>

/** What allows more than usual, and what is of one pod only, is asked for each time. */
type PresetForm = Omit<PodForm, 'name' | 'environment' | 'mayLoseData' | 'whenFree' | 'mayExceedBudget'>

const presetSchema = v.object({
  kind: v.literal('podkeeper-preset'),
  version: v.literal(1),
  form: v.object(formEntries),
  variables: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.regex(VARIABLE_NAME)),
        secretName: v.nullable(v.pipe(v.string(), v.regex(/^[\w.-]{1,200}$/))),
      }),
    ),
    v.maxLength(100),
  ),
})

export interface Preset {
  readonly form: PresetForm
  /** Lines for the form, of references to secrets. */
  readonly environment: string
  /** Variables whose values must be given. */
  readonly neededVariables: readonly string[]
}

/** The form as JSON for a file, without a name and without values. */
export function presetJson(form: PodForm): string {
  const entries = Object.keys(formEntries).map((name) => [name, form[name as keyof PresetForm]])
  return JSON.stringify(
    { kind: 'podkeeper-preset', version: 1, form: Object.fromEntries(entries), variables: variablesIn(form) },
    null,
    2,
  )
}

/** Lines that are no variables are left out, since they may be values. */
const variablesIn = ({ environment }: PodForm): readonly PlannedVariable[] =>
  environment.split(/\r?\n/).flatMap((line) => {
    const variable = parseVariable(line)
    return variable === null ? [] : [{ name: variable.name, secretName: secretNameIn(variable.value) }]
  })

/** Parses a preset, which may come from anybody; null if it is none. */
export function parsePreset(value: unknown): Preset | null {
  const parsed = v.safeParse(presetSchema, value)
  if (!parsed.success) return null
  const { form, variables } = parsed.output
  const lines = variables.flatMap(({ name, secretName }) =>
    secretName === null ? [] : [`${name}=${secretReference(secretName)}`],
  )
  return {
    form,
    environment: lines.join('\n'),
    neededVariables: variables.flatMap(({ name, secretName }) => (secretName === null ? [name] : [])),
  }
}
