import { fail, ok, type Result } from '../base/result'
import { type PlannedVariable, plannedVariables } from '../creation/create-plan'
import { MAX_VARIABLES } from '../creation/form/form-lines'
import type { Pod } from '../pods/pod'
import {
  type Environment,
  type PodChanges,
  type PodConfiguration,
  RUN_ID_VARIABLE,
} from '../pods/pod-request'
import { changeRefusalText } from './refusal-text'

/* What a person changes of a pod. See docs/product-rules.md#115-volumes-and-edits. */

/** Absent: stays as it is. */
export interface PodEdit extends Omit<PodChanges, 'environment' | 'storage'> {
  /** Of the disk that the pod has. It only grows. */
  readonly persistentGb?: number
  /** Variables to add or replace. Their values may be secrets. */
  readonly setVariables?: Environment
  readonly removedVariables?: readonly string[]
}

/** How a pod is set up, as it is shown: the names of its variables, and no values but the names of secrets. */
export interface ShownConfiguration extends Pick<
  PodConfiguration,
  | 'name'
  | 'image'
  | 'args'
  | 'registryId'
  | 'isRegistryKnown'
  | 'hasGlobalNetworking'
  | 'containerDiskGb'
  | 'storage'
  | 'ports'
> {
  /** Null: the service doesn't show them, so that they can't be changed without losing the others. */
  readonly variables: readonly PlannedVariable[] | null
}

export function shownConfiguration(configuration: PodConfiguration): ShownConfiguration {
  const { name, image, args, registryId, isRegistryKnown, hasGlobalNetworking } = configuration
  const { containerDiskGb, storage, ports, environment } = configuration
  const variables =
    environment && plannedVariables(environment).filter((variable) => variable.name !== RUN_ID_VARIABLE)
  return {
    name,
    image,
    args,
    registryId,
    isRegistryKnown,
    hasGlobalNetworking,
    containerDiskGb,
    storage,
    ports,
    variables,
  }
}

/** Whether nothing that can be edited changed since it was shown, as far as it is shown. */
export function isAsShown(shown: ShownConfiguration, configuration: PodConfiguration): boolean {
  return comparable(shown) === comparable(shownConfiguration(configuration))
}

function comparable(shown: ShownConfiguration): string {
  const { name, image, args, registryId, isRegistryKnown, hasGlobalNetworking } = shown
  const { containerDiskGb, storage, ports, variables } = shown
  return JSON.stringify([
    [name, image, args, registryId, isRegistryKnown, hasGlobalNetworking, containerDiskGb],
    storage && Object.entries(storage).sort(byText),
    ports,
    variables && variables.map((each) => [each.name, each.secretName ?? '']).sort(byText),
  ])
}

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1)

const harmlessFields: readonly string[] = ['name', 'isLocked'] satisfies (keyof PodEdit)[]

/** Only a name and a lock change nothing of what runs in the pod. */
export const isHarmless = (edit: PodEdit): boolean =>
  Object.keys(edit).every((field) => harmlessFields.includes(field))

/** Where a pod keeps what survives a restart of its container; null: nothing is known to. */
export const keptPath = (storage: ShownConfiguration['storage']): string | null =>
  storage?.kind === 'persistent' || storage?.kind === 'network' ? storage.path : null

/** Whether it waits for the next start and touches nothing before, beside what is harmless. */
export const isDeferred = (edit: PodEdit): boolean =>
  Object.keys(edit).every((field) => harmlessFields.includes(field) || field === 'hasGlobalNetworking')

/** Whether it makes a running pod's container anew, as far as is known. */
export const isRestarting = (edit: PodEdit, { phase }: Pick<Pod, 'phase'>): boolean =>
  !isDeferred(edit) && phase !== 'stopped'

/** Why this pod can't be edited like that now, as a sentence; null: it can. */
export function editProblem(
  edit: PodEdit,
  pod: Pick<Pod, 'clusterId' | 'isLocked' | 'phase' | 'managed'>,
): string | null {
  if (pod.managed !== undefined) return 'Pods of a lab can’t be edited here.'
  if (pod.clusterId !== null) return 'The pod belongs to a cluster, which is changed as a whole in Runpod.'
  if (pod.phase === 'terminated') return 'The pod is terminated.'
  if (Object.keys(edit).length === 0) return 'Nothing was changed.'
  return pod.isLocked === true && edit.isLocked !== false && isRestarting(edit, pod)
    ? 'The pod is locked, and this would restart it. Unlock it first.'
    : null
}

