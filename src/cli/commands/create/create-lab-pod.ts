import { randomUUID } from 'node:crypto'
import { plainText } from '../../../core/base/plain-text'
import { labPlan } from '../../../core/creation/lab-plan'
import {
  defaultLabPod,
  type LabPodChoice,
  labPodChoiceSchema,
  labPodProblem,
  parseEnvironment,
} from '../../../core/pods/labs/lab-pod-spec'
import { parse } from 'valibot'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { confirmCreate, type CreateOptions, printOutcome } from './create'
import type { CreatePodChoices } from './create-options'
import { followCreate } from './follow-create'

/** Creates a pod in a lab. Values of its environment are never printed. Throws a `CliExit` if nothing was begun. */
export async function createInLab(options: CreateOptions): Promise<number> {
  const { account, control, choices, output } = options
  const choice = choiceOf(choices)
  const problem = labPodProblem(choice)
  if (problem !== null) throw new CliExit(exitCodes.usage, `${problem} Nothing was created.`)
  const environment = parseEnvironment(options.environmentLines.filter((line) => line.trim() !== ''))
  if (!environment.ok) throw new CliExit(exitCodes.usage, `${environment.error} Nothing was created.`)
  const spec = parse(labPodChoiceSchema, choice)
  for (const line of descriptionLines(account, spec, Object.keys(environment.value))) output.progress(line)
  if (options.isDryRun) {
    output.result(JSON.stringify({ ...spec, env: Object.keys(environment.value) }, null, 2))
    return exitCodes.ok
  }
  await confirmCreate(options)
  const outcome = await followCreate({
    control,
    plan: labPlan(spec, environment.value, randomUUID().slice(0, 6)),
    environment: environment.value,
    waits: options.waits,
    output,
    interrupts: options.interrupts,
  })
  return printOutcome(outcome, account, options)
}

const choiceOf = (choices: CreatePodChoices): Readonly<Record<keyof LabPodChoice, unknown>> => ({
  gpuType: choices.gpu?.trim().toUpperCase(),
  gpuCount: choices.count ?? defaultLabPod.gpuCount,
  maxHours: choices.maxHours === undefined ? defaultLabPod.maxHours : Number(choices.maxHours),
  image: choices.image ?? defaultLabPod.image,
  volumeGb: choices.volume === undefined ? defaultLabPod.volumeGb : Number(choices.volume),
})

function descriptionLines(
  account: NamedAccount,
  { gpuType, gpuCount, maxHours, image, volumeGb }: LabPodChoice,
  variables: readonly string[],
): readonly string[] {
  return [
    `A pod in ${plainText(account.name)}: ${gpuCount} × ${gpuType}, ${plainText(image)}, a volume of ${volumeGb} GB`,
    ...(variables.length === 0 ? [] : [`Variables: ${variables.join(', ')}`]),
    maxHours === null
      ? 'It runs, and costs money, until someone terminates it. To limit that, use --max-hours.'
      : `Hubify terminates it after ${maxHours} h. This can't be undone.`,
  ]
}
