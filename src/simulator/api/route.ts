import type { Fault } from '../control/faults'
import type { EventStream, Reply } from '../http/reply'
import type { World } from '../world/world'

export interface RestOptions {
  /** Whether lists have `pagination`; the older API document has none. */
  readonly pagination: boolean
  /** The most pods in one page, and the default. */
  readonly maxPageSize: number
}

export interface RestRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly lastEventId: string | null
  readonly mayWrite: boolean
  /** Only those that let the API act. */
  readonly fault: Fault | null
}

/** A request as a route answers it. */
export interface Call extends RestRequest {
  /** What stands for `:id` in the route's path; empty where it has none. */
  readonly id: string
  readonly world: World
  readonly options: RestOptions
}

export interface Route {
  readonly method: string
  /** `:id` stands for one segment. */
  readonly path: string
  /** Whether a read-only key is refused. */
  readonly isWrite?: boolean
  readonly answer: (call: Call) => Reply | EventStream
}
