import { noQuota, type Quota } from './quota'

/** A limit on requests that holds besides the one that responses report. */
export interface RequestBudget {
  /** Milliseconds until a read may be sent; 0 means now. `isForAction`: an action depends on it. */
  readWaitMs(isForAction?: boolean): number
  /** Milliseconds until a write may be sent; 0 means now. */
  writeWaitMs(): number
  /** Counts one request, called as it is sent. */
  onRequest(): void
  /** The last request that was counted certainly didn't reach the server. */
  onUnsent(): void
  /** `isSuccess`: the API carried out the request. */
  onResponse(headers: Headers, isSuccess: boolean): void
  /** What other programs, and earlier runs of this one, know of the quota, on a clock that reads 0 now. */
  knownQuota(): Quota
  /** Receives the quota after each response, on a clock that reads 0 now. */
  onQuota(quota: Quota): void
}

export const unlimitedBudget: RequestBudget = {
  readWaitMs: () => 0,
  writeWaitMs: () => 0,
  onRequest: () => {},
  onUnsent: () => {},
  onResponse: () => {},
  knownQuota: () => noQuota,
  onQuota: () => {},
}
