import fc from 'fast-check'
import type { CpuOffer, GpuOffer, PodTemplate } from '../../../src/core/pods/catalog'
import { emptyPodForm, type FormContext, type PodForm } from '../../../src/core/creation/form/pod-form'
import { cloudTiers } from '../../../src/core/pods/pod-request'

export const gpuOffer = (name: string, more: Partial<GpuOffer> = {}): GpuOffer => ({
  id: `NVIDIA ${name}`,
  name,
  manufacturer: 'NVIDIA',
  memoryGb: 80,
  priceUsd: { SECURE: 2, COMMUNITY: 1.5 },
  maxCount: { SECURE: 8, COMMUNITY: 4 },
  stock: 'high',
  dataCenters: [],
  cudaVersions: ['12.8'],
  ...more,
})

const offers = [
  gpuOffer('H100 SXM'),
  gpuOffer('A100 SXM', { priceUsd: { SECURE: 1.5, COMMUNITY: null }, maxCount: { SECURE: 8, COMMUNITY: 0 } }),
  gpuOffer('H200 SXM', { priceUsd: { SECURE: 4, COMMUNITY: null }, maxCount: { SECURE: 8, COMMUNITY: 0 } }),
]

const cpu: CpuOffer = {
  id: 'cpu5c',
  name: 'Compute-Optimized',
  group: 'Gen 5',
  vcpuRange: { min: 2, max: 32 },
  ramGbPerVcpu: 2,
  pricePerVcpuUsd: 0.035,
  stock: 'high',
  dataCenters: [],
}

export const podTemplate: PodTemplate = {
  id: 'tpl',
  name: 'PyTorch',
  image: 'example/pytorch:2.8',
  args: '',
  containerDiskGb: 80,
  persistent: { sizeGb: 100, path: '/workspace' },
  ports: ['8888/http'],
  variableNames: ['HF_HOME'],
  isForCpu: false,
  startsSsh: true,
  startsJupyter: true,
  allowedCudaVersions: [],
}

export const formContext = (more: Partial<FormContext> = {}): FormContext => ({
  gpus: { SECURE: offers, COMMUNITY: offers },
  cpus: [cpu],
  dataCenters: ['US-KS-2', 'EU-RO-1'].map((id) => ({
    id,
    name: id,
    region: null,
    hasGlobalNetwork: true,
    volumeKinds: ['standard'],
    compliance: [],
    gpuStock: {},
  })),
  volumes: [{ id: 'vol', name: 'data', sizeGb: 100, dataCenterId: 'EU-RO-1', isHighPerformance: false }],
  templates: [podTemplate],
  secretNames: ['hf'],
  sshKeyCount: 1,
  podNames: ['taken'],
  spending: {
    balance: { kind: 'known', usd: 100, spendPerHourUsd: null, atMs: 0 },
    burn: { perHourUsd: 0, isAtLeast: false },
    money: null,
    limits: null,
  },
  ...more,
})

/** A form that makes a pod with one H100. */
export const podForm = (more: Partial<PodForm> = {}): PodForm => ({
  ...emptyPodForm,
  name: 'night-train',
  gpuTypeIds: ['NVIDIA H100 SXM'],
  image: 'example/pytorch:2.8',
  ...more,
})

const text = fc.oneof(
  fc.constantFrom('', ' ', '10', '50', '9', '0', '-1', '4.5', 'x', '1e3', '9999999'),
  fc.string(),
)
const path = fc.oneof(fc.constantFrom('/workspace', '/a/b', 'workspace', '/../etc', ''), fc.string())

