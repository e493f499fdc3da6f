import type { SimulatedFault } from '../control/faults'
import type { PageOptions } from '../http/page-limit'
import type { EventStream, Reply } from '../http/reply'
import type { World } from '../world/world'
import type { KeyPermissions } from './key-permissions'

export type RestOptions = PageOptions

export interface RestRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly lastEventId: string | null
  readonly permissions: KeyPermissions
  /** Only faults that let the API act. */
  readonly fault: SimulatedFault | null
}

/** A request as passed to a route. */
export interface RouteCall extends RestRequest {
  /** The value of `:id` in the route's path; empty if the path has none. */
  readonly id: string
  readonly world: World
  readonly options: RestOptions
}

export interface Route {
  readonly method: string
  /** `:id` matches one segment. */
  readonly path: string
  /** Whether a key that may only read is rejected. */
  readonly isWrite?: boolean
  readonly handle: (routeCall: RouteCall) => Reply | EventStream
}
