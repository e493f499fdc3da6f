import * as v from 'valibot'
import { readBody } from '../http/body'
import { handleCreate } from './create-pod'
import { handleLogs } from './log-stream'
import type { PodAction } from '../../core/pods/pod'
import type { SimulatedFault } from '../control/faults'
import type { PodJson } from '../world/api-pod'
import type { PodRecord } from '../world/pod-record'
import { invalidCursor, pageLimit } from '../http/page-limit'
import { json, noContent, problem, type Reply } from '../http/reply'
import type { PodPatch } from '../world/pod-spec'
import type { World } from '../world/world'
import { findTemplate } from './catalog/templates'
import type { ApiTemplate } from '../world/account/templates'
import { editBody, type EditBody } from './pod-body'
import type { Route, RouteCall } from './route'

/** Changing these fields of a running pod recreates its container, which wipes everything that is not on a volume. */
const recreatingFields = ['image', 'args', 'containerDiskGb', 'ports', 'env'] as const

const podActions = ['start', 'stop', 'restart', 'terminate'] as const satisfies readonly PodAction[]

const actionBody = v.strictObject({ action: v.string() })

export const podRoutes: readonly Route[] = [
  { method: 'GET', path: '/v2/pods', handle: list },
  { method: 'POST', path: '/v2/pods', isWrite: true, handle: ({ body, world }) => handleCreate(body, world) },
  { method: 'GET', path: '/v2/pods/:id', handle: withExistingPod(single) },
  {
    method: 'PATCH',
    path: '/v2/pods/:id',
    isWrite: true,
    handle: withExistingPod(({ id, body, world }) => {
      const pod = world.record(id)
      return pod === null ? notFound : handleEdit(pod, body, world)
    }),
  },
  {
    method: 'DELETE',
    path: '/v2/pods/:id',
    isWrite: true,
    handle: withExistingPod((routeCall) => act('terminate', routeCall)),
  },
  { method: 'POST', path: '/v2/pods/:id/action', isWrite: true, handle: handleAction },
  {
    method: 'GET',
    path: '/v2/pods/:id/logs',
    handle: withExistingPod((routeCall) => handleLogs(routeCall.id, routeCall, routeCall.world)),
  },
]

const notFound = problem(404, 'pod not found')

function withExistingPod(answer: Route['handle']): Route['handle'] {
  return (routeCall) => (routeCall.world.find(routeCall.id) === null ? notFound : answer(routeCall))
}

function handleAction(routeCall: RouteCall): ReturnType<Route['handle']> {
  const body = readBody(actionBody, routeCall.body)
  if (!body.ok) return body.reply
  const action = podActions.find((each) => each === body.value.action)
  if (action === undefined) return problem(400, `unknown action '${body.value.action}'`)
  return withExistingPod(() => act(action, routeCall))(routeCall)
}

function act(action: PodAction, { id, world, fault }: RouteCall): Reply {
  const hasGpus = fault?.kind !== 'zero-gpus'
  const refusal = fault?.kind === 'accepted-not-done' ? null : world.act(id, action, hasGpus)
  if (refusal !== null) return problem(refusal.status, refusal.detail)
  return action === 'terminate' ? noContent : json(world.find(id))
}

/** Whether the API's look at the host of a pod fails in this request. */
function isLostBy(fault: SimulatedFault | null): (id: string) => boolean {
  return (id) => fault?.kind === 'no-telemetry' && (fault.lostPodIds?.includes(id) ?? true)
}

function single({ id, fault, world }: RouteCall): Reply {
  const pods = world.records().filter((pod) => pod.id === id)
  return json(world.toApiPods(pods, isLostBy(fault))[0])
}

/** Pods as a list has them, which may carry fewer figures than a single pod. */
function listed(pods: readonly PodRecord[], { fault, world }: RouteCall): readonly PodJson[] {
  const all = world.toApiPods(pods, isLostBy(fault))
  if (world.conditions.listFigures === 'all') return all
  return all.map((pod) => {
    const runtime = pod['runtime']
    if (typeof runtime !== 'object' || runtime === null) return pod
    const { uptime, ports } = runtime as { readonly uptime?: unknown; readonly ports?: unknown }
    return { ...pod, runtime: { uptime, ports } }
  })
}

function list(routeCall: RouteCall): Reply {
  const { query, fault, world, options } = routeCall
  const limit = pageLimit(query, options)
  if (typeof limit !== 'number') return limit
  const hidden = fault?.kind === 'list-without' ? fault.withoutPodId : undefined
  const hasClusters = query.get('includeClusterPods') === 'true'
  const records = (fault?.kind === 'empty-list' ? [] : world.records()).filter(
    (pod) => pod.id !== hidden && (hasClusters || pod.spec.cluster === null),
  )
  if (!options.pagination) return json({ pods: listed(records, routeCall) })
  const cursor = query.get('cursor')
  const after = cursor === null ? null : parseCursor(cursor)
  if (after === undefined) return invalidCursor
  const rest = after === null ? records : records.filter((pod) => isAfter(pod, after))
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = rest.length > page.length && last !== undefined ? formatCursor(last) : null
  return json({ pods: listed(page, routeCall), pagination: { hasNextPage: nextCursor !== null, nextCursor } })
}

/** A position in the list (newest first) that stays valid when the pod at that position is gone. */
type PageCursor = readonly [createdAtMs: number, serial: number]

const formatCursor = (pod: PodRecord): string =>
  Buffer.from(JSON.stringify([pod.createdAtMs, pod.serial] satisfies PageCursor)).toString('base64url')

function parseCursor(cursor: string): PageCursor | undefined {
  const [, createdAt, serial] =
    /^\[(-?[\d.]+),(\d+)\]$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return createdAt === undefined ? undefined : [Number(createdAt), Number(serial)]
}

function isAfter(pod: PodRecord, [createdAtMs, serial]: PageCursor): boolean {
  return pod.createdAtMs < createdAtMs || (pod.createdAtMs === createdAtMs && pod.serial < serial)
}

/** Answers `PATCH /v2/pods/{id}` for an existing pod. */
function handleEdit(pod: PodRecord, text: string, world: World): Reply {
  if (pod.spec.cluster !== null) return problem(409, 'pod belongs to a cluster and is managed through it')
  const body = readBody(editBody, text)
  if (!body.ok) return body.reply
  const { templateId } = body.value
  const template = templateId === undefined ? null : findTemplate(templateId, world)
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
