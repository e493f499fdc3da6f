import { accruedMicroUsd, type BillingRate } from './rates'

/** What money was spent on. */
export const chargeKinds = ['gpu', 'cpu', 'disk', 'storage-standard', 'storage-high-performance'] as const

export type ChargeKind = (typeof chargeKinds)[number]

/** Who spends: a pod (possibly of a cluster) or a network volume. */
export interface ChargeOwner {
  readonly kind: 'pod' | 'volume'
  readonly id: string
  readonly clusterId: string | null
}

export interface ChargeLine {
  readonly kind: ChargeKind
  readonly rate: BillingRate
}

/** One rate for an interval of simulated time; `toMs` is null while it applies. */
export interface Charge extends ChargeLine {
  readonly owner: ChargeOwner
  readonly fromMs: number
  readonly toMs: number | null
}

/**
 * Records what everything cost, to the second. The amount of an interval is the difference of two running totals, so
 * the parts of an interval add up exactly, to the micro-dollar.
 */
export class BillingLedger {
  readonly #byOwner = new Map<string, readonly Charge[]>()
  #revision = 0

  /** Changes with every price change. */
  get revision(): number {
    return this.#revision
  }

  /** From `atMs` on, `owner` costs `lines`, replacing anything recorded for later times. */
  setRates(owner: ChargeOwner, atMs: number, lines: readonly ChargeLine[]): void {
    const key = `${owner.kind}/${owner.id}`
    const kept = (this.#byOwner.get(key) ?? [])
      .filter((charge) => charge.fromMs < atMs)
      .map((charge) => (charge.toMs === null || charge.toMs > atMs ? { ...charge, toMs: atMs } : charge))
    const opened = lines
      .filter((line) => line.rate.microUsd > 0)
      .map((line): Charge => ({ ...line, owner, fromMs: atMs, toMs: null }))
    this.#byOwner.set(key, [...kept, ...opened])
    this.#revision += 1
  }

  /** In no particular order. */
  charges(): readonly Charge[] {
    return [...this.#byOwner.values()].flat()
  }

  /** Spending from `fromMs` to `toMs`, micro-dollars. */
  totalMicroUsd(fromMs: number, toMs: number): number {
    let sum = 0
    for (const charges of this.#byOwner.values()) {
      for (const charge of charges) sum += chargeMicroUsd(charge, fromMs, toMs)
    }
    return sum
  }

  /** The maximum cost per second from `fromMs` on, as long as prices don't change. */
  maxMicroUsdPerS(fromMs: number): number {
    return this.charges()
      .filter(({ toMs }) => toMs === null || toMs > fromMs)
      .reduce((sum, { rate }) => sum + rate.microUsd / rate.perS, 0)
  }

  /** Spending per hour at `atMs`, USD. */
  perHourUsd(atMs: number, kinds: readonly ChargeKind[]): number {
    return this.charges()
      .filter(({ kind, fromMs, toMs }) => kinds.includes(kind) && fromMs <= atMs && (toMs ?? Infinity) > atMs)
      .reduce((sum, { rate }) => sum + ((rate.microUsd / rate.perS) * 3_600) / 1_000_000, 0)
  }
}

/** The part of a charge between two times, micro-dollars. */
export function chargeMicroUsd(charge: Charge, fromMs: number, toMs: number): number {
  const accruedUntil = (ms: number) =>
    accruedMicroUsd(
      charge.rate,
      Math.floor(Math.max(0, Math.min(ms, charge.toMs ?? ms) - charge.fromMs) / 1_000),
    )
  return toMs <= fromMs ? 0 : accruedUntil(toMs) - accruedUntil(fromMs)
}
