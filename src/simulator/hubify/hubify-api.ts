import { type QuotaVerdict, RequestQuota } from '../control/quota'
import type { HubifyBehavior } from '../control/hubify-behavior'
import type { SimulatedFault } from '../control/faults'
import type { ApiErrors } from '../control/api-errors'
import type { SimulatedApi } from '../control/simulated-api'
import { type Reply, withHeaders } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import type { Lab, Labs } from '../labs/labs'
import { randomId } from '../world/seeded-random'
import type { World } from '../world/world'
import { errorReply, listReply, objectReply, plainReply, type ReplyMeta, unknownRoute } from './hubify-reply'
import { labPodRoutes } from './lab-pod-routes'
import { labRoutes } from './lab-routes'
import { headersOf, type Plan, plans, quotaHeaders } from './plans'
import type { HubifyRoute, Scope } from './route'

/** A valid key. */
export interface HubifyKey {
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
  readonly keys: Readonly<Record<string, HubifyKey>>
  /** Null for no quotas and no headers. */
  readonly plan: Plan | null
  /** How it answers at present. */
  readonly behavior: () => HubifyBehavior
}

/** Everything of Hubify is below this path. */
export const HUBIFY_PREFIX = '/api/v1'

const routes = [...labPodRoutes, ...labRoutes].map((route) => ({
  ...route,
  pattern: new RegExp(`^${HUBIFY_PREFIX}${route.path.replace(':id', '([^/]+)')}$`),
}))

type MatchedRoute = HubifyRoute & { readonly id: string }

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
    route: MatchedRoute,
    { query, body }: IncomingRequest,
    key: HubifyKey,
    fault: SimulatedFault | null,
  ): Reply => {
    if (!hasScope(key, route.scope)) return errors.reply(403, `This key lacks the scope ${route.scope}`)
    requestCount += 1
    const meta: ReplyMeta = {
      request_id: `req_${randomId(16, world.seed, 'request', requestCount)}`,
      timestamp: new Date(world.time.toWallMs(world.nowMs())).toISOString(),
    }
    const current = behavior()
    const reply = route.handle({
      query,
      body,
      world,
      labs,
      behavior: current,
      fault,
      id: route.id,
      canAccess: ({ id }: Lab) => key.labs === undefined || key.labs.includes(id),
      reply: {
        object: (name, value, status) => objectReply(current, name, value, meta, status),
        list: (name, items, page) => listReply(current, name, items, { ...meta, ...page }),
        plain: (value) => plainReply(current, value),
        error: errors.reply,
      },
    })
    return withHeaders(reply, { 'x-request-id': meta.request_id })
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

function findRoute({ method, path }: IncomingRequest, behavior: HubifyBehavior): MatchedRoute | Reply {
  const served = routes.filter(
    ({ pattern, isPlanned }) => pattern.test(path) && (behavior.hasPlannedRoutes || isPlanned !== true),
  )
  const route = served.find((each) => each.method === method)
  const id = tryDecode(route?.pattern.exec(path)?.[1] ?? '')
  return route === undefined || id === null
    ? unknownRoute(
        behavior,
        served.map((each) => each.method),
      )
    : { ...route, id }
}

/** Decodes a path segment; null if the encoding is invalid. */
function tryDecode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

function hasScope({ scopes }: HubifyKey, scope: Scope): boolean {
  const [subject] = scope.split(':')
  return scopes.some((each) => each === '*' || each === scope || each === `${subject}:*`)
}

function podTargetOf({ path }: IncomingRequest): { podId?: string; action?: string } {
  const [, podId, tail] = /^\/api\/v1\/pods\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? []
  if (podId === undefined || (podId === 'costs' && tail === undefined)) return {}
  const action = ['start', 'stop', 'restart', 'terminate'].find((each) => each === tail)
  return action === undefined ? { podId } : { podId, action }
}
