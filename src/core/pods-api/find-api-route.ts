import type { ApiRoute } from './api-route'
import { API_PREFIX, apiRoutes } from './api-routes'

const matched = apiRoutes.map((route) => ({
  route,
  pattern: new RegExp(`^${API_PREFIX}${route.path.replace(':id', '([^/]+)')}$`),
}))

/** The route of a request. `methods`: those that exist at its path. */
export function findApiRoute(
  method: string,
  path: string,
  isOffered: (route: ApiRoute) => boolean = () => true,
): { readonly route: ApiRoute; readonly id: string } | { readonly methods: readonly string[] } {
  const here = matched.filter(({ route, pattern }) => pattern.test(path) && isOffered(route))
  const found = here.find(({ route }) => route.method === method)
  const id = tryDecode(found?.pattern.exec(path)?.[1] ?? '')
  // An address that cannot be decoded is none.
  if (id === null) return { methods: [] }
  return found === undefined ? { methods: here.map(({ route }) => route.method) } : { route: found.route, id }
}

/** Null if the encoding is invalid. */
function tryDecode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
