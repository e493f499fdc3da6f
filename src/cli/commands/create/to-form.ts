import {
  emptyPodForm,
  type FormContext,
  type PodForm,
  suggestPodName,
  usualWaitHours,
} from '../../../core/creation/form/pod-form'
import type { CloudTier } from '../../../core/pods/pod-request'
import { CliExit, exitCodes } from '../../output/exit'
import { nothingText, withNothing } from '../../output/nothing-text'
import { keepChoices } from '../arguments'
import type { CreatePodChoices } from './create-options'
import { createOptionText, type FoundKind } from './create-text'

const cloudTiersOf: Readonly<Record<NonNullable<CreatePodChoices['cloud']>, readonly CloudTier[]>> = {
  secure: ['SECURE'],
  community: ['COMMUNITY'],
  any: ['SECURE', 'COMMUNITY'],
}

export const cloudsOf = ({ cloud }: CreatePodChoices, base: Pick<PodForm, 'clouds'>): readonly CloudTier[] =>
  cloud === undefined ? base.clouds : cloudTiersOf[cloud]

const WORKSPACE = '/workspace'

/**
 * The form that the options fill in, over `base`. Throws a `CliExit` for a name that matches nothing, or several
 * things.
 */
export function toForm(
  choices: CreatePodChoices,
  lines: readonly string[],
  context: FormContext,
  base: PodForm = emptyPodForm,
): PodForm {
  const clouds = cloudsOf(choices, base)
  const gpus = clouds.flatMap((cloud) => context.gpus[cloud] ?? [])
  const gpuTypeIds =
    choices.gpu === undefined
      ? base.gpuTypeIds
      : listOf(choices.gpu).map((asked) => find('gpuType', asked, gpus))
  const templateId =
    choices.template === undefined ? base.templateId : find('template', choices.template, context.templates)
  const template = context.templates.find(({ id }) => id === templateId)
  const label = gpus.find(({ id }) => id === gpuTypeIds[0])?.name ?? template?.name ?? 'pod'
  const suggested = base.name === '' ? suggestPodName(label, context.podNames) : base.name
  if (choices.maxPrice !== undefined && choices.whenFree !== true)
    throw new CliExit(exitCodes.usage, withNothing(createOptionText.maxPriceAlone, 'created'))
  return {
    ...base,
    name: choices.name ?? suggested,
    hardware: choices.cpu !== undefined ? 'cpu' : choices.gpu !== undefined ? 'gpu' : base.hardware,
    gpuTypeIds,
    gpuCount: choices.count ?? base.gpuCount,
    cpuFlavorId: choices.cpu === undefined ? base.cpuFlavorId : find('cpu', choices.cpu, context.cpus ?? []),
    vcpuCount: choices.vcpus ?? base.vcpuCount,
    clouds,
    dataCenterIds: choices.dataCenter?.flatMap(listOf) ?? base.dataCenterIds,
    image: choices.image ?? (choices.template === undefined ? base.image : ''),
    templateId,
    args: choices.args ?? base.args,
    containerDiskGb: choices.disk ?? base.containerDiskGb,
    storage: storageOf(choices, context, base, templateId !== null),
    ports: choices.port?.join('\n') ?? (choices.template === undefined ? base.ports : null),
    environment: [base.environment, ...lines].filter((line) => line !== '').join('\n'),
    allowedCudaVersions: choices.cuda?.flatMap(listOf) ?? base.allowedCudaVersions,
    minCudaVersion: choices.minCuda ?? base.minCudaVersion,
    registryId: choices.registry ?? base.registryId,
    hasSsh: choices.ssh && base.hasSsh,
    hasOwnKey: choices.ownKey ?? base.hasOwnKey,
    hasJupyter: choices.jupyter ?? base.hasJupyter,
    hasGlobalNetworking: choices.globalNetworking ?? base.hasGlobalNetworking,
    isAutoStopped: choices.autoStop ?? base.isAutoStopped,
    maxHours: choices.maxHours ?? base.maxHours,
    monthlyBudgetUsd: choices.budget ?? base.monthlyBudgetUsd,
    isStoppedAtBudget: choices.stopAtBudget ?? base.isStoppedAtBudget,
    mayLoseData: choices.allowDataLoss ?? base.mayLoseData,
    keepOn: choices.keep === undefined ? base.keepOn : keepChoices[choices.keep],
    whenFree:
      choices.whenFree === true
        ? { maxPerHourUsd: choices.maxPrice ?? '', waitHours: choices.waitHours ?? usualWaitHours }
        : null,
    mayExceedBudget: choices.overBudget ?? base.mayExceedBudget,
  }
}

function storageOf(
  { persistent, volume, mount, template }: CreatePodChoices,
  { volumes }: FormContext,
  { storage }: PodForm,
  hasTemplate: boolean,
): PodForm['storage'] {
  if (persistent !== undefined && volume !== undefined)
    throw new CliExit(exitCodes.usage, withNothing(createOptionText.twoDisks, 'created'))
  const path = mount ?? ('path' in storage ? storage.path : WORKSPACE)
  if (persistent !== undefined) return { kind: 'persistent', sizeGb: persistent, path }
  if (volume !== undefined)
    return { kind: 'network', volumeId: find('networkVolume', volume, volumes ?? []), path }
  if ('path' in storage) return { ...storage, path }
  return template !== undefined && hasTemplate ? { kind: 'template' } : storage
}

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

interface NamedChoice {
  readonly id: string
  readonly name: string
}

/**
 * The id of what is called `asked`: by its id, its name, or the beginning of one name only. `nothing` ends the error:
 * what was not done.
 */
export function find(
  kind: FoundKind,
  asked: string,
  known: readonly NamedChoice[],
  nothing: string = nothingText.created,
): string {
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
      ? createOptionText.none(kind, asked, nothing)
      : createOptionText.several(kind, asked, [...new Set(names)], nothing),
  )
}
