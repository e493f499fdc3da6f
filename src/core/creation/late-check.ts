import { formatUsdPerHour } from '../base/text/format'
import { ok } from '../base/result'
import type { Provider } from '../pods/provider'
import type { CreateCandidate, CreatePlan, PodSpec } from './create-plan'
import { computePerHourUsd, diskPerHourUsd } from './pod-price'

/** Whether a candidate may still be asked for. */
export type LateCheck =
  | { readonly kind: 'ok' }
  /** The next candidate is tried. */
  | { readonly kind: 'too-expensive'; readonly message: string }
  /** The create ends. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The price could not be read. */
  | { readonly kind: 'postponed'; readonly waitMs: number | null }

/**
 * Looks at price and money as they are now, because a create that waits spends money while nobody watches. Labs have a
 * price list only. See docs/product-rules.md#113-the-create-intent.
 */
export async function checkLateCreate(
  provider: Pick<Provider, 'listGpus' | 'listCpus'>,
  { maxPerHourUsd }: CreatePlan,
  { label, pod, perHourUsd }: CreateCandidate,
  spendingProblem: (perHourUsd: number | null) => string | null,
): Promise<LateCheck> {
  const price = pod.kind === 'lab' ? { usd: perHourUsd } : await readPrice(provider, pod)
  if ('waitMs' in price) return { kind: 'postponed', waitMs: price.waitMs }
  if (maxPerHourUsd !== null) {
    if (price.usd === null) return { kind: 'too-expensive', message: `No price of ${label} is known now.` }
    if (price.usd > maxPerHourUsd)
      return {
        kind: 'too-expensive',
        message: `${label} costs ${formatUsdPerHour(price.usd)} now, more than ${formatUsdPerHour(maxPerHourUsd)}.`,
      }
  }
  const problem = spendingProblem(price.usd)
  return problem === null ? { kind: 'ok' } : { kind: 'refused', message: problem }
}

/** USD per hour with disks; null if no price is reported. */
async function readPrice(
  provider: Pick<Provider, 'listGpus' | 'listCpus'>,
  pod: Extract<PodSpec, { kind: 'cloud' }>,
): Promise<{ readonly usd: number | null } | { readonly waitMs: number | null }> {
  const { compute, cloud } = pod
  const isGpu = compute.kind === 'gpu'
  const gpus = isGpu ? await provider.listGpus?.({ cloud, count: compute.count }) : ok([])
  const cpus = isGpu ? ok([]) : await provider.listCpus?.(compute.vcpuCount)
  if (gpus?.ok !== true) return { waitMs: gpus?.error.retryAfterMs ?? null }
  if (cpus?.ok !== true) return { waitMs: cpus?.error.retryAfterMs ?? null }
  const usd = computePerHourUsd(pod, gpus.value, cpus.value)
  return { usd: usd === null ? null : usd + diskPerHourUsd(pod) }
}
