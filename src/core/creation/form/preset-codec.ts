import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { parseVariable, VARIABLE_NAME } from '../../pods/pod-request'
import { type PlannedVariable, secretNameIn, secretReference } from '../create-plan'
import { emptyPodForm, type PodForm, presetFormEntries } from './pod-form'

/*
 * A form to fill in again, as JSON that can be shared. It never has the value of a variable: references to secrets are
 * kept, and of all others the name, to be given anew. See docs/product-rules.md#111-the-form.
 */

/** What allows more than usual, and what is of one pod only, is asked for each time. */
const presetFormSchema = v.object(presetFormEntries)
type PresetForm = ReadonlyOutput<typeof presetFormSchema>

const presetSchema = v.object({
  kind: v.literal('podkeeper-preset'),
  version: v.literal(1),
  form: presetFormSchema,
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
  const entries = Object.keys(presetFormEntries).map((name) => [name, form[name as keyof PresetForm]])
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

/**
 * The form that a preset fills in. Variables whose values must be given are in it without one, so that saving it
 * again keeps them.
 */
export function presetForm({ form, environment, neededVariables }: Preset): PodForm {
  const lines = [environment, ...neededVariables.map((name) => `${name}=`)].filter((line) => line !== '')
  return { ...emptyPodForm, ...form, environment: lines.join('\n') }
}
