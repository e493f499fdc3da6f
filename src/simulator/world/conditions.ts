import { type PullStatus, pullStatuses } from './pod-spec'

export const levels = ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const

/** How much hardware is free. */
export type Level = (typeof levels)[number]

/** What pods of the account meet. All of it can be changed while the simulator runs. */
export interface CloudConditions {
  /** Replaces the seeded stock everywhere, by the id of a GPU type or CPU flavor; "*" is all others. */
  readonly stock: Readonly<Record<string, Level>>
  /** How long a new pod pulls its image, in simulated seconds; null: as usual. */
  readonly pullS: number | null
  /** Images that contain one of these don't exist: a pod with one never starts. */
  readonly missingImages: readonly string[]
  /** What all pods may cost per hour, USD; a create or start beyond it is refused. Null: no limit. */
  readonly spendLimitUsd: number | null
  readonly secretNames: readonly string[]
  /** What the status of a created or started pod is until its container is up. */
  readonly statusWhilePulling: PullStatus
  /** The API's figures are refreshed every so many seconds, for each pod at times of its own; 0: at each look. */
  readonly metricsEveryS: number
  /** What `runtime` has in lists; a single pod has all. */
  readonly listFigures: ListFigures
  /** What share of their size the disks of pods fill in a simulated hour. */
  readonly disksFillPerHour: number
}

export const listFigureKinds = ['all', 'uptime-and-ports'] as const

export type ListFigures = (typeof listFigureKinds)[number]

export const usualConditions: CloudConditions = {
  stock: {},
  pullS: null,
  missingImages: ['missing'],
  spendLimitUsd: null,
  secretNames: ['HF_TOKEN', 'WANDB_API_KEY'],
  statusWhilePulling: 'RUNNING',
  metricsEveryS: 0,
  listFigures: 'all',
  disksFillPerHour: 0,
}

/** The stock that replaces the seeded one; null: none does. */
export function forcedStock({ stock }: CloudConditions, hardwareId: string): Level | null {
  return (Object.hasOwn(stock, hardwareId) ? stock[hardwareId] : stock['*']) ?? null
}

export function readConditions(value: Record<string, unknown>): Partial<CloudConditions> {
  const { stock, pullS, missingImages, spendLimitUsd, secretNames } = value
  const { statusWhilePulling, metricsEveryS, listFigures, disksFillPerHour } = value
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(usualConditions, name))
  if (unknown !== undefined) throw new Error(`there is no condition ${unknown}`)
  if (stock !== undefined && !isStock(stock)) throw new Error(`stock is by hardware: ${levels.join(', ')}`)
  if (pullS !== undefined && pullS !== null && !isAmount(pullS)) throw new Error('pullS must be a number')
  if (spendLimitUsd !== undefined && spendLimitUsd !== null && !isAmount(spendLimitUsd))
    throw new Error('spendLimitUsd must be a number')
  if (missingImages !== undefined && !areTexts(missingImages)) throw new Error('missingImages are strings')
  if (secretNames !== undefined && !areTexts(secretNames)) throw new Error('secretNames are strings')
  if (statusWhilePulling !== undefined && !isOneOf(pullStatuses, statusWhilePulling))
    throw new Error(`statusWhilePulling is ${pullStatuses.join(' or ')}`)
  if (metricsEveryS !== undefined && !isAmount(metricsEveryS))
    throw new Error('metricsEveryS must be a number')
  if (disksFillPerHour !== undefined && !isAmount(disksFillPerHour))
    throw new Error('disksFillPerHour must be a number')
  if (listFigures !== undefined && !isOneOf(listFigureKinds, listFigures))
    throw new Error(`listFigures is ${listFigureKinds.join(' or ')}`)
  return value as Partial<CloudConditions>
}

const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const isOneOf = (names: readonly string[], value: unknown): boolean => names.some((each) => each === value)
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
const isStock = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((level) => levels.some((each) => each === level))
