import fc from 'fast-check'
import { PUBLIC_KEY_VARIABLE } from '../src/core/creation/create-plan'
import { evaluateForm } from '../src/core/creation/form/evaluate-form'
import { type FormContext, hasOwnKey } from '../src/core/creation/form/pod-form'
import { evaluateEdit } from '../src/core/changes/edit-form'
import { shownConfiguration, toPodChanges } from '../src/core/changes/pod-edit'
import { anyEditForm, configuration } from '../test/harness/samples/configurations'
import { podRequest } from '../test/harness/samples/pod-request'
import { anyPodForm, formContext, likelyPodForm, validPodForm } from '../test/harness/samples/pod-forms'
import type {
  CloudPodRequest,
  Environment,
  PodChanges,
  PodCompute,
  PodStorage,
} from '../src/core/pods/pod-request'

/* Every kind of request that creates or changes a pod. */

const gpu: PodCompute = {
  kind: 'gpu',
  typeId: 'NVIDIA GeForce RTX 4090',
  count: 2,
  allowedCudaVersions: [],
  minCudaVersion: null,
}

const plain = podRequest({ name: 'made', compute: gpu })

const computes: readonly PodCompute[] = [
  { kind: 'cpu', flavorId: 'cpu5c', vcpuCount: 4 },
  { ...gpu, allowedCudaVersions: ['12.8', '13.0'] },
  { ...gpu, minCudaVersion: '12.4' },
]

const storages: readonly PodStorage[] = [
  { kind: 'persistent', sizeGb: 10, path: '/workspace' },
  { kind: 'network', volumeId: 'volume', path: '/workspace' },
]

export const podRequests: readonly CloudPodRequest[] = [
  plain,
  ...computes.map((compute) => ({ ...plain, compute })),
  ...storages.map((storage) => ({ ...plain, storage })),
  {
    ...plain,
    image: null,
    templateId: 'tplpytorch',
    ports: null,
    startSsh: null,
    storage: { kind: 'template' },
    cloud: 'COMMUNITY',
  },
  {
    ...plain,
    args: 'python train.py',
    dataCenterIds: ['US-KS-2', 'EU-RO-1'],
    registryId: 'registry',
    startJupyter: true,
    hasGlobalNetworking: true,
    environment: { HF_TOKEN: '{{ RUNPOD_SECRET_HF_TOKEN }}', MODE: 'train' },
  },
]

export const podChanges: readonly PodChanges[] = [
  { name: 'renamed' },
  { isLocked: true },
  { isLocked: false, hasGlobalNetworking: true, registryId: null },
  {
    image: 'example/pytorch:2.9',
    args: '',
    containerDiskGb: 60,
    ports: [],
    environment: { A: 'b' },
    registryId: 'registry',
  },
]

/** Edits of forms as people fill them in, of pods with each kind of disk; the same each time. */
export function editRequests(count: number): readonly PodChanges[] {
  const forms = fc.sample(anyEditForm, { numRuns: count, seed: 1 })
  return forms.flatMap((form, index) => {
    const { storage } = configuration()
    const pod = configuration({ storage: index % 2 === 0 ? storage : { kind: 'none' } })
    const shown = shownConfiguration(pod)
    const { problems, edit } = evaluateEdit(
      { ...form, ...(index % 2 === 1 && { persistentGb: null }) },
      shown,
      { takenNames: [], secretNames: null, hasGpu: true },
    )
    const changes = toPodChanges(edit, pod)
    return problems.length === 0 && changes.ok && Object.keys(changes.value).length > 0 ? [changes.value] : []
  })
}

/** What a form is checked against: a catalog, and nothing that could be read, so that everything is left to Runpod. */
const contexts: readonly FormContext[] = [
  formContext(),
  {
    ...formContext(),
    gpus: { SECURE: null, COMMUNITY: null },
    cpus: null,
    dataCenters: null,
    volumes: null,
    secretNames: null,
    sshKeyCount: null,
  },
]

/** Variables of a pod that is rebuilt. */
const copiedEnvironments: readonly Environment[] = [{}, { 'my.variable-1': 'a b', EMPTY: '' }]

/** Requests of forms as people fill them in, over the whole space of the form; the same each time. */
export function formRequests(count: number): readonly CloudPodRequest[] {
  const forms = fc.sample(fc.oneof(anyPodForm, likelyPodForm, validPodForm), { numRuns: count, seed: 1 })
  return forms.flatMap((form, index) => {
    const context = contexts[index % contexts.length] ?? formContext()
    const copied = copiedEnvironments[(index >> 1) % copiedEnvironments.length] ?? {}
    const { plan, environment } = evaluateForm(form, context, copied)
    const ownKey: Environment = hasOwnKey(form) ? { [PUBLIC_KEY_VARIABLE]: 'ssh-ed25519 AAAA podkeeper' } : {}
    const pods = plan?.candidates.map(({ pod }) => pod) ?? []
    return pods.flatMap((pod) => {
      if (pod.kind !== 'cloud') return []
      const { kind: _, ...spec } = pod
      return [{ ...spec, environment: { ...environment, ...ownKey } }]
    })
  })
}
