import type { LabPodSpec } from '../../core/pods/pod-request'

/** The body of the request that creates a pod. Its environment may hold secrets. */
export function createPodBody(labId: string, spec: LabPodSpec): Readonly<Record<string, unknown>> {
  const { gpuType, gpuCount, maxHours, image, environment, volumeGb } = spec
  return {
    labId,
    gpuType,
    gpuCount,
    ...(maxHours !== null && { maxHours }),
    image,
    ...(Object.keys(environment).length > 0 && { env: environment }),
    volumeSize: volumeGb,
  }
}
