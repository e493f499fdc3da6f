/** What a key may do with one part of the API. */
type Permission = 'none' | 'read' | 'write'

/** The parts of REST v2 that a restricted key is allowed one by one. */
const areas = ['pods', 'logs', 'volumes', 'templates', 'catalog', 'billing', 'serverless', 'account'] as const

type KeyArea = (typeof areas)[number]

/** What a key may do. `account`: SSH keys, secrets and limits. */
export interface KeyPermissions extends Readonly<Record<KeyArea, Permission>> {
  /** The fields of GraphQL's `myself` that are null, with an error each; `forbidden`: every query is a 403. */
  readonly graphql: 'forbidden' | { readonly deniedFields: readonly string[] }
}

/** A kind of key as Runpod's console has them, or what differs from a full one. */
export type SimulatedKeyAccess = 'full' | 'read-only' | 'restricted' | Partial<KeyPermissions>

const allAreas = (permission: Permission): Readonly<Record<KeyArea, Permission>> =>
  Object.fromEntries(areas.map((area) => [area, permission])) as Record<KeyArea, Permission>

const namedKeys: Readonly<Record<Extract<SimulatedKeyAccess, string>, KeyPermissions>> = {
  full: { ...allAreas('write'), graphql: { deniedFields: [] } },
  'read-only': { ...allAreas('read'), graphql: { deniedFields: [] } },
  // "Restricted: read and write on Pods", as programs that use Runpod tell their users to make one.
  restricted: {
    ...allAreas('none'),
    pods: 'write',
    catalog: 'read',
    graphql: {
      deniedFields: ['email', 'clientBalance', 'currentSpendPerHr', 'spendLimit', 'spendDetails'],
    },
  },
}

export function permissionsOf(access: SimulatedKeyAccess): KeyPermissions {
  return typeof access === 'string' ? namedKeys[access] : { ...namedKeys.full, ...access }
}

/** Whether a key may use the route with this path, such as `/v2/pods/:id`. */
export function mayUse(permissions: KeyPermissions, routePath: string, isWrite: boolean): boolean {
  const permission = permissions[areaOf(routePath)]
  return permission === 'write' || (permission === 'read' && !isWrite)
}

function areaOf(routePath: string): KeyArea {
  if (routePath.endsWith('/logs')) return 'logs'
  const [, , first] = routePath.split('/')
  if (first === 'network-volumes') return 'volumes'
  return areas.find((area) => area === first) ?? 'account'
}
