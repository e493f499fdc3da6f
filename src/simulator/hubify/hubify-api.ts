import type { ApiRoute } from '../../core/pods-api/api-route'
import { API_PREFIX } from '../../core/pods-api/api-routes'
import { findApiRoute } from '../../core/pods-api/find-api-route'
import type { ApiReply } from '../../core/pods-api/api-types'
import { type QuotaVerdict, RequestQuota } from '../control/quota'
import type { HubifyBehavior } from '../control/hubify-behavior'
import type { SimulatedFault } from '../control/faults'
import type { ApiErrors } from '../control/api-errors'
import type { SimulatedApi } from '../control/simulated-api'
import { type Reply, withHeaders } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import type { Labs } from '../labs/labs'
import { randomId } from '../world/seeded-random'
import type { World } from '../world/world'
import {
  errorReply,
  hasPages,
  listReply,
  objectReply,
  plainReply,
  type ReplyMeta,
  unknownRoute,
} from './hubify-reply'
import { headersOf, type SimulatedPlan, plans, quotaHeaders } from './plans'
import { createWorldBackend } from './world-backend'

interface MatchedRoute {
  readonly route: ApiRoute
  readonly id: string
}

/** A valid key. */
export interface SimulatedHubifyKey {
  /** Such as `pods:read`, `pods:*` or `*`. */
  readonly scopes: readonly string[]
  /** The ids of the labs that it can access. Default: all. */
  readonly labs?: readonly string[]
}

export interface HubifyApiOptions {
  readonly world: World
  readonly labs: Labs
  /** Wall clock, Unix ms. */
  readonly now: () => number
  readonly keys: Readonly<Record<string, SimulatedHubifyKey>>
  /** Null for no quotas and no headers. */
  readonly plan: SimulatedPlan | null
  /** How it answers at present. */
  readonly behavior: () => HubifyBehavior
}

/** Everything of Hubify is below this path. */
export const HUBIFY_PREFIX = API_PREFIX

/** The API of Hubify's labs under `/api/v1`, over the pods of a `World`. */
export function createHubifyApi({ world, labs, now, keys, plan, behavior }: HubifyApiOptions): SimulatedApi {
  const quota = plan === null ? null : new RequestQuota(plans[plan])
  let requestCount = 0

  const errors: ApiErrors = {
    reply: (status, detail, headers) => errorReply(behavior(), status, detail, headers),
    exhaustedQuotaHeaders: (retryAfterS) =>
      behavior().quotaHeaders === 'none'
        ? {}
        : headersOf({ limit: 60, remaining: 0, resetsAtMs: now() + retryAfterS * 1_000 }),
  }

  const answerRoute = (
    { route, id }: MatchedRoute,
    { query, body }: IncomingRequest,
    key: SimulatedHubifyKey,
    fault: SimulatedFault | null,
  ): Reply => {
    const scope = ['pods:terminate', 'pods:operate'].includes(route.scope) ? 'pods:write' : route.scope
    if (!hasScope(key, scope)) return errors.reply(403, `This key lacks the scope ${scope}`)
    requestCount += 1
    const meta: ReplyMeta = {
      request_id: `req_${randomId(16, world.seed, 'request', requestCount)}`,
      timestamp: new Date(world.time.toWallMs(world.nowMs())).toISOString(),
    }
    const current = behavior()
    const backend = createWorldBackend({
      world,
      labs,
      behavior: current,
      fault,
      canAccess: (lab) => key.labs === undefined || key.labs.includes(lab.id),
    })
    const answered = route.handle({ query, body, id, backend, hasPages: hasPages(current) })
    if (answered instanceof Promise) throw new Error('the simulated world answers at once')
    return withHeaders(toHttp(answered, current, meta), { 'x-request-id': meta.request_id })
  }

  const quotaReply = ({ refusedBy, retryAfterS }: QuotaVerdict): Reply =>
    errors.reply(429, `Rate limit of the ${refusedBy} exceeded`, { 'Retry-After': String(retryAfterS) })

  return {
    errors,
    isKey: (key) => Object.hasOwn(keys, key),
    targetOf: podTargetOf,
    answer(incoming, keyText, fault) {
      const route = findRoute(incoming, behavior())
      if ('status' in route) return route
      const key = keyText !== null && Object.hasOwn(keys, keyText) ? keys[keyText] : undefined
      if (keyText === null || key === undefined) {
        return errors.reply(401, 'Missing or invalid authentication')
      }
      const verdict = quota?.consume(keyText, now())
      const reply =
        verdict !== undefined && verdict.refusedBy !== null
          ? quotaReply(verdict)
          : answerRoute(route, incoming, key, fault)
      return verdict === undefined
        ? reply
        : withHeaders(reply, quotaHeaders(verdict, behavior().quotaHeaders))
    },
  }
}

function toHttp(answered: ApiReply, behavior: HubifyBehavior, meta: ReplyMeta): Reply {
  switch (answered.kind) {
    case 'object':
      return objectReply(behavior, answered.name, answered.value, meta, answered.status)
    case 'list':
      return listReply(behavior, answered.name, answered.items, { ...meta, ...answered.page })
    case 'plain':
      return plainReply(behavior, answered.value)
    case 'error':
      return errorReply(behavior, answered.status, answered.message)
  }
}

function findRoute({ method, path }: IncomingRequest, behavior: HubifyBehavior): MatchedRoute | Reply {
  const found = findApiRoute(
    method,
    path,
    ({ isPlanned, isOwn }) => isOwn !== true && (behavior.hasPlannedRoutes || isPlanned !== true),
  )
  return 'route' in found ? found : unknownRoute(behavior, found.methods)
}

function hasScope({ scopes }: SimulatedHubifyKey, scope: string): boolean {
  const [subject] = scope.split(':')
  return scopes.some((each) => each === '*' || each === scope || each === `${subject}:*`)
}

function podTargetOf({ path }: IncomingRequest): { podId?: string; action?: string } {
  const [, podId, tail] = /^\/api\/v1\/pods\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? []
  if (podId === undefined || (podId === 'costs' && tail === undefined)) return {}
  const action = ['start', 'stop', 'restart', 'terminate'].find((each) => each === tail)
  return action === undefined ? { podId } : { podId, action }
}
