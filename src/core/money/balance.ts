import type { Clock } from '../base/clock'
import type { Provider } from '../pods/provider'
import { type BurnRate, runwayMs } from './burn-rate'
import { elapsedMs, type Instant } from '../base/time'

/** The account's balance, where the provider can read it. */
export interface BalanceWatch {
  view(): BalanceView
  /** Reads it when the last try is `everyMs` old; never again once its endpoint is retired (410). */
  read(everyMs: number): Promise<void>
}

export function createBalanceWatch(provider: Provider, clock: Clock, onChange: () => void): BalanceWatch {
  let view: BalanceView = { kind: 'not-asked' }
  let askedAt: Instant | null = null
  let isRetired = false
  let isReading = false

  return {
    view: () => view,
    async read(everyMs) {
      if (!provider.readBalance || isRetired || isReading) return
      const at = clock.now()
      if (askedAt !== null && elapsedMs(askedAt, at) < everyMs) return
      askedAt = at
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

/** How long the balance lasts, ms; null: it is not known, or nothing burns. */
export function runwayOf(balance: BalanceView, burn: BurnRate): number | null {
  return balance.kind === 'known' ? runwayMs(balance.usd, burn, balance.spendPerHourUsd) : null
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