/**
 * What is sent. Variables are replaced whole, so those that stay are taken from `configuration`, which must have been
 * read just now; null: it wasn't read, which is enough for a name and a lock. The error is a sentence.
 */
export function toPodChanges(
  edit: PodEdit,
  configuration: PodConfiguration | null,
): Result<PodChanges, string> {
  const { persistentGb, setVariables, removedVariables, ...plain } = edit
  if (configuration === null)
    return isHarmless(edit) ? ok(plain) : fail('The pod’s configuration is not known.')
  const { storage, environment } = configuration
  if (persistentGb !== undefined && storage?.kind !== 'persistent')
    return fail(changeRefusalText.noPersistentDisk)
  if (persistentGb !== undefined && storage?.kind === 'persistent' && persistentGb < storage.sizeGb)
    return fail('A persistent disk can only grow.')
  const changesVariables = setVariables !== undefined || removedVariables !== undefined
  if (changesVariables && environment === null)
    return fail('The pod’s variables can’t be read, so they can’t be changed without losing the others.')
  const merged = withVariables(environment ?? {}, setVariables ?? {}, removedVariables ?? [])
  const ownCount = Object.keys(merged).filter((name) => name !== RUN_ID_VARIABLE).length
  if (changesVariables && ownCount > MAX_VARIABLES) return fail(`A pod can have ${MAX_VARIABLES} variables.`)
  return ok({
    ...plain,
    ...(persistentGb !== undefined &&
      storage?.kind === 'persistent' && { storage: { ...storage, sizeGb: persistentGb } }),
    ...(changesVariables && { environment: merged }),
  })
}

/** The variable that names the request of a create is never changed. */
function withVariables(current: Environment, set: Environment, removed: readonly string[]): Environment {
  const kept = Object.entries(current).filter(([name]) => name === RUN_ID_VARIABLE || !removed.includes(name))
  const added = Object.entries(set).filter(([name]) => name !== RUN_ID_VARIABLE)
  return Object.fromEntries([...kept, ...added])
}

/** What a read after an edit was sent shows. `configuration`: null where it isn't needed, or couldn't be read. */
export interface SeenPod extends Pick<Pod, 'name' | 'isLocked'> {
  readonly configuration: PodConfiguration | null
}

/**
 * Whether that is all of the edit. `earlier`: the variables before it. `isAccepted`: the service replied that it is
 * done, which has to be enough for what takes effect later.
 */
export function isEditSeen(
  changes: PodChanges,
  { configuration, ...pod }: SeenPod,
  earlier: Environment | null,
  isAccepted = false,
): boolean {
  const { name, isLocked, hasGlobalNetworking, ...now } = changes
  const awaitsNetworking = hasGlobalNetworking !== undefined && !isAccepted
  if (name !== undefined && pod.name !== name) return false
  if (isLocked !== undefined && pod.isLocked !== isLocked) return false
  if (Object.keys(now).length === 0 && !awaitsNetworking) return true
  if (configuration === null) return false
  const { image, args, registryId, ports, containerDiskGb, storage, environment } = now
  return (
    (!awaitsNetworking || configuration.hasGlobalNetworking === hasGlobalNetworking) &&
    (args === undefined || configuration.args === args) &&
    (registryId === undefined ||
      (configuration.isRegistryKnown && configuration.registryId === registryId)) &&
    (image === undefined || configuration.image === image) &&
    (ports === undefined || isSameList(configuration.ports, ports)) &&
    (containerDiskGb === undefined || configuration.containerDiskGb === containerDiskGb) &&
    (storage === undefined || isSameStorage(configuration, storage)) &&
    (environment === undefined || isSameEnvironment(configuration.environment, environment, earlier ?? {}))
  )
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())

const isSameStorage = ({ storage }: PodConfiguration, asked: NonNullable<PodChanges['storage']>): boolean =>
  storage?.kind === asked.kind &&
  (asked.kind !== 'persistent' || (storage.kind === 'persistent' && storage.sizeGb === asked.sizeGb))

/** The service may add variables of its own. */
function isSameEnvironment(current: Environment | null, asked: Environment, earlier: Environment): boolean {
  if (current === null) return false
  const areSet = Object.entries(asked).every(([name, value]) => current[name] === value)
  return areSet && Object.keys(earlier).every((name) => name in asked || !(name in current))
}
