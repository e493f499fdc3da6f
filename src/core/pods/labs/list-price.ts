import { isGpuOfType } from '../gpu-type'

/*
 * USD per hour of one GPU, from Hubify's documentation of pods, "GPU Types and Pricing", read 2026-11-24. The page
 * calls the prices approximate. It doesn't say whether they are for one GPU or for a pod; they are taken for one, so
 * that two GPUs cost twice as much, as at the cloud that runs the pods.
 */
const pricesPerGpuHourUsd: readonly (readonly [type: string, usd: number])[] = [
  ['H200', 4],
  ['H100', 2.5],
  ['A100', 1.5],
]

/** The list price of a pod, USD per hour; null for a GPU type that isn't listed, such as a "GH200". */
export function listPricePerHourUsd(gpu: { readonly name: string; readonly count: number }): number | null {
  const match = pricesPerGpuHourUsd.find(([type]) => isGpuOfType(gpu.name, type))
  return match === undefined ? null : match[1] * gpu.count
}
