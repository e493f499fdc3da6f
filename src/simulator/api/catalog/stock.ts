import { type CloudConditions, forcedStock, type Level, levels } from '../../world/conditions'
import { type DataCenterPlace, dataCenterPlaces } from '../../world/hosts/hardware'
import { between } from '../../world/seeded-random'

/** Availability changes at intervals. */
const CHANGES_EVERY_MS = 30 * 60_000

export interface StockQuery {
  readonly seed: number
  readonly nowMs: number
  readonly product: string
  readonly cloud: string
  /** GPUs, or pairs of vCPUs. */
  readonly count: number
  readonly conditions: CloudConditions
}

/** Whether a location has such hardware at all. */
export function isOffered(hardwareId: string, dataCenterId: string, seed: number): boolean {
  return between(0, 9, seed, 'offered', hardwareId, dataCenterId) < 6
}

/** How much is available there now; null where it is not offered. */
export function stockAt(hardwareId: string, dataCenterId: string, asked: StockQuery): Level | null {
  const forced = forcedStock(asked.conditions, hardwareId)
  if (forced !== null && forced !== 'NONE') return forced
  if (!isOffered(hardwareId, dataCenterId, asked.seed)) return null
  if (forced !== null) return forced
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

/** For several products: the best of them, as for an account that accepts any. */
export function bestStock(found: readonly (Level | null)[]): Level | null {
  const offered = found.filter((level) => level !== null)
  return offered.length === 0
    ? null
    : (levels[Math.max(...offered.map((each) => levels.indexOf(each)))] ?? null)
}

/** Where `count` of them are available for a pod now, best first. */
export function dataCentersFor(hardwareId: string, asked: StockQuery): readonly DataCenterPlace[] {
  return dataCenterPlaces
    .map((place) => ({ place, level: stockAt(hardwareId, place.id, asked) ?? 'NONE' }))
    .filter(({ level }) => level !== 'NONE')
    .sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level))
    .map(({ place }) => place)
}
