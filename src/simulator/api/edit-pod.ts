import { readBody } from '../http/body'
import { editBody, type EditBody } from './pod-body'
import type { PodRecord } from '../world/pod-record'
import type { PodPatch } from '../world/pod-spec'
import { json, problem, type Reply } from '../http/reply'
import { type ApiTemplate, findTemplate } from './catalog/templates'
import type { World } from '../world/world'

/** Changing these fields of a running pod recreates its container, which wipes everything that is not on a volume. */
const recreatingFields = ['image', 'args', 'containerDiskGb', 'ports', 'env'] as const

/** Answers `PATCH /v2/pods/{id}` for an existing pod. */
export function handleEdit(pod: PodRecord, text: string, world: World): Reply {
  if (pod.spec.cluster !== null) return problem(409, 'pod belongs to a cluster and is managed through it')
  const body = readBody(editBody, text)
  if (!body.ok) return body.reply
  const { templateId } = body.value
  const template = templateId === undefined ? null : findTemplate(templateId)
  if (templateId !== undefined && template === null) return problem(404, 'template not found')
  if (template?.serverless) {
    return problem(422, 'Request validation failed.', { errors: ['$.templateId: is for serverless workers'] })
  }
  const mounts = mountsOf(pod, body.value)
  if ('status' in mounts) return mounts
  const patch = { ...patchOf(body.value, template), ...mounts }
  world.patch(pod.id, patch)
  const isRunning = pod.offAtMs === null && world.nowMs() >= pod.readyAtMs
  if (isRunning && recreatingFields.some((field) => field in patch)) world.recreate(pod.id)
  return json(world.find(pod.id))
}

function patchOf(body: EditBody, template: ApiTemplate | null): PodPatch {
  const { name, locked, globalNetworking } = body
  const image = body.image ?? template?.image
  const args = body.args ?? template?.args
  const containerDiskGb = body.disk ?? template?.disk
  const ports = body.ports ?? template?.ports
  const env = body.env || template ? { ...template?.env, ...body.env } : undefined
  const registry = body.registry === undefined ? template?.registry : body.registry
  return {
    ...(name !== undefined && { name }),
    ...(locked !== undefined && { locked }),
    ...(globalNetworking !== undefined && { globalNetworking }),
    ...(image !== undefined && { image }),
    ...(args !== undefined && { args }),
    ...(containerDiskGb !== undefined && { containerDiskGb }),
    ...(ports !== undefined && { ports }),
    ...(env !== undefined && { env }),
    ...(registry !== undefined && { registry }),
  }
}

/** The kind of a mount and its volume are fixed when a pod is created. */
function mountsOf({ spec }: PodRecord, body: EditBody): PodPatch | Reply {
  const { persistent, network } = body.mounts ?? {}
  if (persistent && network) return problem(400, 'persistent and network mounts exclude each other')
  if (persistent) {
    if (spec.persistent === null) return problem(400, 'a mount cannot be added')
    if (persistent.size < spec.persistent.sizeGb) return problem(400, 'storage cannot be reduced')
    return { persistent: { sizeGb: persistent.size, path: persistent.path } }
  }
  if (network === undefined) return {}
  const [mount] = network
  if (mount === undefined) return problem(400, 'mounts cannot be cleared')
  if (mount.volumeId !== spec.network?.volumeId) return problem(400, 'a network volume cannot be changed')
  return { network: mount }
}
