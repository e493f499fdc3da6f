import { accountRoutes } from './account-routes'
import { podRoutes } from './pod-routes'
import { type EventStream, problem, type Reply } from '../http/reply'
import type { RestOptions, RestRequest, Route } from './route'
import type { World } from '../world/world'

const routes = [...podRoutes, ...accountRoutes].map((route: Route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`),
}))

/** Answers REST v2, for a key that is accepted and within its quota. */
export function answerRest(request: RestRequest, world: World, options: RestOptions): Reply | EventStream {
  const found = routes.filter(({ pattern }) => pattern.test(request.path))
  const route = found.find(({ method }) => method === request.method)
  if (route === undefined) {
    if (found.length === 0) return problem(404, 'resource not found')
    const allow = found.map(({ method }) => method).join(', ')
    return problem(405, 'method not allowed', { headers: { Allow: allow } })
  }
  if (route.isWrite && !request.mayWrite) return problem(403, 'access denied')
  const id = decoded(route.pattern.exec(request.path)?.[1] ?? '')
  return id === null ? problem(404, 'resource not found') : route.answer({ ...request, id, world, options })
}

/** A segment of a path; null when it is not well encoded. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
