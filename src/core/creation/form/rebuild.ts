import { type Environment, type PodConfiguration, RUN_ID_VARIABLE } from '../../pods/pod-request'
import { createKeepOn, type UtcOffset } from '../../pod-rules/keep-on'
import { type KeepOn, type KeepOnChoice, keepOnChoices, type PodRules } from '../../pod-rules/pod-rules'
import type { PodId } from '../../pods/pod'
import type { CreatePlan, NewPodRules } from '../create-plan'
import { emptyPodForm, type PodForm, suggestPodName } from './pod-form'

/*
 * Another pod like one that exists, elsewhere. The old one is never touched. See
 * docs/product-rules.md#114-rebuild-elsewhere.
 */

const SSH_PORT = '22/tcp'
/** The service sets them anew for each pod that asks for SSH and Jupyter. */
const injectedVariables: readonly string[] = [RUN_ID_VARIABLE, 'PUBLIC_KEY', 'JUPYTER_PASSWORD']

/** The form of a pod like this one; its environment is copied apart, because its values may be secrets. */
export function rebuildForm(configuration: PodConfiguration, takenNames: readonly string[]): PodForm {
  const { name, gpu, cpu, cloud, image, args, containerDiskGb, storage, ports, registryId } = configuration
  return {
    ...emptyPodForm,
    name: suggestPodName(name, takenNames),
    hardware: gpu === null && cpu !== null ? 'cpu' : 'gpu',
    gpuTypeIds: gpu === null ? [] : [gpu.typeId],
    gpuCount: gpu?.count ?? 1,
    cpuFlavorId: cpu?.flavorId ?? null,
    vcpuCount: cpu?.vcpuCount ?? 2,
    clouds: [cloud ?? 'SECURE'],
    image,
    args: args === '' ? null : args,
    containerDiskGb: containerDiskGb === null ? '' : String(containerDiskGb),
    storage:
      storage?.kind === 'persistent'
        ? { kind: 'persistent', sizeGb: String(storage.sizeGb), path: storage.path }
        : storage?.kind === 'network'
          ? { kind: 'network', volumeId: storage.volumeId, path: storage.path }
          : { kind: 'none' },
    ports: ports.join('\n'),
    registryId,
    hasSsh: ports.includes(SSH_PORT),
    hasGlobalNetworking: configuration.hasGlobalNetworking === true,
    hasJupyter: configuration.environment?.['JUPYTER_PASSWORD'] !== undefined,
  }
}

/** What of a form the rules of a pod fill in. */
export type FormRules = Pick<
  PodForm,
  'isAutoStopped' | 'maxHours' | 'monthlyBudgetUsd' | 'isStoppedAtBudget' | 'keepOn'
>

export const noFormRules: FormRules = {
  isAutoStopped: false,
  maxHours: '',
  monthlyBudgetUsd: '',
  isStoppedAtBudget: false,
  keepOn: null,
}

/**
 * The rules of the old pod, as far as a form has them. A permission to lose data is asked for again. `keepOn`: in
 * effect at `nowMs` (Unix ms).
 */
export function rebuildRules(
  { rules, keepOn }: { readonly rules: PodRules; readonly keepOn: KeepOn | null },
  nowMs: number,
  utcOffset: UtcOffset,
): FormRules {
  return {
    isAutoStopped: rules.isAutoStopped === true,
    maxHours: rules.maxHours === undefined ? '' : String(rules.maxHours),
    monthlyBudgetUsd: rules.monthlyBudgetUsd === undefined ? '' : String(rules.monthlyBudgetUsd),
    isStoppedAtBudget: rules.monthlyBudgetUsd !== undefined && rules.atBudget === 'stop',
    keepOn: keepOn === null ? null : lastingChoice(keepOn, nowMs, utcOffset),
  }
}

/** The choice that ends when `keepOn` does, or soonest after it. */
function lastingChoice({ untilMs }: KeepOn, nowMs: number, utcOffset: UtcOffset): KeepOnChoice {
  const endOf = (choice: KeepOnChoice): number => createKeepOn(choice, nowMs, utcOffset).untilMs ?? Infinity
  const lasting = keepOnChoices.filter((choice) => endOf(choice) >= (untilMs ?? Infinity))
  return lasting.reduce((best, choice) => (endOf(choice) < endOf(best) ? choice : best), 'until-told')
}

/** The rules of the old pod that no form has, unless `chosen` says otherwise. None of them allows more than usual. */
function otherRules(rules: PodRules, chosen: NewPodRules): NewPodRules {
  const { idleAlertAfterMin, autoStopAfterMin, stopAt, isAutoStopped } = rules
  return {
    ...(idleAlertAfterMin !== undefined && { idleAlertAfterMin }),
    ...(autoStopAfterMin !== undefined && { autoStopAfterMin }),
    ...(stopAt !== undefined && { stopAt }),
    ...(isAutoStopped === false && chosen.isAutoStopped === undefined && { isAutoStopped }),
  }
}

/** What the new pod takes over besides what its form says. */
export interface TakenOver {
  readonly rules: PodRules
  readonly tabNames: readonly (string | null)[]
}

/** The plan for a pod that is to replace `podId`; `taken`: null where nothing is taken over. */
export const replacementPlan = (plan: CreatePlan, podId: PodId, taken: TakenOver | null): CreatePlan => ({
  ...plan,
  replacesPodId: podId,
  ...(taken !== null && {
    rules: { ...plan.rules, ...otherRules(taken.rules, plan.rules) },
    terminalTabs: taken.tabNames,
  }),
})

/** The variables that are copied. Null: they could not be read, so there can be no copy. */
export function copiedEnvironment({ environment }: PodConfiguration): Environment | null {
  return (
    environment &&
    Object.fromEntries(Object.entries(environment).filter(([name]) => !injectedVariables.includes(name)))
  )
}

/** What is kept and what is not copied, as sentences. `storage` is that of the new pod. */
export function rebuildSentences(
  { name, storage: before }: Pick<PodConfiguration, 'name' | 'storage'>,
  { storage: after }: Pick<PodForm, 'storage'>,
): readonly string[] {
  const isSameVolume =
    before?.kind === 'network' && after.kind === 'network' && before.volumeId === after.volumeId
  const own = before?.kind === 'persistent' ? before.path : null
  return [
    isSameVolume
      ? `${before.path} is kept: it is on a network volume.`
      : before?.kind === 'network'
        ? `${before.path} isn’t in the new pod, which doesn’t have its network volume.`
        : own === null
          ? 'Nothing in the pod is copied.'
          : `${own} isn’t copied: that disk stays with ${name}, and the new one is empty.`,
    `${name} stays as it is and keeps costing money until you terminate it.`,
  ]
}

/** Whether all that survives a stop of the old pod is kept. */
export const losesNothing = ({ storage: before }: PodConfiguration, { storage: after }: PodForm): boolean =>
  before?.kind === 'none' ||
  (before?.kind === 'network' && after.kind === 'network' && before.volumeId === after.volumeId)
