import type { KeyUsageStore } from '../../../core/pods/key-usage-store'
import { mergeQuotas, noQuota, type Quota, rebaseQuota } from '../../http/quota/quota'
import type { HubifyPlan } from './plan'
import { advanceUsage, encodeUsage, type KeyUsage, newUsage, parseUsage, requestsPerMs } from './stored-usage'

/*
 * What all programs of a data folder may send together with a key: a token bucket that is stored. It holds besides that
 * of the program, which starts anew with it. In any 24 h, whatever starts how often, at most
 *
 *   0.9 · requestsPerDay + 1.5 · burst + the debt of actions
 *
 * requests are sent, which for the free plan is 954.
 */

export interface SharedBudget {
  /** Requests that could be sent at once. */
  requests(): number
  /** Milliseconds until there are `count` requests; 0 means now. */
  waitMs(count: number): number
  /** Counts one request, before it is sent. */
  take(): void
  /** As known when this program started, on a clock that reads 0 then. */
  knownQuota(): Quota
  /** Receives the quota on a clock that reads 0 now. */
  onQuota(quota: Quota): void
}

/**
 * A larger plan is taken from in lots, so that few requests are written down; those of a program that ends are lost.
 */
const lotOf = ({ requestsPerDay }: HubifyPlan): number => Math.max(1, Math.floor(requestsPerDay / 5_000))
/** A program that starts may send so many before a reply says what is left. */
const SENT_BEFORE_REPLY = 16

/** `elapsedMs`: ms on a clock that never goes backwards. `wallMs`: Unix ms. */
export function createSharedBudget(
  store: KeyUsageStore,
  elapsedMs: () => number,
  wallMs: () => number,
  plan: () => HubifyPlan,
): SharedBudget {
  let known: KeyUsage
  let knownAtMs: number
  let stamp: string | null
  /** Taken out of the store, and not sent yet. */
  let taken = 0
  /** Sent while nothing could be stored. */
  let unstored = 0
  let ownQuota = noQuota
  let ownQuotaAtMs = 0

  function know(usage: KeyUsage, stampNow: string | null): void {
    known = usage
    knownAtMs = elapsedMs()
    stamp = stampNow
  }

  function write(requests: number): boolean {
    let next: KeyUsage | null = null
    const isStored = store.update((stored) => {
      const { usage } = parseUsage(stored, wallMs(), plan())
      next = {
        requests: usage.requests - unstored - requests,
        quota: mergeQuotas(usage.quota, rebaseQuota(ownQuota, elapsedMs() - ownQuotaAtMs)),
      }
      return encodeUsage(next, wallMs())
    })
    if (!isStored || next === null) return false
    unstored = 0
    know(next, store.stamp())
    return true
  }

  function load(): void {
    const stampNow = store.stamp()
    const { usage, problem } = parseUsage(store.read(), wallMs(), plan())
    if (problem !== null && write(0)) return
    // Where nothing can be stored, a program may send what it may without a store.
    const { requests, quota } = problem === 'damaged' ? newUsage(plan()) : usage
    know({ requests: requests - unstored, quota }, stampNow)
  }

  function current(): KeyUsage {
    if (store.stamp() !== stamp) load()
    return advanceUsage(known, elapsedMs() - knownAtMs, plan())
  }

  const available = (): number => current().requests + taken

  load()
  return {
    requests: available,
    waitMs(count) {
      const requests = available()
      return requests >= count ? 0 : Math.ceil((count - requests) / requestsPerMs(plan()))
    },
    take() {
      if (taken > 0) {
        taken -= 1
        return
      }
      const lot = lotOf(plan())
      const before = current()
      if (write(lot)) taken = lot - 1
      else {
        unstored += 1
        know({ ...before, requests: before.requests - 1 }, store.stamp())
      }
    },
    knownQuota: () => current().quota,
    onQuota(quota) {
      ownQuota = quota
      ownQuotaAtMs = elapsedMs()
      if (quota.pausedUntilMs > 0 || quota.windows.some(({ reads }) => reads <= SENT_BEFORE_REPLY)) write(0)
    },
  }
}

/** For a program without a data folder. */
export const unlimitedSharedBudget: SharedBudget = {
  requests: () => Number.POSITIVE_INFINITY,
  waitMs: () => 0,
  take: () => {},
  knownQuota: () => noQuota,
  onQuota: () => {},
}
