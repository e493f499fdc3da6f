import { type QuotaLimits, rateLimitHeaders, RequestQuota } from '../control/quota'
import type { ApiErrors } from '../control/api-errors'
import type { SimulatedFault } from '../control/faults'
import type { SimulatedApi } from '../control/simulated-api'
import { type EventStream, page, problem, type Reply, withHeaders } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import type { World } from '../world/world'
import { accountRoutes } from './account-routes'
import { type FieldError, graphqlError, handleGraphql } from './graphql'
import { mayUse, permissionsOf, type SimulatedKeyAccess } from './key-permissions'
import { podRoutes } from './pod-routes'
import type { RestOptions, RestRequest, Route } from './route'

const routes = [...podRoutes, ...accountRoutes].map((route: Route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`),
}))

export interface RunpodApiOptions {
  readonly world: World
  /** Wall clock, Unix ms. */
  readonly now: () => number
  readonly keys: Readonly<Record<string, SimulatedKeyAccess>>
  /** The ids of accounts that keys belong to. Default: `user_simulated`. */
  readonly accountIds: Readonly<Record<string, string>>
  /** Null for no quotas and no headers. */
  readonly quotas: QuotaLimits | null
  readonly rest: RestOptions
}

export const runpodErrors: ApiErrors = {
  reply: (status, detail, headers = {}) => problem(status, detail, { headers }),
  exhaustedQuotaHeaders: (retryAfterS) => ({
    RateLimit: `"minute";r=0;t=${retryAfterS}`,
    'RateLimit-Policy': '"minute";q=60;w=60',
  }),
}

/** Cloudflare, before Runpod, refuses Python's default User-Agent, whatever the request. */
const isRefusedAgent = (userAgent: string | null): boolean => /^Python-urllib\//i.test(userAgent ?? '')

const refusedAgent = withHeaders(
  page(
    403,
    'Error 1010: Access denied. The owner of this website has banned your access based on its signature.',
  ),
  { server: 'cloudflare' },
)

/** Why fields of a query are null: by the field's name. */
function fieldErrorsOf(
  denied: readonly string[],
  fault: SimulatedFault | null,
): ReadonlyMap<string, FieldError> {
  const own = denied.map((field) => [field, { message: 'Unauthorized', code: 'UNAUTHORIZED' }] as const)
  if (fault?.kind !== 'graphql-partial') return new Map(own)
  const error = { message: fault.detail ?? 'Something went wrong.', code: 'INTERNAL_SERVER_ERROR' }
  return new Map([...own, ...(fault.fields ?? ['currentSpendPerHr']).map((field) => [field, error] as const)])
}

/** REST v2 under `/v2` and GraphQL at `/graphql`. */
export function createRunpodApi(options: RunpodApiOptions): SimulatedApi {
  const { world, now, keys, accountIds, quotas, rest } = options
  const quota = quotas === null ? null : new RequestQuota(quotas)
  const isKey = (key: string): boolean => Object.hasOwn(keys, key)
  return {
    errors: runpodErrors,
    isKey,
    targetOf: podTargetOf,
    refuse: ({ userAgent }) => (isRefusedAgent(userAgent) ? refusedAgent : null),
    answer({ method, path, query, body, lastEventId }, key, fault) {
      const access = key !== null && isKey(key) ? keys[key] : undefined
      if (path === '/graphql') {
        if (access === undefined) return graphqlError('Unauthorized', 401)
        if (method !== 'POST') return graphqlError('POST only', 405)
        const { graphql } = permissionsOf(access)
        if (graphql === 'forbidden') return graphqlError('Forbidden', 403)
        const accountId = accountIds[key ?? ''] ?? 'user_simulated'
        return handleGraphql(body, world, accountId, fieldErrorsOf(graphql.deniedFields, fault))
      }
      if (key === null || access === undefined) {
        return problem(401, key === null ? 'missing bearer token' : 'invalid bearer token')
      }
      const verdict = quota?.consume(key, now())
      const permissions = permissionsOf(access)
      const request = { method, path, query, body, lastEventId, permissions, fault }
      const reply = verdict?.refusedBy
        ? problem(429, `rate limit exceeded for the ${verdict.refusedBy} window`, {
            headers: { 'Retry-After': String(verdict.retryAfterS) },
          })
        : handleRest(request, world, rest)
      return verdict === undefined ? reply : withHeaders(reply, rateLimitHeaders(verdict.windows, now()))
    },
  }
}

function podTargetOf({ method, path, body }: IncomingRequest): { podId?: string; action?: string } {
  const [, podId, tail] = /^\/v2\/pods\/([^/]+)(\/action)?$/.exec(path) ?? []
  if (podId === undefined) return {}
  if (tail === undefined) return method === 'DELETE' ? { podId, action: 'terminate' } : { podId }
  const action = /"action"\s*:\s*"(\w+)"/.exec(body)?.[1]
  return action === undefined ? { podId } : { podId, action }
}

/** Answers REST v2 requests with a valid key that is within its quota. */
function handleRest(request: RestRequest, world: World, options: RestOptions): Reply | EventStream {
  const found = routes.filter(({ pattern }) => pattern.test(request.path))
  const route = found.find(({ method }) => method === request.method)
  if (route === undefined) {
    if (found.length === 0) return problem(404, 'resource not found')
    const allow = found.map(({ method }) => method).join(', ')
    return problem(405, 'method not allowed', { headers: { Allow: allow } })
  }
  if (!mayUse(request.permissions, route.path, route.isWrite === true)) return problem(403, 'access denied')
  const id = tryDecode(route.pattern.exec(request.path)?.[1] ?? '')
  return id === null ? problem(404, 'resource not found') : route.handle({ ...request, id, world, options })
}

/** Decodes a path segment; null if the encoding is invalid. */
function tryDecode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
