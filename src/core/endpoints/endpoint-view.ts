import type { EndpointId, ServerlessEndpoint } from '../pods/serverless/serverless-endpoint'
import type { ActivityGap } from './endpoint-activity'

/** What is known of the requests of an endpoint, Unix ms and USD. */
export type EndpointActivityView =
  | {
      readonly kind: 'idle'
      /** The first reading without a request. */
      readonly sinceMs: number
      /** How much of the time since then nothing was read, ms. */
      readonly unobservedMs: number
      /** What the idle workers cost at most while they were watched; null: no price is known. */
      readonly costUsd: number | null
      /** Part of the time since then is not in it. */
      readonly isCostPartial: boolean
    }
  | { readonly kind: 'busy'; readonly atMs: number }
  | { readonly kind: 'unknown'; readonly gap: ActivityGap }

/** An endpoint whose minimum of workers is above zero, or not known. */
export interface EndpointView extends Pick<ServerlessEndpoint, 'name' | 'minWorkers' | 'maxWorkers'> {
  readonly id: EndpointId
  /** What the minimum costs at most, by the price list; null: not known. */
  readonly perHourUsd: number | null
  /** A month has 720 h. */
  readonly perMonthUsd: number | null
  readonly activity: EndpointActivityView
  /** When its workers were last read, Unix ms; null: never. */
  readonly readAtMs: number | null
  /** Why the last read of its workers failed, as a sentence; null: it didn't. */
  readonly problem: string | null
}

/** The endpoints of an account that keep workers running. See docs/product-rules.md#59-idle-serverless-workers. */
export interface EndpointsView {
  /** The most expensive first. */
  readonly endpoints: readonly EndpointView[]
  /** When the last list was read, Unix ms. */
  readonly readAtMs: number | null
  /** Why the last list could not be read, as a sentence; null: it was. */
  readonly problem: string | null
  /** What is not known yet of changes that were sent, as sentences. */
  readonly open: readonly string[]
}

/** An endpoint as it was shown, so that nothing is done to one that changed since. */
export type ShownEndpoint = Pick<ServerlessEndpoint, 'id' | 'name' | 'minWorkers'>
