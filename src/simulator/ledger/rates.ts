/** An amount of micro-dollars per number of seconds, as two integers to avoid rounding errors. */
export interface BillingRate {
  readonly microUsd: number
  readonly perS: number
}

const HOUR_S = 3_600
/** Runpod's storage prices are per GB and month; a month has 720 h. */
const MONTH_S = 720 * HOUR_S

/**
 * USD per GB and month. Source: Runpod documentation, "Pods pricing" and "Storage", read 2026-11-24. It gives no price
 * for high-performance volumes, so this one is an assumption.
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

/** A standard network volume, cheaper beyond the first terabyte. */
export function networkStorageRate(gb: number): BillingRate {
  const firstGb = Math.min(gb, GB_PER_TB)
  const microUsd =
    firstGb * microUsdOf(storageUsd.networkFirstTb) + (gb - firstGb) * microUsdOf(storageUsd.networkBeyond)
  return { microUsd, perS: MONTH_S }
}

/** Whole micro-dollars after `seconds`, an integer. Exact for centuries, because only the remainder is divided. */
export function accruedMicroUsd({ microUsd, perS }: BillingRate, seconds: number): number {
  const remainderS = seconds % perS
  return microUsd * ((seconds - remainderS) / perS) + Math.floor((microUsd * remainderS) / perS)
}
