import type { BillingLedger } from './ledger'
import { microUsdOf, usdOf } from './rates'

/** The account's credit: the last amount paid in, minus spending since then. */
export class Credit {
  readonly #ledger: BillingLedger
  #depositedMicroUsd: number
  #depositedAtMs: number
  /** Until when the balance cannot run out, based on the ledger's state at that revision. */
  #solventUntil = { untilMs: Number.NEGATIVE_INFINITY, revision: -1 }

  constructor(ledger: BillingLedger, usd: number, atMs: number) {
    this.#ledger = ledger
    this.#depositedMicroUsd = microUsdOf(usd)
    this.#depositedAtMs = atMs
  }

  /** Sets the balance to `usd` at `atMs`; it falls from there. */
  set(usd: number, atMs: number): void {
    this.#depositedMicroUsd = microUsdOf(usd)
    this.#depositedAtMs = atMs
    this.#solventUntil = { untilMs: Number.NEGATIVE_INFINITY, revision: -1 }
  }

  balanceUsd(atMs: number): number {
    return usdOf(this.#microUsd(atMs))
  }

  /** The first second at which nothing was left; null if there is a balance. */
  emptyAtMs(nowMs: number): number | null {
    const { revision } = this.#ledger
    if (revision === this.#solventUntil.revision && nowMs < this.#solventUntil.untilMs) return null
    const leftMicroUsd = this.#microUsd(nowMs)
    if (leftMicroUsd > 0) {
      const runwayS = leftMicroUsd / this.#ledger.maxMicroUsdPerS(nowMs)
      this.#solventUntil = { untilMs: nowMs + (runwayS - 1) * 1_000, revision }
      return null
    }
    let low = 0
    let high = Math.ceil((nowMs - this.#depositedAtMs) / 1_000)
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.#microUsd(this.#depositedAtMs + middle * 1_000) > 0) low = middle + 1
      else high = middle
    }
    return Math.min(nowMs, this.#depositedAtMs + low * 1_000)
  }

  #microUsd(atMs: number): number {
    return this.#depositedMicroUsd - this.#ledger.totalMicroUsd(this.#depositedAtMs, atMs)
  }
}
