import type { ApiPod } from './api-pod'
import type { Fault } from './faults'
import type { PodAction } from './pod-life'
import { json, noContent, problem, type Reply } from './reply'
import type { World } from './world'

export interface RestOptions {
  /** Whether lists have `pagination`; the older API document has none. */
  readonly pagination: boolean
  /** The most pods in one page, and the default. */
  readonly maxPageSize: number
}

export interface RestRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly mayWrite: boolean
  /** Only those that let the API act. */
  readonly fault: Fault | null
}

const podActions: readonly string[] = ['start', 'stop', 'restart', 'terminate'] satisfies PodAction[]

/** Answers REST v2, for a key that is accepted and within its quota. */
export function answerRest(request: RestRequest, world: World, options: RestOptions): Reply {
  const { method, path } = request
  if (path === '/v2/pods') {
    return method === 'GET' ? list(request, world, options) : notAllowed('GET')
  }
  const [, id = '', tail] = /^\/v2\/pods\/([^/]+)(\/action)?$/.exec(path) ?? []
  if (id === '') return problem(404, 'resource not found')
  if (tail === undefined) {
    if (method === 'GET') return show(id, world)
    return method === 'DELETE' ? act(id, 'terminate', request, world) : notAllowed('GET, DELETE')
  }
  if (method !== 'POST') return notAllowed('POST')
  if (!request.mayWrite) return problem(403, 'access denied')
  const action = actionOf(request.body)
  return typeof action === 'object' ? action : act(id, action as PodAction, request, world)
}

function notAllowed(allow: string): Reply {
  return problem(405, 'method not allowed', { headers: { Allow: allow } })
}

function show(id: string, world: World): Reply {
  const pod = world.find(id)
  return pod === null ? problem(404, 'pod not found') : json(pod)
}

function act(id: string, action: PodAction, request: RestRequest, world: World): Reply {
  if (!request.mayWrite) return problem(403, 'access denied')
  if (world.find(id) === null) return problem(404, 'pod not found')
  const conflict = request.fault?.kind === 'accepted-not-done' ? null : world.act(id, action)
  if (conflict !== null) return problem(409, conflict)
  return action === 'terminate' ? noContent : json(world.find(id))
}

/** The action that a body asks for, or the refusal of that body. */
function actionOf(body: string): string | Reply {
  const value = parsed(body)
  if (value === undefined) return problem(400, 'request body is not JSON')
  const invalid = (error: string) => problem(422, 'Request validation failed.', { errors: [error] })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('$: an object is needed')
  }
  const unknown = Object.keys(value).find((key) => key !== 'action')
  if (unknown !== undefined) return invalid(`$: field '${unknown}' is not known`)
  const action: unknown = (value as { action?: unknown }).action
  if (typeof action !== 'string') return invalid('$.action: a string is needed')
  return podActions.includes(action) ? action : problem(400, `unknown action '${action}'`)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function list(request: RestRequest, world: World, options: RestOptions): Reply {
  const { query, fault } = request
  const limit = query.has('limit') ? Number(query.get('limit')) : options.maxPageSize
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    return problem(400, 'limit must be a whole number from 1 to 1000')
  }
  const hidden = fault?.kind === 'list-without' ? fault.withoutPodId : undefined
  const pods = (fault?.kind === 'empty-list' ? [] : world.list()).filter(
    (pod) => pod['id'] !== hidden && (query.get('includeClusterPods') === 'true' || !('cluster' in pod)),
  )
  if (!options.pagination) return json({ pods })
  const after = query.get('cursor')
  const from = after === null ? 0 : placeAfter(after, pods)
  if (from === null) return problem(400, 'cursor is not valid')
  const page = pods.slice(from, from + Math.min(limit, options.maxPageSize))
  const last = page.at(-1)
  const hasNextPage = from + page.length < pods.length && last !== undefined
  return json({ pods: page, pagination: { hasNextPage, nextCursor: hasNextPage ? cursorOf(last) : null } })
}

/** Names the last pod of a page, so that pods that come and go meanwhile shift nothing. */
function cursorOf(pod: ApiPod): string {
  return Buffer.from(JSON.stringify([pod['createdAt'], pod['id']])).toString('base64url')
}

function placeAfter(cursor: string, pods: readonly ApiPod[]): number | null {
  const mark = parsed(Buffer.from(cursor, 'base64url').toString())
  if (!Array.isArray(mark) || typeof mark[0] !== 'string') return null
  const [createdAt, id] = mark as [string, unknown]
  const at = pods.findIndex((pod) => pod['id'] === id)
  if (at >= 0) return at + 1
  const older = pods.findIndex((pod) => String(pod['createdAt']) < createdAt)
  return older < 0 ? pods.length : older
}
