import type { CloudPodRequest, PodChanges, PodCompute, PodStorage } from '../../core/pods/pod-request'
import { startLists } from './parse/start-command'

/* The bodies of the requests that create and change pods, as REST v2 takes them. Unknown fields are refused. */

type Body = Readonly<Record<string, unknown>>

/**
 * `gpu.count` and `disk` are always sent: without a count no machine is found, and without a disk the request is
 * refused, although the document calls both optional.
 */
export function createBody(request: CloudPodRequest): Body {
  const { compute, environment, dataCenterIds } = request
  return {
    name: request.name,
    ...computeBody(compute),
    cloud: request.cloud,
    ...(dataCenterIds.length > 0 && { dataCenterIds }),
    ...given('image', request.image),
    ...given('templateId', request.templateId),
    ...(request.args !== null && (startLists(request.args) ?? { args: request.args })),
    disk: request.containerDiskGb,
    ...mountsBody(request.storage),
    ...given('ports', request.ports),
    ...(Object.keys(environment).length > 0 && { env: environment }),
    ...given('registry', request.registryId),
    ...given('startSsh', request.startSsh),
    ...given('startJupyter', request.startJupyter),
    ...(request.hasGlobalNetworking && { globalNetworking: true }),
  }
}

export function updateBody(changes: PodChanges): Body {
  const { name, isLocked, image, args, containerDiskGb, ports, environment, registryId } = changes
  const { hasGlobalNetworking, storage } = changes
  return {
    ...(name !== undefined && { name }),
    ...(isLocked !== undefined && { locked: isLocked }),
    ...(image !== undefined && { image }),
    ...(args !== undefined && { args }),
    ...(containerDiskGb !== undefined && { disk: containerDiskGb }),
    ...(ports !== undefined && { ports }),
    ...(environment !== undefined && { env: environment }),
    ...(registryId !== undefined && { registry: registryId }),
    ...(hasGlobalNetworking !== undefined && { globalNetworking: hasGlobalNetworking }),
    ...(storage !== undefined && mountsBody(storage)),
  }
}

const given = <T>(name: string, value: T | null): Body => (value === null ? {} : { [name]: value })

function computeBody(compute: PodCompute): Body {
  if (compute.kind === 'cpu') return { cpu: { id: compute.flavorId, vcpuCount: compute.vcpuCount } }
  const { typeId, count, allowedCudaVersions, minCudaVersion } = compute
  return {
    gpu: {
      id: typeId,
      count,
      ...(allowedCudaVersions.length > 0 && { allowedCudaVersions }),
      ...given('minCudaVersion', minCudaVersion),
    },
  }
}

function mountsBody(storage: PodStorage): Body {
  switch (storage.kind) {
    case 'none':
    case 'template':
      return {}
    case 'persistent':
      return { mounts: { persistent: { size: storage.sizeGb, path: storage.path } } }
    case 'network':
      return { mounts: { network: [{ volumeId: storage.volumeId, path: storage.path }] } }
  }
}
