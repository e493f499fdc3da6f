import type {
  EndpointWorker,
  ServerlessEndpoint,
  ServerlessPrices,
} from '../pods/serverless/serverless-endpoint'

/*
 * What workers cost at most, USD per hour, by the price list; null: not known. A worker that always runs can be cheaper,
 * and by how much no API says. See docs/product-rules.md#59-idle-serverless-workers.
 */

type Hardware = Pick<ServerlessEndpoint, 'hardware'>

/** The most expensive worker that the endpoint may get; null unless all prices are known. */
export function dearestWorkerUsd({ hardware }: Hardware, prices: ServerlessPrices | null): number | null {
  if (hardware === null || prices === null) return null
  if (hardware.kind === 'cpu')
    return highest(
      hardware.choices.map(({ id, vcpuCount }) =>
        times(prices.cpus.find((cpu) => cpu.id === id)?.perVcpuHourUsd ?? null, vcpuCount),
      ),
    )
  const { pools, excludedTypes, count } = hardware
  const types = prices.gpus.filter(
    ({ id, pool }) => pool !== null && pools.includes(pool) && !excludedTypes.includes(id),
  )
  // A pool of which the catalog has nothing may be the most expensive one.
  const isEachPoolKnown = pools.every((pool) => prices.gpus.some((gpu) => gpu.pool === pool))
  return isEachPoolKnown ? highest(types.map(({ perHourUsd }) => times(perHourUsd, count))) : null
}

function workerUsd(
  worker: EndpointWorker,
  endpoint: Hardware,
  prices: ServerlessPrices | null,
): number | null {
  const listed = prices?.gpus.find(({ id }) => id === worker.gpuTypeId)?.perHourUsd ?? null
  return times(listed, worker.gpuCount) ?? dearestWorkerUsd(endpoint, prices)
}

/** What the `count` most expensive of the workers cost. Those that have no place yet count as the most expensive. */
export function workersUsd(
  count: number,
  workers: readonly EndpointWorker[],
  endpoint: Hardware,
  prices: ServerlessPrices | null,
): number | null {
  const missing = Math.max(0, count - workers.length)
  const each = [
    ...workers.map((worker) => workerUsd(worker, endpoint, prices)),
    ...(missing === 0 ? [] : Array.from({ length: missing }, () => dearestWorkerUsd(endpoint, prices))),
  ]
  if (each.includes(null)) return null
  return each
    .map((usd) => usd ?? 0)
    .sort((a, b) => b - a)
    .slice(0, count)
    .reduce((sum, usd) => sum + usd, 0)
}

const times = (usd: number | null, count: number | null): number | null =>
  usd === null || count === null || count < 1 ? null : usd * count

function highest(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((usd) => usd !== null)
  return known.length === 0 || known.length < amounts.length ? null : Math.max(...known)
}
