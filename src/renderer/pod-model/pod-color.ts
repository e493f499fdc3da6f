import { type AccountId, podKeyOf, type PodKey } from '../../core/pods/pod'
import { leastUsedColor, type PodColor } from '../../core/view/pod-colors'
import type { PodView } from '../../core/view/snapshot'
import type { CostsRow } from '../../core/money/costs/costs-rows'

const colorClass = (color: PodColor): string => `p${color}`

/** The class with the identity color of a pod, `p1` … `p8`: the same on every screen. */
export const podColor = ({ color }: Pick<PodView, 'color'>): string => colorClass(color)

type ColoredRow = Pick<CostsRow, 'id' | 'kind' | 'state'>
/** Classes by the id of the row. */
export type RowColors = ReadonlyMap<CostsRow['id'], string>

/**
 * The class with the color of each row of the costs, by its id: of a pod that of all screens, of a network volume one
 * that no pod among them has, if there is any, and gray of what is gone.
 */
export function rowColors(
  rows: readonly ColoredRow[],
  accountId: AccountId,
  podsByKey: ReadonlyMap<string, Pick<PodView, 'color'>>,
): RowColors {
  const keyOf = ({ id }: ColoredRow): PodKey => podKeyOf(accountId, id.replace(/^\w+\//, ''))
  const present = rows.filter(({ kind, state }) => kind !== 'other' && state !== 'gone')
  const colors = new Map<PodKey, PodColor>()
  for (const key of present.map(keyOf)) {
    const color = podsByKey.get(key)?.color
    if (color !== undefined) colors.set(key, color)
  }
  const usesOf = (color: PodColor): number => [...colors.values()].filter((used) => used === color).length
  for (const key of present.map(keyOf).sort())
    if (!colors.has(key)) colors.set(key, leastUsedColor(key, usesOf))
  return new Map(
    rows.map((row): [CostsRow['id'], string] => {
      if (row.kind === 'other') return [row.id, 'others']
      const color = colors.get(keyOf(row))
      return [row.id, color === undefined ? 'faded' : colorClass(color)]
    }),
  )
}
