import {
  emptyPodForm,
  type FormContext,
  type PodForm,
  suggestPodName,
  usualWaitHours,
} from '../../../core/creation/pod-form'
import type { CloudTier } from '../../../core/pods/pod-request'
import { CliExit, exitCodes } from '../../output/exit'
import { keepChoices } from '../control/keep'
import type { CreatePodChoices } from './create-options'

const clouds: Readonly<Record<NonNullable<CreatePodChoices['cloud']>, readonly CloudTier[]>> = {
  secure: ['SECURE'],
  community: ['COMMUNITY'],
  any: ['SECURE', 'COMMUNITY'],
}

export const cloudsOf = ({ cloud = 'secure' }: CreatePodChoices): readonly CloudTier[] => clouds[cloud]

const WORKSPACE = '/workspace'

/** The form that the options fill in. Throws a `CliExit` for a name that stands for nothing, or for several things. */
export function toForm(choices: CreatePodChoices, lines: readonly string[], context: FormContext): PodForm {
  const gpus = cloudsOf(choices).flatMap((cloud) => context.gpus[cloud] ?? [])
  const gpuTypeIds = listOf(choices.gpu).map((asked) => find('GPU type', asked, gpus))
  const templateId =
    choices.template === undefined ? null : find('template', choices.template, context.templates)
  const cpuFlavorId = choices.cpu === undefined ? null : find('CPU', choices.cpu, context.cpus ?? [])
  const path = choices.mount ?? WORKSPACE
  const template = context.templates.find(({ id }) => id === templateId)
  const label = gpus.find(({ id }) => id === gpuTypeIds[0])?.name ?? template?.name ?? 'pod'
  const { whenFree, maxPrice } = choices
  if (maxPrice !== undefined && whenFree !== true)
    throw new CliExit(exitCodes.usage, '--max-price is for --when-free. Nothing was created.')
  return {
    ...emptyPodForm,
    name: choices.name ?? suggestPodName(label, context.podNames),
    hardware: choices.cpu === undefined ? 'gpu' : 'cpu',
    gpuTypeIds,
    gpuCount: choices.count ?? 1,
    cpuFlavorId,
    vcpuCount: choices.vcpus ?? 2,
    clouds: cloudsOf(choices),
    dataCenterIds: (choices.dataCenter ?? []).flatMap(listOf),
    image: choices.image ?? '',
    templateId,
    args: choices.args ?? null,
    containerDiskGb: choices.disk ?? '',
    storage: storageOf(choices, path, context, templateId !== null),
    ports: choices.port === undefined ? (templateId === null ? '' : null) : choices.port.join('\n'),
    environment: lines.join('\n'),
    allowedCudaVersions: (choices.cuda ?? []).flatMap(listOf),
    minCudaVersion: choices.minCuda ?? '',
    registryId: choices.registry ?? null,
    hasSsh: choices.ssh,
    hasJupyter: choices.jupyter ?? false,
    hasGlobalNetworking: choices.globalNetworking ?? false,
    isAutoStopped: choices.autoStop ?? false,
    maxHours: choices.maxHours ?? '',
    monthlyBudgetUsd: choices.budget ?? '',
    isStoppedAtBudget: choices.stopAtBudget ?? false,
    mayLoseData: choices.allowDataLoss ?? false,
    keepOn: choices.keep === undefined ? null : keepChoices[choices.keep],
    whenFree:
      whenFree === true
        ? { maxPerHourUsd: maxPrice ?? '', waitHours: choices.waitHours ?? usualWaitHours }
        : null,
    mayExceedBudget: choices.overBudget ?? false,
  }
}

function storageOf(
  { persistent, volume }: CreatePodChoices,
  path: string,
  { volumes }: FormContext,
  hasTemplate: boolean,
): PodForm['storage'] {
  if (persistent !== undefined && volume !== undefined)
    throw new CliExit(
      exitCodes.usage,
      'A pod has a persistent disk or a network volume, not both. Nothing was created.',
    )
  if (persistent !== undefined) return { kind: 'persistent', sizeGb: persistent, path }
  if (volume !== undefined)
    return { kind: 'network', volumeId: find('network volume', volume, volumes ?? []), path }
  return { kind: hasTemplate ? 'template' : 'none' }
}

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

interface Named {
  readonly id: string
  readonly name: string
}

/** The id of what is called `asked`: by its id, its name, or the beginning of one name only. */
export function find(what: string, asked: string, known: readonly Named[]): string {
  const query = asked.trim().toLowerCase()
  const matches = (test: (each: string) => boolean): readonly string[] => [
    ...new Set(
      known.filter(({ id, name }) => test(id.toLowerCase()) || test(name.toLowerCase())).map(({ id }) => id),
    ),
  ]
  const exact = matches((each) => each === query)
  const found = exact.length > 0 ? exact : matches((each) => each.startsWith(query))
  const [first, ...others] = found
  // What could not be read is left to the server.
  if (first === undefined && known.length === 0) return asked
  if (first !== undefined && others.length === 0) return first
  const names = known.filter(({ id }) => found.includes(id)).map(({ id, name }) => `${name} (${id})`)
  throw new CliExit(
    exitCodes.notFound,
    first === undefined
      ? `There is no ${what} ${asked}. Nothing was created.`
      : `Several are called ${asked}: ${[...new Set(names)].join(', ')}. Nothing was created.`,
  )
}
