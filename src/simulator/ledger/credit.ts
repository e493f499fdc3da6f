import type { Ledger } from './ledger'
import { microUsdOf, usdOf } from './money'

/** The account's credit: what was paid in last, less what was spent since. */
export class Purse {
  readonly #ledger: Ledger
  #paidInMicroUsd: number
  #paidInAtMs: number
  /** Until when nothing can be used up, by what the ledger said at that revision. */
  #safe = { untilMs: Number.NEGATIVE_INFINITY, revision: -1 }

  constructor(ledger: Ledger, usd: number, atMs: number) {
    this.#ledger = ledger
    this.#paidInMicroUsd = microUsdOf(usd)
    this.#paidInAtMs = atMs
  }

  /** From `atMs` on the balance is `usd`, and falls from there. */
  set(usd: number, atMs: number): void {
    this.#paidInMicroUsd = microUsdOf(usd)
    this.#paidInAtMs = atMs
    this.#safe = { untilMs: Number.NEGATIVE_INFINITY, revision: -1 }
  }

  balanceUsd(atMs: number): number {
    return usdOf(this.#microUsd(atMs))
  }

  /** The first second at which nothing was left; null while there is something. */
  emptyAtMs(nowMs: number): number | null {
    const { revision } = this.#ledger
    if (revision === this.#safe.revision && nowMs < this.#safe.untilMs) return null
    const leftMicroUsd = this.#microUsd(nowMs)
    if (leftMicroUsd > 0) {
      const lastsS = leftMicroUsd / this.#ledger.maxMicroUsdPerS(nowMs)
      this.#safe = { untilMs: nowMs + (lastsS - 1) * 1_000, revision }
      return null
    }
    let low = 0
    let high = Math.ceil((nowMs - this.#paidInAtMs) / 1_000)
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.#microUsd(this.#paidInAtMs + middle * 1_000) > 0) low = middle + 1
      else high = middle
    }
    return Math.min(nowMs, this.#paidInAtMs + low * 1_000)
  }

  #microUsd(atMs: number): number {
    return this.#paidInMicroUsd - this.#ledger.spentMicroUsd(this.#paidInAtMs, atMs)
  }
}
