import type { GpuOffer, Stock } from '../../core/pods/catalog'
import { type CloudTier, cloudTiers } from '../../core/pods/pod-request'

/** A GPU type as the table shows it. */
export interface GpuRow {
  readonly id: string
  readonly name: string
  readonly memoryGb: number | null
  /** USD per hour of one GPU, for each chosen cloud; null: not offered there, or no price is reported. */
  readonly prices: readonly { readonly cloud: CloudTier; readonly usd: number | null }[]
  /** The lowest of them. */
  readonly priceUsd: number | null
  /** In the chosen places; null: not reported. */
  readonly stock: Stock | null
  /** Names of data centers that have some. */
  readonly places: readonly string[]
  /** How many one pod can have, in any chosen cloud. */
  readonly maxCount: number
  readonly isFavorite: boolean
}

export const gpuOrders = ['name', 'memory', 'price', 'stock'] as const
export type GpuOrder = (typeof gpuOrders)[number]

export interface GpuRowsOptions {
  readonly offers: Readonly<Record<CloudTier, readonly GpuOffer[] | null>>
  readonly clouds: readonly CloudTier[]
  /** Empty: anywhere. */
  readonly dataCenterIds: readonly string[]
  readonly favorites: readonly string[]
  readonly filter: string
  readonly order: GpuOrder
  readonly isReversed: boolean
}

const stockRank: Readonly<Record<Stock, number>> = { none: 0, low: 1, medium: 2, high: 3 }

/** The GPU types of these clouds that match the filter; favorites come first. */
export function gpuRows(options: GpuRowsOptions): readonly GpuRow[] {
  const { offers, favorites, filter, order, isReversed } = options
  const clouds = cloudTiers.filter((cloud) => options.clouds.includes(cloud))
  const ids = [...new Set(clouds.flatMap((cloud) => (offers[cloud] ?? []).map(({ id }) => id)))]
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return ids
    .flatMap((id) => rowOf(id, options, clouds) ?? [])
    .filter(({ name, id }) => words.every((word) => `${name} ${id}`.toLowerCase().includes(word)))
    .sort(
      (a, b) =>
        Number(favorites.includes(b.id)) - Number(favorites.includes(a.id)) ||
        (isReversed ? compareBy(order, b, a) : compareBy(order, a, b)) ||
        a.name.localeCompare(b.name),
    )
}

function rowOf(
  id: string,
  { offers, dataCenterIds, favorites }: GpuRowsOptions,
  clouds: readonly CloudTier[],
): GpuRow | null {
  const found = clouds.flatMap((cloud) => {
    const offer = offers[cloud]?.find((one) => one.id === id)
    return offer === undefined || offer.maxCount[cloud] === 0 ? [] : [{ cloud, offer }]
  })
  const [first] = found
  if (first === undefined) return null
  const { name, memoryGb } = first.offer
  const prices = found.map(({ cloud, offer }) => ({ cloud, usd: offer.priceUsd[cloud] }))
  const known = prices.flatMap(({ usd }) => usd ?? [])
  const inPlaces = found.flatMap(({ offer }) =>
    offer.dataCenters.filter((place) => dataCenterIds.length === 0 || dataCenterIds.includes(place.id)),
  )
  const isPlaceNamed = found.some(({ offer }) => offer.dataCenters.length > 0)
  const stocks =
    dataCenterIds.length === 0 || !isPlaceNamed
      ? found.flatMap(({ offer }) => offer.stock ?? [])
      : // A type that no chosen data center has is not there.
        inPlaces.length === 0
        ? (['none'] as const)
        : inPlaces.flatMap(({ stock }) => stock ?? [])
  return {
    id,
    name,
    memoryGb,
    prices,
    priceUsd: known.length === 0 ? null : Math.min(...known),
    stock: stocks.length === 0 ? null : stocks.reduce((a, b) => (stockRank[a] >= stockRank[b] ? a : b)),
    places: [...new Set(inPlaces.filter(({ stock }) => stock !== 'none').map((place) => place.id))],
    maxCount: Math.max(...found.map(({ cloud, offer }) => offer.maxCount[cloud])),
    isFavorite: favorites.includes(id),
  }
}

/** Higher figures come first. */
function compareBy(order: GpuOrder, a: GpuRow, b: GpuRow): number {
  switch (order) {
    case 'name':
      return a.name.localeCompare(b.name)
    case 'memory':
      return (b.memoryGb ?? -1) - (a.memoryGb ?? -1)
    case 'price':
      return (b.priceUsd ?? -1) - (a.priceUsd ?? -1)
    case 'stock':
      return rankOf(b.stock) - rankOf(a.stock)
  }
}

const rankOf = (stock: Stock | null): number => (stock === null ? -1 : stockRank[stock])

/** `ids` with the one at `from` at `to`. */
export function moveTo(ids: readonly string[], from: number, to: number): readonly string[] {
  const moved = ids[from]
  if (moved === undefined || to < 0 || to >= ids.length) return ids
  const others = ids.filter((_, index) => index !== from)
  return [...others.slice(0, to), moved, ...others.slice(to)]
}
