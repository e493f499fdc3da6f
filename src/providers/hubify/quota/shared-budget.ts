import type { KeyUsageStore, StoredUsage } from '../../../core/pods/key-usage-store'
import { mergeQuotas, noQuota, type Quota, rebaseQuota } from '../../http/quota/quota'
import type { HubifyPlan, PlanTracker } from './plan'
import {
  advanceUsage,
  encodeUsage,
  type KeyUsage,
  newUsage,
  parseLimits,
  parseUsage,
  requestsPerMs,
} from './stored-usage'

/*
 * What all programs of a data folder may send together with a key: a token bucket that is stored. It holds besides that
 * of the program, which starts anew with it. In any 24 h, whatever starts how often, at most
 *
 *   0.9 · requestsPerDay + 1.5 · burst + 16
 *
 * requests are sent besides the actions that reads could not make up for, which for the free plan is 954. Its plan is
 * stored, too: a program that starts knows it before the first reply.
 */

export interface SharedBudget {
  /** Requests that could be sent at once. */
  requests(): number
  /** Milliseconds until there are `count` requests; 0 means now. */
  waitMs(count: number): number
  /** Counts one request, before it is sent. */
  take(): void
  /** One that was counted didn't reach the server. */
  giveBack(): void
  /** Another plan was recognized. */
  onPlan(): void
  /** As known when this program started, on a clock that reads 0 then. */
  knownQuota(): Quota
  /** Receives the quota on a clock that reads 0 now. */
  onQuota(quota: Quota): void
}

/**
 * A larger plan is taken from in lots, so that few requests are written down. Those of a program that ends are lost,
 * so a program that sends few takes them one by one.
 */
const lotOf = ({ requestsPerDay }: HubifyPlan): number => Math.max(1, Math.floor(requestsPerDay / 5_000))
const SENT_ONE_BY_ONE = 16
/** A program that starts may send so many before a reply says what is left. */
const SENT_BEFORE_REPLY = 16

/** `elapsedMs`: ms on a clock that never goes backwards. `wallMs`: Unix ms. */
export function createSharedBudget(
  store: KeyUsageStore,
  elapsedMs: () => number,
  wallMs: () => number,
  tracker: PlanTracker,
): SharedBudget {
  const plan = (): HubifyPlan => tracker.plan()
  let known: KeyUsage
  let knownAtMs: number
  let stamp: string | null
  /** Taken out of the store, and not sent yet. */
  let taken = 0
  let sent = 0
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
      learnFrom(stored)
      const { usage } = parseUsage(stored, wallMs(), plan())
      next = {
        requests: usage.requests - unstored - requests,
        quota: mergeQuotas(usage.quota, rebaseQuota(ownQuota, elapsedMs() - ownQuotaAtMs)),
      }
      return encodeUsage(next, tracker.known(), wallMs())
    })
    if (!isStored || next === null) return false
    unstored = 0
    know(next, store.stamp())
    return true
  }

  function learnFrom(stored: StoredUsage): void {
    const limits = parseLimits(stored, wallMs())
    if (limits !== null) tracker.learn(limits)
  }

  function load(): void {
    const stampNow = store.stamp()
    const stored = store.read()
    learnFrom(stored)
    const { usage, problem } = parseUsage(stored, wallMs(), plan())
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
      sent += 1
      if (taken > 0) {
        taken -= 1
        return
      }
      const lot = sent > SENT_ONE_BY_ONE ? lotOf(plan()) : 1
      const before = current()
      if (write(lot)) taken = lot - 1
      else {
        unstored += 1
        know({ ...before, requests: before.requests - 1 }, store.stamp())
      }
    },
    giveBack() {
      taken += 1
    },
    onPlan: () => void write(0),
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
  giveBack: () => {},
  onPlan: () => {},
  knownQuota: () => noQuota,
  onQuota: () => {},
}
