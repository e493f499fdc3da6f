import { secretReference, type CreatePlan } from '../create-plan'
import { HOUR_MS } from '../../base/time/time'
import { emptyPodForm, type PodForm } from './pod-form'
import type { CloudPodSpec } from '../../pods/pod-request'

/**
 * The form that a plan was made of, to change it and try again. Variables whose values are kept nowhere are in it
 * without one; what allows more than usual is asked for again. Null for a pod of a lab.
 */
export function planForm(plan: CreatePlan): PodForm | null {
  const pods = plan.candidates.flatMap(({ pod }) => (pod.kind === 'cloud' ? [pod] : []))
  const [first] = pods
  if (first === undefined) return null
  const { rules, waitsForMs, maxPerHourUsd } = plan
  return {
    ...emptyPodForm,
    name: plan.name,
    ...computeFields(first, pods),
    clouds: [...new Set(pods.map(({ cloud }) => cloud))],
    dataCenterIds: first.dataCenterIds,
    image: first.image ?? '',
    templateId: first.templateId,
    args: first.args,
    containerDiskGb: String(first.containerDiskGb),
    storage: storageField(first),
    ports: first.ports?.join('\n') ?? null,
    environment: plan.variables
      .map(({ name, secretName }) => `${name}=${secretName === null ? '' : secretReference(secretName)}`)
      .join('\n'),
    registryId: first.registryId,
    hasSsh: first.startSsh === true,
    hasOwnKey: plan.ownKey !== undefined,
    hasJupyter: first.startJupyter === true,
    hasGlobalNetworking: first.hasGlobalNetworking,
    isAutoStopped: rules.isAutoStopped ?? false,
    maxHours: rules.maxHours === undefined ? '' : String(rules.maxHours),
    monthlyBudgetUsd: rules.monthlyBudgetUsd === undefined ? '' : String(rules.monthlyBudgetUsd),
    isStoppedAtBudget: rules.atBudget === 'stop',
    keepOn: rules.keepOn ?? null,
    whenFree:
      waitsForMs === null
        ? null
        : { maxPerHourUsd: String(maxPerHourUsd ?? ''), waitHours: String(waitsForMs / HOUR_MS) },
  }
}

function computeFields(first: CloudPodSpec, pods: readonly CloudPodSpec[]): Partial<PodForm> {
  const { compute } = first
  if (compute.kind === 'cpu')
    return { hardware: 'cpu', cpuFlavorId: compute.flavorId, vcpuCount: compute.vcpuCount }
  return {
    hardware: 'gpu',
    gpuTypeIds: [...new Set(pods.flatMap((pod) => (pod.compute.kind === 'gpu' ? [pod.compute.typeId] : [])))],
    gpuCount: compute.count,
    allowedCudaVersions: compute.allowedCudaVersions,
    minCudaVersion: compute.minCudaVersion ?? '',
  }
}

const storageField = ({ storage }: CloudPodSpec): PodForm['storage'] =>
  storage.kind === 'persistent' ? { ...storage, sizeGb: String(storage.sizeGb) } : storage
