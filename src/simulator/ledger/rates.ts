/** So many micro-dollars in so many seconds: two integers, so that nothing is lost to rounding on the way. */
export interface BillingRate {
  readonly microUsd: number
  readonly perS: number
}

const HOUR_S = 3_600
/** Runpod's prices for storage are per GB and month; a month is 720 h. */
const MONTH_S = 720 * HOUR_S

/**
 * USD per GB and month. Source: Runpod documentation, "Pods pricing" and "Storage", read 2026-11-24. It gives no
 * price for high-performance volumes: this one is made up.
 */
const storageUsd = {
  containerRunning: 0.1,
  volumeRunning: 0.1,
  volumeStopped: 0.2,
  networkFirstTb: 0.07,
  networkBeyond: 0.05,
  highPerformance: 0.14,
} as const

type StorageKind = Exclude<keyof typeof storageUsd, 'networkFirstTb' | 'networkBeyond'>

const GB_PER_TB = 1_000

export const microUsdOf = (usd: number): number => Math.round(usd * 1_000_000)
export const usdOf = (microUsd: number): number => microUsd / 1_000_000

export function hourlyRate(usd: number): BillingRate {
  return { microUsd: microUsdOf(usd), perS: HOUR_S }
}

export function monthlyRate(storage: StorageKind, gb: number): BillingRate {
  return { microUsd: gb * microUsdOf(storageUsd[storage]), perS: MONTH_S }
}

/** A standard network volume: what is beyond the first terabyte is cheaper. */
export function networkStorageRate(gb: number): BillingRate {
  const firstGb = Math.min(gb, GB_PER_TB)
  const microUsd =
    firstGb * microUsdOf(storageUsd.networkFirstTb) + (gb - firstGb) * microUsdOf(storageUsd.networkBeyond)
  return { microUsd, perS: MONTH_S }
}

/** Whole micro-dollars after `seconds`, which are whole too. Exact for centuries: only a rest is divided. */
export function accruedMicroUsd({ microUsd, perS }: BillingRate, seconds: number): number {
  const remainderS = seconds % perS
  return microUsd * ((seconds - remainderS) / perS) + Math.floor((microUsd * remainderS) / perS)
}
