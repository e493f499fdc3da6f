import * as v from 'valibot'
import { fail, ok, type Result } from '../../base/result'
import {
  type LabPodChoice,
  labGpuTypes,
  labPodChoiceSchema,
  MAX_LAB_GPUS,
  parseVariable,
} from '../pod-request'

/* A pod that is created in a lab, with the values of Hubify's documents. */

/** Hubify offers several GPUs in one pod for these only. */
export const multiGpuTypes: readonly string[] = ['H100', 'A100']

/** Defaults. Without maximum hours a pod runs until someone ends it. */
export const defaultLabPod = {
  gpuCount: 1,
  maxHours: null,
  image: 'hubify/base:latest',
  volumeGb: 50,
} as const

/** Why there can be no such pod, as a sentence; null when there can. */
export function labPodProblem(choice: Readonly<Record<keyof LabPodChoice, unknown>>): string | null {
  const parsed = v.safeParse(labPodChoiceSchema, choice)
  if (parsed.success) {
    const { gpuType, gpuCount } = parsed.output
    return gpuCount > 1 && !multiGpuTypes.includes(gpuType)
      ? 'Hubify offers several GPUs in one pod for H100 and A100 only.'
      : null
  }
  const [issue] = parsed.issues
  const problems: Readonly<Record<string, string>> = {
    gpuType: `Choose a GPU type: ${labGpuTypes.join(', ')}.`,
    gpuCount: `Choose 1 to ${MAX_LAB_GPUS} GPUs.`,
    maxHours: 'Enter a number of hours from 0.25 to 8,760.',
    image: 'Enter an image such as hubify/base:latest.',
    volumeGb: 'Enter a whole number of GB for the volume, from 1 to 10000.',
  }
  return problems[String(v.getDotPath(issue))] ?? 'That isn’t a valid pod.'
}

/** The lines of `NAME=value` among those of a file that a shell can read. */
export const environmentLinesIn = (lines: readonly string[]): readonly string[] =>
  lines
    .map((line) => line.replace(/^\s*export\s+/, ''))
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))

const MAX_VARIABLES = 100
const MAX_VALUE_CHARS = 32_000

/** Parses lines of `NAME=value`. The error is a sentence without any value, since a value may be a secret. */
export function parseEnvironment(lines: readonly string[]): Result<Readonly<Record<string, string>>, string> {
  if (lines.length > MAX_VARIABLES) return fail(`You can set up to ${MAX_VARIABLES} variables.`)
  const entries: (readonly [string, string])[] = []
  for (const [index, line] of lines.entries()) {
    const variable = parseVariable(line)
    if (variable === null) return fail(`Variable ${index + 1} is not of the form NAME=value.`)
    const { name, value } = variable
    if (value.length > MAX_VALUE_CHARS) return fail(`The value of ${name} is too long.`)
    if (entries.some(([other]) => other === name)) return fail(`${name} is set twice.`)
    entries.push([name, value])
  }
  return ok(Object.fromEntries(entries))
}
