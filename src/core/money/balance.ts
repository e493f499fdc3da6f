import type { Clock } from '../base/clock'
import type { Provider } from '../pods/provider'
import { type BurnRate, runwayAtRateMs } from './burn-rate'
import { elapsedMs, type Instant } from '../base/time'

/** The account's balance, where the provider can read it. */
export interface BalancePoller {
  view(): BalanceView
  /**
   * Reads the balance if the last attempt is at least `everyMs` old. Stops permanently once the endpoint is
   * retired (410).
   */
  read(everyMs: number): Promise<void>
}

export function createBalancePoller(provider: Provider, clock: Clock, onChange: () => void): BalancePoller {
  let view: BalanceView = { kind: 'not-asked' }
  let requestedAt: Instant | null = null
  let isRetired = false
  let isReading = false

  return {
    view: () => view,
    async read(everyMs) {
      if (!provider.readBalance || isRetired || isReading) return
      const at = clock.now()
      if (requestedAt !== null && elapsedMs(requestedAt, at) < everyMs) return
      requestedAt = at
      isReading = true
      const read = await provider.readBalance().finally(() => {
        isReading = false
      })
      isRetired = !read.ok && read.error.kind === 'gone'
      view = read.ok
        ? {
            kind: 'known',
            usd: read.value.balanceUsd,
            spendPerHourUsd: read.value.spendPerHourUsd,
            atMs: at.wallMs,
          }
        : { kind: 'unavailable', reason: read.error.message }
      onChange()
    },
  }
}

/** How long the balance lasts, ms; null when it is unknown or the current rate is zero. */
export function balanceRunwayMs(balance: BalanceView, burn: BurnRate): number | null {
  return balance.kind === 'known' ? runwayAtRateMs(balance.usd, burn, balance.spendPerHourUsd) : null
}

export type BalanceView =
  | {
      readonly kind: 'known'
      readonly usd: number
      readonly spendPerHourUsd: number | null
      readonly atMs: number
    }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'not-asked' }
