import * as v from 'valibot'
import { readBody } from '../http/body'
import { invalidCursor, pageLimit } from '../http/page-limit'
import { json, problem, type Reply } from '../http/reply'
import type { Route, RouteCall } from './route'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const changesSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.minLength(1))),
  workers: v.optional(
    v.strictObject({
      min: v.optional(count),
      max: v.optional(count),
      idleTimeout: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_600))),
    }),
  ),
})

const path = '/v2/serverless'

/** Serverless endpoints: listed, read, changed, and their workers. */
export const serverlessRoutes: readonly Route[] = [
  { method: 'GET', path, handle: list },
  { method: 'GET', path: `${path}/:id`, handle: withEndpoint((endpoint) => json(endpoint)) },
  { method: 'PATCH', path: `${path}/:id`, isWrite: true, handle: withEndpoint(change) },
  {
    method: 'GET',
    path: `${path}/:id/workers`,
    handle: withEndpoint((_, { id, world }) => json(world.endpoints.workersOf(id))),
  },
]

function withEndpoint(
  answer: (endpoint: Record<string, unknown>, routeCall: RouteCall) => Reply,
): Route['handle'] {
  return (routeCall) => {
    const endpoint = routeCall.world.endpoints.read(routeCall.id)
    return endpoint === null ? problem(404, 'endpoint not found') : answer(endpoint, routeCall)
  }
}

/** A cursor is the number of the first entry. */
function list({ query, fault, world, options }: RouteCall): Reply {
  const limit = pageLimit(query, options)
  if (typeof limit !== 'number') return limit
  const endpoints = fault?.kind === 'empty-list' ? [] : world.endpoints.list()
  if (!options.pagination) return json({ endpoints })
  const from = Number(query.get('cursor') ?? 0)
  if (!Number.isInteger(from) || from < 0) return invalidCursor
  const hasNextPage = endpoints.length > from + limit
  return json({
    endpoints: endpoints.slice(from, from + limit),
    pagination: { hasNextPage, nextCursor: hasNextPage ? String(from + limit) : null },
  })
}

function change(_: unknown, { id, body: text, world }: RouteCall): Reply {
  const body = readBody(changesSchema, text)
  if (!body.ok) return body.reply
  const { name, workers } = body.value
  const now = world.endpoints.minAndMax(id)
  const minWorkers = workers?.min ?? now.minWorkers
  const maxWorkers = workers?.max ?? now.maxWorkers
  if (minWorkers > maxWorkers) return problem(400, 'workers.min must not be greater than workers.max')
  world.endpoints.set(id, { minWorkers, maxWorkers, ...(name !== undefined && { name }) })
  return json(world.endpoints.read(id))
}
