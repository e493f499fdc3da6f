import * as v from 'valibot'
import { parseJson } from '../../base/parse-json'
import { draftEntries, type PodForm } from './pod-form'
import { parsePreset, presetForm, presetJson } from './preset-codec'

/*
 * A form that is not finished, as a text that may be kept: a preset with its name. No value of a variable is in it, and
 * nothing that allows more than usual.
 */

const draftSchema = v.object({ ...draftEntries, preset: v.unknown() })

export const draftText = (form: PodForm): string =>
  JSON.stringify({
    name: form.name,
    whenFree: form.whenFree,
    preset: JSON.parse(presetJson(form)) as unknown,
  })

/**
 * Parses a kept text, which may be damaged; null if it is none. Variables without their values are in it as `NAME=`.
 */
export function parseDraft(text: string): PodForm | null {
  const draft = v.safeParse(draftSchema, parseJson(text))
  const preset = draft.success ? parsePreset(draft.output.preset) : null
  if (!draft.success || preset === null) return null
  const { name, whenFree } = draft.output
  return { ...presetForm(preset), name, whenFree }
}
