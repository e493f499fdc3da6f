import type { CostsRow } from '../../../core/money/costs/costs-rows'
import type { RowColors } from '../../pod-model/pod-color'
import { seriesText } from './series-text'

export const groupings = ['pod', 'gpu', 'idle'] as const
export type SpendGrouping = (typeof groupings)[number]

/** One color of the stacked bars, from the bottom up. */
export interface SpendSeries {
  readonly key: string
  readonly label: string
  /** Of a pod its identity color `p1` … `p8`, or `faded` once it is gone. */
  readonly className: string
  /** Cost in the month; all series add up to the month's cost. Whole cents. */
  readonly cents: number
}

interface SpendGroups {
  readonly series: readonly SpendSeries[]
  /** Series key by row id. */
  readonly keyOf: ReadonlyMap<string, string>
}

/** The number of series drawn separately. */
const MAX_SERIES = 6
export const IDLE_KEY = 'idle'

/**
 * The rows as series: the most expensive ones separately, then what is gone, then the others together. By pod, each
 * has the color that it has on every screen.
 */
export function groupRows(
  rows: readonly CostsRow[],
  grouping: SpendGrouping,
  colors: RowColors,
): SpendGroups {
  if (grouping === 'idle') return busyOrIdle(rows)
  const groups = new Map<
    string,
    { key: string; label: string; className: string; cents: number; count: number }
  >()
  const groupOf = new Map<string, string>()
  for (const row of rows) {
    const { key, label, className } = grouping === 'pod' ? podGroup(row, colors) : gpuGroup(row)
    const group = groups.get(key) ?? { key, label, className, cents: 0, count: 0 }
    group.cents += row.totalCents
    group.count += 1
    groups.set(key, group)
    groupOf.set(row.id, key)
  }
  const sorted = [...groups.values()].sort((a, b) => b.cents - a.cents || (a.key < b.key ? -1 : 1))
  const named = sorted.filter(({ key }) => key !== GONE_KEY)
  const shown = named.slice(0, MAX_SERIES).map((group, index): SpendSeries => ({
    key: group.key,
    label: group.label,
    className: group.className === '' ? `p${(index % 6) + 1}` : group.className,
    cents: group.cents,
  }))
  const gone = groups.get(GONE_KEY)
  if (gone) shown.push({ ...gone, label: gone.count === 1 ? gone.label : seriesText.terminated(gone.count) })
  const rest = named.slice(MAX_SERIES)
  if (rest.length > 0)
    shown.push({
      key: 'others',
      label: seriesText.others(rest.length),
      className: 'others',
      cents: rest.reduce((sum, { cents }) => sum + cents, 0),
    })
  const keys = new Set(shown.map(({ key }) => key))
  return {
    series: shown,
    keyOf: new Map([...groupOf].map(([id, key]) => [id, keys.has(key) ? key : 'others'])),
  }
}

const GONE_KEY = 'gone'

interface GroupOfRow {
  readonly key: string
  readonly label: string
  /** Empty: by its place among the others. */
  readonly className: string
}

/** Pods with the same name stay separate; those that are gone share one gray series. */
function podGroup(row: CostsRow, colors: RowColors): GroupOfRow {
  const label = rowName(row)
  return row.state === 'gone'
    ? { key: GONE_KEY, label, className: 'faded' }
    : { key: `of:${row.id}`, label, className: colors.get(row.id) ?? 'faded' }
}

/** Rows are merged by type; the number of GPUs is dropped, because 4 × H100 and 1 × H100 are the same type. */
export function gpuGroup({ kind, hardware }: CostsRow): GroupOfRow {
  const label =
    kind === 'volume'
      ? seriesText.networkVolumes
      : kind === 'other'
        ? seriesText.otherRunpod
        : (hardware?.replace(/^\d+ × /, '') ?? seriesText.unknownHardware)
  return { key: `of:${label}`, label, className: '' }
}

function busyOrIdle(rows: readonly CostsRow[]): SpendGroups {
  const idleCents = rows.reduce((sum, row) => sum + row.idleCents, 0)
  const busyCents = rows.reduce((sum, row) => sum + row.totalCents, 0) - idleCents
  const series: SpendSeries[] = [
    { key: 'busy', label: seriesText.busy, className: 'p1', cents: busyCents },
    { key: IDLE_KEY, label: seriesText.idle, className: 'idle-part', cents: idleCents },
  ]
  return { series: series.filter(({ cents }) => cents > 0), keyOf: new Map() }
}

/** Display name of a row, or its id when only its bill is known. */
export function rowName({ kind, name, id }: Pick<CostsRow, 'kind' | 'name' | 'id'>): string {
  if (kind === 'other') return seriesText.otherRow
  return name ?? id.replace(/^\w+\//, '')
}
