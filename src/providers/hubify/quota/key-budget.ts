import { DAY_MS } from '../../../core/base/time/time'
import type { KeyUsageStore } from '../../../core/pods/key-usage-store'
import type { RequestBudget } from '../../http/quota/request-budget'
import { createPlanTracker, type HubifyPlan } from './plan'
import { createSharedBudget, unlimitedSharedBudget } from './shared-budget'

/*
 * How many requests all labs of a key send together. The bound is a token bucket: half of the plan's requests of a
 * day, evenly, since the other half is for the person's other tools. A bucket starts nearly empty, so that a program
 * that starts again and again does not exceed the plan either: in any 24 h with n starts, at most
 *
 *   requestsPerDay / 2 + burst + n · (INITIAL_REQUESTS + RESERVE)
 *
 * reads are sent. An action is never held back: what it takes, reads make up for afterwards. However often programs
 * start, what they share in the data folder holds besides: see shared-budget.ts.
 */

/** What is left for others: half. */
const SHARE = 0.5
/** The first lists and details of several labs. */
const INITIAL_REQUESTS = 16
/** Reads that an action needs are sent up to so many beyond the budget. */
const RESERVE = 16
/** The share of polls. The rest is for what is read besides: costs, experiments, labs. */
const POLL_SHARE = 0.8
/** What is read besides may be saved up to this many requests. */
const SIDE_BURST = 3

export interface KeyBudget extends RequestBudget {
  plan(): HubifyPlan
  /** Requests that could be sent at once; negative after many actions. */
  savedRequests(): number
  /** Milliseconds to leave between two requests of polls, all labs together. */
  pollSpacingMs(): number
  /** What is read from now on is needed for an action. */
  readForAction(): void
  isActing(): boolean
  /** No polls share the requests of this program, so what is read besides them has no share of its own. */
  readWithoutPolls(): void
  /** Takes one request out of the share of what is read besides polls. Otherwise returns how long to wait, in ms. */
  takeSideRead(): number
}

/**
 * `elapsedMs`: ms on a clock that never goes backwards. `wallMs`: Unix ms. Without a `store`, other programs and
 * earlier runs don't count.
 */
export function createKeyBudget(
  elapsedMs: () => number,
  wallMs: () => number,
  store?: KeyUsageStore,
): KeyBudget {
  const tracker = createPlanTracker(elapsedMs, wallMs)
  const shared =
    store === undefined ? unlimitedSharedBudget : createSharedBudget(store, elapsedMs, wallMs, tracker)
  let saved = INITIAL_REQUESTS
  let savedForSide = 1
  let isActing = false
  let hasPolls = true
  let countedAtMs = elapsedMs()

  const perMs = (): number => (tracker.plan().requestsPerDay * SHARE) / DAY_MS

  function refill(): void {
    const nowMs = elapsedMs()
    const gained = (nowMs - countedAtMs) * perMs()
    countedAtMs = nowMs
    saved = Math.min(tracker.plan().burst, saved + gained)
    savedForSide = Math.min(SIDE_BURST, savedForSide + gained * (1 - POLL_SHARE))
  }

  /** Milliseconds until there are `count` requests. */
  function waitFor(count: number): number {
    refill()
    const ownMs = saved >= count ? 0 : Math.ceil((count - saved) / perMs())
    return Math.max(ownMs, shared.waitMs(count))
  }

  return {
    plan: () => tracker.plan(),
    savedRequests() {
      refill()
      return Math.min(saved, shared.requests())
    },
    pollSpacingMs: () => 1 / (perMs() * POLL_SHARE),
    takeSideRead() {
      const waitMs = waitFor(1)
      if (waitMs > 0) return waitMs
      if (!hasPolls) return 0
      if (savedForSide < 1) return Math.ceil((1 - savedForSide) / (perMs() * (1 - POLL_SHARE)))
      savedForSide -= 1
      return 0
    },
    readForAction() {
      isActing = true
    },
    isActing: () => isActing,
    readWithoutPolls() {
      hasPolls = false
    },
    readWaitMs: (isForAction = false) => waitFor(isForAction || isActing ? 1 - RESERVE : 1),
    writeWaitMs: () => 0,
    onRequest() {
      refill()
      saved -= 1
      shared.take()
    },
    onUnsent() {
      saved += 1
      shared.giveBack()
    },
    onResponse(headers, isSuccess) {
      // What was gained so far was gained at the rate of the plan so far.
      refill()
      const before = tracker.plan()
      tracker.onResponse(headers, isSuccess)
      if (tracker.plan() !== before) shared.onPlan()
    },
    knownQuota: () => shared.knownQuota(),
    onQuota: (quota) => shared.onQuota(quota),
  }
}
