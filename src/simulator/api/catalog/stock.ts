import { type DataCenterPlace, dataCenterPlaces } from '../../world/hardware'
import { between } from '../../world/noise'

export const levels = ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const

export type Level = (typeof levels)[number]

/** What is free changes every so often. */
const CHANGES_EVERY_MS = 30 * 60_000

export interface StockAsked {
  readonly seed: number
  readonly nowMs: number
  readonly product: string
  readonly cloud: string
  /** GPUs, or vCPUs in pairs. */
  readonly count: number
}

/** Whether a place has such hardware at all. */
export function isOffered(hardwareId: string, dataCenterId: string, seed: number): boolean {
  return between(0, 9, seed, 'offered', hardwareId, dataCenterId) < 6
}

/** How much of it is free there now; null where it is not offered. */
export function stockAt(hardwareId: string, dataCenterId: string, asked: StockAsked): Level | null {
  if (!isOffered(hardwareId, dataCenterId, asked.seed)) return null
  const window = Math.floor(asked.nowMs / CHANGES_EVERY_MS)
  const free = between(
    0,
    24,
    asked.seed,
    'free',
    hardwareId,
    dataCenterId,
    asked.product,
    asked.cloud,
    window,
  )
  const times = Math.floor(free / asked.count)
  return levels[times >= 8 ? 3 : times >= 4 ? 2 : Math.min(times, 1)] ?? 'NONE'
}

/** For several products: the best of them, as an account that may take either would see it. */
export function bestStock(found: readonly (Level | null)[]): Level | null {
  const offered = found.filter((level) => level !== null)
  return offered.length === 0
    ? null
    : (levels[Math.max(...offered.map((each) => levels.indexOf(each)))] ?? null)
}

/** Where `count` of them are free for a pod now, best first. */
export function placesFor(hardwareId: string, asked: StockAsked): readonly DataCenterPlace[] {
  return dataCenterPlaces
    .map((place) => ({ place, level: stockAt(hardwareId, place.id, asked) ?? 'NONE' }))
    .filter(({ level }) => level !== 'NONE')
    .sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level))
    .map(({ place }) => place)
}
