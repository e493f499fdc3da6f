export const levels = ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const

/** How much hardware is free. */
export type Level = (typeof levels)[number]

/** What new pods of the account meet. All of it can be changed while the simulator runs. */
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
}

export const usualConditions: CloudConditions = {
  stock: {},
  pullS: null,
  missingImages: ['missing'],
  spendLimitUsd: null,
  secretNames: ['HF_TOKEN', 'WANDB_API_KEY'],
}

/** The stock that replaces the seeded one; null: none does. */
export function forcedStock({ stock }: CloudConditions, hardwareId: string): Level | null {
  return (Object.hasOwn(stock, hardwareId) ? stock[hardwareId] : stock['*']) ?? null
}

export function readConditions(value: Record<string, unknown>): Partial<CloudConditions> {
  const { stock, pullS, missingImages, spendLimitUsd, secretNames } = value
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(usualConditions, name))
  if (unknown !== undefined) throw new Error(`there is no condition ${unknown}`)
  if (stock !== undefined && !isStock(stock)) throw new Error(`stock is by hardware: ${levels.join(', ')}`)
  if (pullS !== undefined && pullS !== null && !isAmount(pullS)) throw new Error('pullS must be a number')
  if (spendLimitUsd !== undefined && spendLimitUsd !== null && !isAmount(spendLimitUsd))
    throw new Error('spendLimitUsd must be a number')
  if (missingImages !== undefined && !areTexts(missingImages)) throw new Error('missingImages are strings')
  if (secretNames !== undefined && !areTexts(secretNames)) throw new Error('secretNames are strings')
  return value as Partial<CloudConditions>
}

const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
const isStock = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((level) => levels.some((each) => each === level))
