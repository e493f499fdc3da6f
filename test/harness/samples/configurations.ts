import type { SecretTemplate } from '../../../src/core/pods/catalog'
import fc from 'fast-check'
import type { EditForm } from '../../../src/core/changes/edit-form'
import type { PodConfiguration } from '../../../src/core/pods/pod-request'
import type { NetworkVolume } from '../../../src/core/pods/provider'

export const volume = (more: Partial<NetworkVolume> = {}): NetworkVolume => ({
  id: 'vol-1',
  name: 'data',
  sizeGb: 100,
  dataCenterId: 'US-KS-2',
  isHighPerformance: false,
  ...more,
})

export const secretTemplate = (more: Partial<SecretTemplate> = {}): SecretTemplate => ({
  id: 'tpl-1',
  name: 'leaky',
  variableNames: ['HF_TOKEN'],
  isPublic: false,
  isServerless: false,
  ...more,
})

export const configuration = (more: Partial<PodConfiguration> = {}): PodConfiguration => ({
  name: 'trainer',
  gpu: { typeId: 'NVIDIA A100', count: 1 },
  cpu: null,
  cloud: 'SECURE',
  dataCenterId: 'EU-RO-1',
  image: 'example/pytorch:2.8',
  args: '',
  containerDiskGb: 40,
  storage: { kind: 'persistent', sizeGb: 100, path: '/workspace' },
  ports: ['22/tcp', '8888/http'],
  registryId: null,
  isRegistryKnown: true,
  hasGlobalNetworking: false,
  environment: { PODKEEPER_RUN_ID: 'run-12345678', HF_TOKEN: 'hf_secret_value', SEED: '1' },
  ...more,
})

/** Forms of an edit as people fill them in. */
export const anyEditForm: fc.Arbitrary<EditForm> = fc.record({
  name: fc.constantFrom('trainer', 'trainer-2', 'Größe 2', '=1+1'),
  image: fc.constantFrom('example/pytorch:2.8', 'ghcr.io/a/b@sha256:0123', 'localhost:5000/c:1'),
  args: fc.constantFrom('', 'python train.py --lr 1e-4', 'bash -c "a; b"'),
  registryId: fc.constantFrom('', 'clzdaifot0001l90809257ynb'),
  hasGlobalNetworking: fc.option(fc.boolean()),
  ports: fc
    .uniqueArray(fc.constantFrom('22/tcp', '8888/http', '6006/http', '53/udp'))
    .map((ports) => ports.join('\n')),
  containerDiskGb: fc.integer({ min: 1, max: 2_000 }).map(String),
  persistentGb: fc.option(fc.integer({ min: 100, max: 4_000 }).map(String)),
  environment: fc
    .uniqueArray(fc.constantFrom('A=1', 'B={{ RUNPOD_SECRET_hf }}', 'C=', 'D=a=b "c"'))
    .map((lines) => lines.join('\n')),
  removedVariables: fc.uniqueArray(fc.constantFrom('SEED', 'HF_TOKEN')),
})
