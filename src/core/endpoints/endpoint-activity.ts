import type { EndpointWorkers, ServerlessEndpoint } from '../pods/serverless/serverless-endpoint'

/** Why nothing can be said of an endpoint's requests. */
export type ActivityGap =
  /** Its minimum could not be read. */
  | 'no-minimum'
  /** Requests don't pass a queue, so no route tells which workers process one. */
  | 'no-queue'
  /** The reply could not be read, or contradicts itself. */
  | 'unreadable'
  /** No worker is ready. */
  | 'none-ready'
  /** Its workers were not read yet. */
  | 'not-read'

/** What one reading shows of an endpoint whose minimum is above zero. */
export type EndpointActivity =
  /** `idleWorkers`: ready workers of the minimum, none of which processed a request. At least one. */
  | { readonly kind: 'idle'; readonly idleWorkers: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unknown'; readonly gap: ActivityGap }

const unknown = (gap: ActivityGap): EndpointActivity => ({ kind: 'unknown', gap })

/**
 * Anything that points at a request means busy. Idle takes a queue, a readable list, and a ready worker; everything else
 * is unknown. See docs/product-rules.md#59-idle-serverless-workers.
 */
export function activityOf(
  { minWorkers, routing }: Pick<ServerlessEndpoint, 'minWorkers' | 'routing'>,
  { workers, isComplete, isAnyRunning }: EndpointWorkers,
): EndpointActivity {
  if (isAnyRunning || workers.some(({ state }) => state === 'running')) return { kind: 'busy' }
  if (minWorkers === null) return unknown('no-minimum')
  if (routing !== 'queue') return unknown('no-queue')
  if (!isComplete || workers.some(({ state }) => state === 'unknown')) return unknown('unreadable')
  const current = workers.filter(
    ({ state, isStale }) => !isStale && (state === 'idle' || state === 'initializing'),
  )
  // Workers beyond the minimum are started for requests.
  if (current.length > minWorkers) return { kind: 'busy' }
  const ready = workers.filter(({ state }) => state === 'idle').length
  return ready === 0 ? unknown('none-ready') : { kind: 'idle', idleWorkers: Math.min(ready, minWorkers) }
}
