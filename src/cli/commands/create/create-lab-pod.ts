import { randomUUID } from 'node:crypto'
import { labPlan } from '../../../core/creation/lab-plan'
import { listPricePerHourUsd } from '../../../core/pods/labs/list-price'
import { defaultLabPod, labPodProblem, parseEnvironment } from '../../../core/pods/labs/lab-pod-spec'
import { parse } from 'valibot'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { withNothing } from '../../output/nothing-text'
import { confirmCreate, type CreateOptions, printOutcome } from './create'
import type { CreatePodChoices } from './create-options'
import { createText, labPodText } from './create-text'
import { followCreate } from './follow-create'
import { type LabPodChoice, labPodChoiceSchema } from '../../../core/pods/pod-request'

/** Creates a pod in a lab. Values of its environment are never printed. Throws a `CliExit` if nothing was begun. */
export async function createInLab(options: CreateOptions): Promise<number> {
  const { account, choices, output } = options
  const choice = choiceOf(choices)
  const problem = labPodProblem(choice)
  if (problem !== null) throw new CliExit(exitCodes.usage, withNothing(problem, 'created'))
  const environment = parseEnvironment(options.environmentLines.filter((line) => line.trim() !== ''))
  if (!environment.ok) throw new CliExit(exitCodes.usage, withNothing(environment.error, 'created'))
  const spec = parse(labPodChoiceSchema, choice)
  for (const line of descriptionLines(account, spec, Object.keys(environment.value))) output.progress(line)
  if (options.isDryRun) {
    output.result(JSON.stringify({ ...spec, env: Object.keys(environment.value) }, null, 2))
    return exitCodes.ok
  }
  await confirmCreate(options)
  const outcome = await followCreate({
    ...options,
    plan: labPlan(spec, environment.value, randomUUID().slice(0, 6)),
    environment: environment.value,
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
  choice: LabPodChoice,
  variables: readonly string[],
): readonly string[] {
  const priceUsd = listPricePerHourUsd({ name: choice.gpuType, count: choice.gpuCount })
  return [
    labPodText.title(account.name, choice),
    ...(priceUsd === null ? [] : [labPodText.price(priceUsd, choice.maxHours)]),
    ...(variables.length === 0 ? [] : [createText.variables(variables)]),
    labPodText.end(choice.maxHours),
  ]
}
