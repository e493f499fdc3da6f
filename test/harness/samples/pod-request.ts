import type { CloudPodRequest } from '../../../src/core/pods/pod-request'

/** A pod with one RTX 4090 and SSH, without storage of its own. */
export const podRequest = (more: Partial<CloudPodRequest> = {}): CloudPodRequest => ({
  name: 'night-train',
  compute: {
    kind: 'gpu',
    typeId: 'NVIDIA GeForce RTX 4090',
    count: 1,
    allowedCudaVersions: [],
    minCudaVersion: null,
  },
  cloud: 'SECURE',
  dataCenterIds: [],
  image: 'example/pytorch:2.8',
  templateId: null,
  args: null,
  containerDiskGb: 50,
  storage: { kind: 'none' },
  ports: ['22/tcp'],
  registryId: null,
  startSsh: true,
  startJupyter: null,
  hasGlobalNetworking: false,
  environment: {},
  ...more,
})
