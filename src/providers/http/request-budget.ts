/** A limit on requests that holds besides the one that responses report. */
export interface RequestBudget {
  /** Milliseconds until a read may be sent; 0 means now. */
  readWaitMs(): number
  /** Milliseconds until a write may be sent; 0 means now. */
  writeWaitMs(): number
  /** Counts one request, called as it is sent. */
  onRequest(): void
  /** `isSuccess`: the API carried out the request. */
  onResponse(headers: Headers, isSuccess: boolean): void
}

export const unlimitedBudget: RequestBudget = {
  readWaitMs: () => 0,
  writeWaitMs: () => 0,
  onRequest: () => {},
  onResponse: () => {},
}
