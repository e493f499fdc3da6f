import { MINUTE_MS } from '../../src/core/base/time/time'

/** Checks that a program that is refused doesn't ask again in a hot loop. See docs/product-rules.md#42-sending. */
export interface RequestOracle {
  /** `runId`: the program that asks. */
  onListing(runId: string): void
  onSending(podId: string): void
}

/** Within a minute. While an action is under way, the account is read every 5 s. */
const MOST_LISTS = 30
const MOST_ACTIONS = 8

export function createRequestOracle(
  trueMs: () => number,
  reportViolation: (podId: string | null, rule: string, text: string) => void,
): RequestOracle {
  const times = new Map<string, number[]>()

  function record(name: string, podId: string | null, most: number): void {
    const now = trueMs()
    const recent = (times.get(name) ?? []).filter((atMs) => now - atMs < MINUTE_MS)
    recent.push(now)
    times.set(name, recent)
    if (recent.length > most)
      reportViolation(podId, 'nothing is asked for in a hot loop', `${recent.length} requests in a minute`)
  }

  return {
    onListing: (runId) => record(runId, null, MOST_LISTS),
    onSending: (podId) => record(podId, podId, MOST_ACTIONS),
  }
}
