import { type AccountId, isPodKey, parsePodKey, type PodKey } from '../pods/pod'

/** An identity color, 1 to `POD_COLORS`: `--p1` … `--p8` of the windows. */
export type PodColor = number

export const POD_COLORS = 8

/** What the color of a pod depends on. */
export interface ColoredPod {
  readonly key: PodKey
  /** Unix ms. */
  readonly createdAtMs: number | null
}

/** The color that a pod gets while no other one has it. It depends on the key only. */
export function preferredColor(podKey: PodKey): PodColor {
  // FNV-1a, whose result is mixed once more because its lowest bits follow those of the last character.
  let hash = 0x811c9dc5
  for (let at = 0; at < podKey.length; at++) hash = Math.imul(hash ^ podKey.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (((hash ^ (hash >>> 13)) >>> 0) % POD_COLORS) + 1
}

/**
 * A color for each pod. Pods have different ones as long as there are enough: among all of them, and else among those
 * of each account. Then they are shared.
 *
 * A pod keeps the color that it has in `kept`, unless an older pod has that too and there are enough for both. So pods
 * that come or leave, and how much each costs, change no color of another one.
 */
export function assignPodColors(
  pods: readonly ColoredPod[],
  kept: ReadonlyMap<PodKey, PodColor>,
): ReadonlyMap<PodKey, PodColor> {
  const accountOf = (podKey: PodKey): AccountId => parsePodKey(podKey).accountId
  const podCounts = countBy(pods, ({ key }) => accountOf(key))
  const areEnoughForAll = pods.length <= POD_COLORS
  const colors = new Map<PodKey, PodColor>()
  /** How often a color is used among all pods, and by account. */
  const uses = new Map<string, number>()
  const usesOf = (color: PodColor, accountId = ''): number => uses.get(`${accountId}/${color}`) ?? 0
  const give = (podKey: PodKey, color: PodColor): void => {
    colors.set(podKey, color)
    for (const scope of ['', accountOf(podKey)])
      uses.set(`${scope}/${color}`, (uses.get(`${scope}/${color}`) ?? 0) + 1)
  }
  const isFree = (color: PodColor, accountId: AccountId): boolean =>
    areEnoughForAll
      ? usesOf(color) === 0
      : (podCounts.get(accountId) ?? 0) > POD_COLORS || usesOf(color, accountId) === 0
  const oldestFirst = [...pods].sort(byAge)
  for (const { key } of oldestFirst) {
    const color = kept.get(key)
    if (color !== undefined && isFree(color, accountOf(key))) give(key, color)
  }
  const shown = new Set(pods.map(({ key }) => key))
  const awayUses = countBy(
    [...kept].filter(([podKey]) => !shown.has(podKey)),
    ([, color]) => color,
  )
  for (const { key } of oldestFirst.filter((pod) => !colors.has(pod.key))) {
    // Pods of its own account weigh more than all others together, and those that are away least.
    const weighted = (color: PodColor): number =>
      (usesOf(color, accountOf(key)) * (pods.length + 1) + usesOf(color)) * (kept.size + 1) +
      (awayUses.get(color) ?? 0)
    give(key, leastUsedColor(key, weighted))
  }
  return colors
}

/** The color with the lowest `usesOf`; among equals, the pod's own or the next one after it. */
export function leastUsedColor(podKey: PodKey, usesOf: (color: PodColor) => number): PodColor {
  const preferred = preferredColor(podKey)
  const inOrder = Array.from({ length: POD_COLORS }, (_, step) => ((preferred - 1 + step) % POD_COLORS) + 1)
  return inOrder.reduce((best, color) => (usesOf(color) < usesOf(best) ? color : best))
}

/** Pods whose age is unknown come last. */
function byAge(a: ColoredPod, b: ColoredPod): number {
  const [ageA, ageB] = [a.createdAtMs ?? Infinity, b.createdAtMs ?? Infinity]
  return ageA === ageB ? (a.key < b.key ? -1 : 1) : ageA - ageB
}

function countBy<T, Key>(all: readonly T[], keyOf: (one: T) => Key): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>()
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}

/** Of how many pods that are not shown the color is remembered. */
const MAX_REMEMBERED = 1_000

/** Remembers colors beyond the end of the program. Nothing here throws. */
export interface PodColorStore {
  readonly load: () => ReadonlyMap<PodKey, PodColor>
  readonly save: (colors: ReadonlyMap<PodKey, PodColor>) => void
}

export interface PodColors {
  /**
   * Gives each pod its color. Pods that are away for a while, as during a change of the key or a restart, get theirs
   * back.
   */
  readonly paint: <Pod extends ColoredPod & { readonly color: PodColor }>(
    pods: readonly Pod[],
  ) => readonly Pod[]
}

/** The colors of all pods that one program shows, the same in each of its windows. Without `store`, until it ends. */
export function createPodColors(store?: PodColorStore): PodColors {
  let kept: ReadonlyMap<PodKey, PodColor> = store?.load() ?? new Map()
  return {
    paint(pods) {
      const colors = assignPodColors(pods, kept)
      const isChanged = [...colors].some(([podKey, color]) => kept.get(podKey) !== color)
      // A pod that comes back takes no color away from one that got it meanwhile.
      const given = new Set(
        [...colors].flatMap(([podKey, color]) => (kept.get(podKey) === color ? [] : [color])),
      )
      const away = [...kept]
        .filter(([podKey, color]) => !colors.has(podKey) && !given.has(color))
        .slice(-MAX_REMEMBERED)
      kept = new Map([...away, ...colors])
      if (isChanged) store?.save(kept)
      return pods.map((pod) => {
        const color = colors.get(pod.key) ?? pod.color
        return color === pod.color ? pod : { ...pod, color }
      })
    },
  }
}

/** Reads what `JSON.stringify(Object.fromEntries(colors))` wrote. What is no color of a pod is left out. */
export function parsePodColors(stored: unknown): ReadonlyMap<PodKey, PodColor> {
  if (typeof stored !== 'object' || stored === null) return new Map()
  return new Map(
    Object.entries(stored).flatMap(([key, color]: [string, unknown]): [PodKey, PodColor][] =>
      isPodKey(key) &&
      typeof color === 'number' &&
      Number.isInteger(color) &&
      color >= 1 &&
      color <= POD_COLORS
        ? [[key, color]]
        : [],
    ),
  )
}