/** Forms as people type them, valid and not. */
export const anyPodForm: fc.Arbitrary<PodForm> = fc.record({
  name: fc.oneof(fc.constantFrom('night-train', 'taken', '', 'Zug 🚆'), fc.string({ maxLength: 120 })),
  hardware: fc.constantFrom('gpu', 'gpu', 'gpu', 'cpu'),
  gpuTypeIds: fc.array(
    fc.constantFrom('NVIDIA H100 SXM', 'NVIDIA A100 SXM', 'NVIDIA H200 SXM', 'NVIDIA none'),
    { maxLength: 4 },
  ),
  gpuCount: fc.constantFrom(1, 1, 2, 8, 9, 0, 1.5),
  cpuFlavorId: fc.constantFrom(null, 'cpu5c', 'cpu5c', 'none'),
  vcpuCount: fc.constantFrom(2, 4, 32, 64, 3, 1),
  clouds: fc.subarray([...cloudTiers]),
  dataCenterIds: fc.subarray(['US-KS-2', 'EU-RO-1', 'none'], { maxLength: 2 }),
  image: fc.constantFrom('example/pytorch:2.8', 'hubify/base:latest', '', 'no image'),
  templateId: fc.constantFrom(null, null, 'tpl', 'none'),
  args: fc.constantFrom(null, '', 'python train.py'),
  containerDiskGb: text,
  storage: fc.oneof(
    fc.constantFrom({ kind: 'none' } as const, { kind: 'template' } as const),
    fc.record({ kind: fc.constant('persistent' as const), sizeGb: text, path }),
    fc.record({ kind: fc.constant('network' as const), volumeId: fc.constantFrom('vol', 'none', ''), path }),
  ),
  ports: fc.oneof(
    fc.constantFrom(null, '', '22/tcp', '8888/http, 22/tcp', '8888/http\n70000/tcp', '8888'),
    fc.string(),
  ),
  environment: fc.oneof(
    fc.constantFrom(
      '',
      'A=b',
      'A=b\nB={{ RUNPOD_SECRET_hf }}',
      'A=b\nA=c',
      'X={{ RUNPOD_SECRET_none }}',
      '# x\n\nA==',
    ),
    fc.string(),
  ),
  allowedCudaVersions: fc.subarray(['12.8', '13.0', 'x'], { maxLength: 2 }),
  minCudaVersion: fc.constantFrom('', '', '12.4', 'x'),
  registryId: fc.constantFrom(null, 'registry'),
  hasSsh: fc.boolean(),
  hasOwnKey: fc.boolean(),
  hasJupyter: fc.boolean(),
  hasGlobalNetworking: fc.boolean(),
  isAutoStopped: fc.boolean(),
  maxHours: fc.constantFrom('', '8', '0.25', '0', '9000', 'x'),
  monthlyBudgetUsd: fc.constantFrom('', '40', '0', 'x'),
  isStoppedAtBudget: fc.boolean(),
  mayLoseData: fc.boolean(),
  keepOn: fc.constantFrom(null, '1-hour', 'until-told'),
  whenFree: fc.constantFrom(
    null,
    null,
    { maxPerHourUsd: '40', waitHours: '8' },
    { maxPerHourUsd: '1', waitHours: '0' },
  ),
  mayExceedBudget: fc.boolean(),
})

/** Mostly valid: each field is the valid one unless it is drawn. */
export const likelyPodForm: fc.Arbitrary<PodForm> = fc
  .tuple(anyPodForm, fc.subarray(Object.keys(emptyPodForm) as (keyof PodForm)[], { maxLength: 7 }))
  .map(([drawn, fields]) => ({
    ...podForm(),
    ...Object.fromEntries(fields.map((field) => [field, drawn[field]])),
  }))

/** Valid in every field, over the whole space that has no problem. */
export const validPodForm: fc.Arbitrary<PodForm> = fc
  .tuple(anyPodForm, fc.boolean(), fc.boolean(), fc.nat())
  .map(([drawn, isCpu, hasTemplate, number]): PodForm => {
    const gb = String(10 + (number % 500))
    const network = { kind: 'network', volumeId: 'vol', path: '/workspace' } as const
    const persistent = { kind: 'persistent', sizeGb: gb, path: '/workspace' } as const
    const storages = isCpu
      ? ([{ kind: 'none' }, network] as const)
      : hasTemplate
        ? ([{ kind: 'none' }, { kind: 'template' }, network, persistent] as const)
        : ([{ kind: 'none' }, network, persistent] as const)
    const storage = storages[number % storages.length] ?? { kind: 'none' }
    const isSecureOnly = isCpu || storage.kind === 'network'
    const cuda = isCpu || hasTemplate ? 0 : number % 3
    return {
      ...drawn,
      name: `pod-${number}`,
      hardware: isCpu ? 'cpu' : 'gpu',
      gpuTypeIds: ['NVIDIA H100 SXM'],
      gpuCount: 1 + (number % 4),
      cpuFlavorId: isCpu ? 'cpu5c' : null,
      vcpuCount: [2, 4, 8, 16, 32][number % 5] ?? 2,
      clouds: isSecureOnly ? ['SECURE'] : [...cloudTiers].slice(0, 1 + (number % 2)),
      dataCenterIds: number % 2 === 0 ? [] : ['EU-RO-1'],
      image: hasTemplate && number % 2 === 0 ? '' : 'example/pytorch:2.8',
      templateId: hasTemplate && !isCpu ? 'tpl' : null,
      containerDiskGb: number % 3 === 0 ? '' : gb,
      storage,
      ports:
        hasTemplate && !isCpu && number % 2 === 0
          ? null
          : (['', '22/tcp', '8888/http, 22/tcp'][number % 3] ?? ''),
      environment: ['', 'A=b', 'A=b\nB={{ RUNPOD_SECRET_hf }}', '# x\n\nA=='][number % 4] ?? '',
      allowedCudaVersions: cuda === 1 ? ['12.8'] : [],
      minCudaVersion: cuda === 2 ? '12.4' : '',
      hasGlobalNetworking: drawn.hasGlobalNetworking && !isCpu,
      maxHours: '8',
      monthlyBudgetUsd: '40',
      whenFree: null,
    }
  })
  .map((form) => (form.image === '' && form.templateId === null ? { ...form, image: 'a/b:1' } : form))
