import type { EventStream, Reply } from '../http/reply'
import type { IncomingRequest } from '../http/server'
import type { ApiErrors } from './api-errors'
import type { SimulatedFault } from './faults'

/** One of the APIs that a simulator serves, at paths of its own. */
export interface SimulatedApi {
  readonly errors: ApiErrors
  isKey(key: string): boolean
  /** The pod and action that a request is about, if it has them. */
  targetOf(incoming: IncomingRequest): { readonly podId?: string; readonly action?: string }
  /** The reply of what stands before the API, to requests that never reach it; null for all others. */
  refuse?(incoming: IncomingRequest): Reply | null
  /** `key` is null without one. Only faults that let the API act. */
  answer(incoming: IncomingRequest, key: string | null, fault: SimulatedFault | null): Reply | EventStream
}
