import type { NetworkVolume } from './provider'

/**
 * Storage rates in USD per GB and month; a month is 720 h. Source: Runpod documentation, "Pods pricing" and
 * "Storage", read 2026-11-24. High-performance network volumes have no public rate.
 */
export const STORAGE_RATES = {
  readOn: '2026-11-24',
  containerRunning: 0.1,
  volumeRunning: 0.1,
  volumeStopped: 0.2,
  networkFirstTb: 0.07,
  networkBeyond: 0.05,
  gbPerTb: 1_000,
  hoursPerMonth: 720,
} as const

/** USD per hour of a disk of `sizeGb` at a monthly rate. */
export function storagePerHourUsd(
  sizeGb: number,
  rate: 'containerRunning' | 'volumeRunning' | 'volumeStopped',
): number {
  return (sizeGb * STORAGE_RATES[rate]) / STORAGE_RATES.hoursPerMonth
}

/**
 * USD per hour of a standard network volume, attached or not. Everything above the first terabyte is cheaper.
 */
export function networkVolumePerHourUsd(sizeGb: number): number {
  const firstGb = Math.min(sizeGb, STORAGE_RATES.gbPerTb)
  const perMonth = firstGb * STORAGE_RATES.networkFirstTb + (sizeGb - firstGb) * STORAGE_RATES.networkBeyond
  return perMonth / STORAGE_RATES.hoursPerMonth
}

/** USD per month of a network volume; null: it has no public rate, or its size is not known. */
export function volumePerMonthUsd({
  sizeGb,
  isHighPerformance,
}: Pick<NetworkVolume, 'sizeGb' | 'isHighPerformance'>): number | null {
  return sizeGb === null || isHighPerformance
    ? null
    : networkVolumePerHourUsd(sizeGb) * STORAGE_RATES.hoursPerMonth
}
