import type { Clock } from '../base/time/clock'
import type { Fleet } from '../polling/fleet'
import type { Provider } from '../pods/provider'
import { type BurnRate, burnRate, runwayAtRateMs } from './burn-rate'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { VolumePoller } from './volume-poller'

/** For so long around a change of the pods the account's own rate is not believed. */
const SETTLE_MS = 2 * MINUTE_MS
/** Sums of the same prices in another order differ by less. */
const SAME_RATE_USD = 1e-9

/**
 * The account's current rate, its balance where the provider can read it, and how long that lasts. See
 * docs/product-rules.md#55-balance-and-runway.
 */
export interface BalancePoller {
  view(): BalanceView
  /** USD, if it was read within the last few minutes; otherwise null. */
  knownUsd(): number | null
  /** The current rate of pods and network volumes. */
  burn(): BurnRate
  /** How long the balance lasts at the current rate, ms; null when it is unknown or the rate is zero. */
  runwayMs(): number | null
  /**
   * Reads the balance if the last attempt is at least `everyMs` old, or sooner when the rate of the pods
   * changed or a person asked. Stops permanently once the endpoint is retired (410).
   */
  read(everyMs: number): Promise<void>
  /** The next `read` is to read the balance however recent it is. */
  expire(): void
}

export interface BalancePollerOptions {
  readonly provider: Provider
  readonly clock: Clock
  readonly fleet: Pick<Fleet, 'pods'>
  readonly money: Pick<VolumePoller, 'withVolumes'>
  readonly onChange: () => void
}

/** Between two reads, however often something changes, so that the quota lasts. */
const MIN_INTERVAL_MS = 5 * SECOND_MS
const RECENT_MS = 10 * MINUTE_MS

export function createBalancePoller(options: BalancePollerOptions): BalancePoller {
  const { provider, clock, fleet, money, onChange } = options
  const otherSpending = createOtherSpending()
  let view: BalanceView = { kind: 'not-asked' }
  let requestedAt: Instant | null = null
  let isExpired = false
  let isRetired = false
  let isReading = false

  const podRate = (): BurnRate => burnRate(fleet.pods())

  function isDue(at: Instant, everyMs: number): boolean {
    if (requestedAt === null) return true
    const ageMs = elapsedMs(requestedAt, at)
    if (ageMs >= everyMs) return true
    return ageMs >= MIN_INTERVAL_MS && (isExpired || otherSpending.isReadingWanted(requestedAt, at))
  }

  return {
    view: () => view,
    knownUsd() {
      const isRecent = requestedAt !== null && elapsedMs(requestedAt, clock.now()) <= RECENT_MS
      return view.kind === 'known' && isRecent ? view.usd : null
    },
    burn: () => money.withVolumes(podRate()),
    runwayMs() {
      if (view.kind !== 'known') return null
      const pods = podRate()
      return runwayAtRateMs(view.usd, money.withVolumes(pods), pods, otherSpending.perHourUsd())
    },
    expire() {
      isExpired = true
    },
    async read(everyMs) {
      if (!provider.readBalance || isRetired) return
      const at = clock.now()
      if (otherSpending.observePods(podRate(), at)) isExpired = true
      if (isReading || !isDue(at, everyMs)) return
      requestedAt = at
      isExpired = false
      isReading = true
      const read = await provider.readBalance().finally(() => {
        isReading = false
      })
      isRetired = !read.ok && read.error.kind === 'gone'
      if (read.ok) otherSpending.recordSpend(read.value.spendPerHourUsd, at)
      view = read.ok
        ? {
            kind: 'known',
            usd: read.value.balanceUsd,
            spendPerHourUsd: read.value.spendPerHourUsd,
            ...(read.value.problem !== undefined && { problem: read.value.problem }),
            atMs: at.wallMs,
          }
        : { kind: 'unavailable', reason: read.error.message }
      onChange()
    },
  }
}

export type BalanceView =
  | {
      readonly kind: 'known'
      readonly usd: number
      readonly spendPerHourUsd: number | null
      /** Why that is missing, as a sentence, where the API says so. */
      readonly problem?: string
      readonly atMs: number
    }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'not-asked' }

/**
 * What the account spends besides its pods, such as serverless endpoints. It is the rate of the balance reply
 * less that of the pods at that time. The reply's rate lags behind a start or a stop, so one from around such
 * a change is not used, and the rate before it still holds.
 */
interface OtherSpending {
  /** Takes in the current rate of the pods. True when it changed, as by a start or a stop. */
  observePods(pods: BurnRate, at: Instant): boolean
  /** Takes in the account's own rate, USD per hour, of a reply that was requested at `requestedAt`. */
  recordSpend(spendPerHourUsd: number | null, requestedAt: Instant): void
  /** Whether a rate requested at `requestedAt` was too close to a change, and one requested now is not. */
  isReadingWanted(requestedAt: Instant, now: Instant): boolean
  /** USD per hour; null when unknown. */
  perHourUsd(): number | null
}

interface RateReading {
  readonly perHourUsd: number
  readonly at: Instant
}

function createOtherSpending(): OtherSpending {
  let pods: BurnRate | null = null
  let changedAt: Instant | null = null
  let believed: RateReading | null = null
  let earlier: RateReading | null = null

  const isUnsettled = (at: Instant): boolean => changedAt !== null && elapsedMs(changedAt, at) < SETTLE_MS

  return {
    observePods(current, at) {
      const before = pods
      pods = current
      if (before === null || isSameRate(before, current)) return false
      changedAt = at
      // The last reading may have seen the change before the pods did.
      if (believed !== null && elapsedMs(believed.at, at) < SETTLE_MS) believed = earlier
      // The price of a pod that was unknown is part of what was taken for other spending.
      if (before.isAtLeast) believed = null
      return true
    },
    recordSpend(spendPerHourUsd, requestedAt) {
      if (pods === null || isUnsettled(requestedAt)) return
      earlier = believed
      believed =
        spendPerHourUsd === null
          ? null
          : { perHourUsd: Math.max(0, spendPerHourUsd - pods.perHourUsd), at: requestedAt }
    },
    isReadingWanted: (requestedAt, now) => isUnsettled(requestedAt) && !isUnsettled(now),
    perHourUsd: () => believed?.perHourUsd ?? null,
  }
}

const isSameRate = (one: BurnRate, other: BurnRate): boolean =>
  one.isAtLeast === other.isAtLeast && Math.abs(one.perHourUsd - other.perHourUsd) < SAME_RATE_USD
