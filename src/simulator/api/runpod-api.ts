import { type QuotaLimits, rateLimitHeaders, RequestQuota } from '../control/quota'
import type { ApiErrors } from '../control/api-errors'
import type { SimulatedApi } from '../control/simulated-api'
import { problem, withHeaders } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import type { World } from '../world/world'
import { graphqlError, handleGraphql } from './graphql'
import { handleRest } from './rest'
import type { RestOptions } from './route'

export interface RunpodApiOptions {
  readonly world: World
  /** Wall clock, Unix ms. */
  readonly now: () => number
  readonly keys: Readonly<Record<string, 'full' | 'read-only'>>
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

/** REST v2 under `/v2` and GraphQL at `/graphql`. */
export function createRunpodApi(options: RunpodApiOptions): SimulatedApi {
  const { world, now, keys, accountIds, quotas, rest } = options
  const quota = quotas === null ? null : new RequestQuota(quotas)
  const isKey = (key: string): boolean => Object.hasOwn(keys, key)
  return {
    errors: runpodErrors,
    isKey,
    targetOf: podTargetOf,
    answer({ method, path, query, body, lastEventId }, key, fault) {
      const access = key !== null && isKey(key) ? keys[key] : undefined
      if (path === '/graphql') {
        if (access === undefined) return graphqlError('Unauthorized', 401)
        const accountId = accountIds[key ?? ''] ?? 'user_simulated'
        return method === 'POST' ? handleGraphql(body, world, accountId) : graphqlError('POST only', 405)
      }
      if (key === null || access === undefined) {
        return problem(401, key === null ? 'missing bearer token' : 'invalid bearer token')
      }
      const verdict = quota?.consume(key, now())
      const request = { method, path, query, body, lastEventId, mayWrite: access === 'full', fault }
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
