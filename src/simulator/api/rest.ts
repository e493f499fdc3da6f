import { accountRoutes } from './account-routes'
import { mayUse } from './key-permissions'
import { podRoutes } from './pod-routes'
import { type EventStream, problem, type Reply } from '../http/reply'
import type { RestOptions, RestRequest, Route } from './route'
import type { World } from '../world/world'

const routes = [...podRoutes, ...accountRoutes].map((route: Route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`),
}))

/** Answers REST v2 requests with a valid key that is within its quota. */
export function handleRest(request: RestRequest, world: World, options: RestOptions): Reply | EventStream {
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
