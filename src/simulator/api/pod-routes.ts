import * as v from 'valibot'
import { readBody } from '../http/body'
import { answerCreate } from './create-pod'
import { answerEdit } from './edit-pod'
import { answerLogs } from './log-stream'
import type { PodAction, PodRecord } from '../world/pod-life'
import { json, noContent, problem, type Reply } from '../http/reply'
import type { Call, Route } from './route'

const podActions = ['start', 'stop', 'restart', 'terminate'] as const satisfies readonly PodAction[]

const actionBody = v.strictObject({ action: v.string() })

export const podRoutes: readonly Route[] = [
  { method: 'GET', path: '/v2/pods', answer: list },
  { method: 'POST', path: '/v2/pods', isWrite: true, answer: ({ body, world }) => answerCreate(body, world) },
  { method: 'GET', path: '/v2/pods/:id', answer: withPod(({ id, world }) => json(world.find(id))) },
  {
    method: 'PATCH',
    path: '/v2/pods/:id',
    isWrite: true,
    answer: withPod(({ id, body, world }) => {
      const pod = world.record(id)
      return pod === null ? notFound : answerEdit(pod, body, world)
    }),
  },
  {
    method: 'DELETE',
    path: '/v2/pods/:id',
    isWrite: true,
    answer: withPod((call) => act('terminate', call)),
  },
  { method: 'POST', path: '/v2/pods/:id/action', isWrite: true, answer: answerAction },
  {
    method: 'GET',
    path: '/v2/pods/:id/logs',
    answer: withPod((call) => answerLogs(call.id, call, call.world)),
  },
]

const notFound = problem(404, 'pod not found')

function withPod(answer: Route['answer']): Route['answer'] {
  return (call) => (call.world.find(call.id) === null ? notFound : answer(call))
}

function answerAction(call: Call): ReturnType<Route['answer']> {
  const body = readBody(actionBody, call.body)
  if (!body.ok) return body.reply
  const action = podActions.find((each) => each === body.value.action)
  if (action === undefined) return problem(400, `unknown action '${body.value.action}'`)
  return withPod(() => act(action, call))(call)
}

function act(action: PodAction, { id, world, fault }: Call): Reply {
  const refusal = fault?.kind === 'accepted-not-done' ? null : world.act(id, action)
  if (refusal !== null) return problem(refusal.status, refusal.detail)
  return action === 'terminate' ? noContent : json(world.find(id))
}

function list({ query, fault, world, options }: Call): Reply {
  const limit = query.has('limit') ? Number(query.get('limit')) : options.maxPageSize
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    return problem(400, 'limit must be a whole number from 1 to 1000')
  }
  const hidden = fault?.kind === 'list-without' ? fault.withoutPodId : undefined
  const hasClusters = query.get('includeClusterPods') === 'true'
  const records = (fault?.kind === 'empty-list' ? [] : world.records()).filter(
    (pod) => pod.id !== hidden && (hasClusters || pod.spec.cluster === null),
  )
  if (!options.pagination) return json({ pods: world.shown(records) })
  const cursor = query.get('cursor')
  const after = cursor === null ? null : markOf(cursor)
  if (after === undefined) return problem(400, 'cursor is not valid')
  const rest = after === null ? records : records.filter((pod) => isAfter(pod, after))
  const page = rest.slice(0, Math.min(limit, options.maxPageSize))
  const last = page.at(-1)
  const nextCursor = rest.length > page.length && last !== undefined ? cursorOf(last) : null
  return json({ pods: world.shown(page), pagination: { hasNextPage: nextCursor !== null, nextCursor } })
}

/** A place in the list, newest first, that outlives the pod which was there. */
type Mark = readonly [createdAtMs: number, serial: number]

const cursorOf = (pod: PodRecord): string =>
  Buffer.from(JSON.stringify([pod.createdAtMs, pod.serial] satisfies Mark)).toString('base64url')

function markOf(cursor: string): Mark | undefined {
  const [, createdAt, serial] =
    /^\[(-?[\d.]+),(\d+)\]$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return createdAt === undefined ? undefined : [Number(createdAt), Number(serial)]
}

function isAfter(pod: PodRecord, [createdAtMs, serial]: Mark): boolean {
  return pod.createdAtMs < createdAtMs || (pod.createdAtMs === createdAtMs && pod.serial < serial)
}
