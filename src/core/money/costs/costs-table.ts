import { type CsvCell, csvDollars, csvNumber, toCsv } from '../../base/text/csv'
import { HOUR_MS } from '../../base/time/time'
import type { CostsRow } from './costs-rows'
import type { CostsView } from './costs-view'

/** How a month's costs can be grouped. */
export const costsBy = ['pod', 'gpu', 'day'] as const
export type CostsBy = (typeof costsBy)[number]

/** One line of a month's costs. The cents of all lines add up to the month's total. */
export interface CostsLine {
  /** The id of the pod or volume, the hardware, or the day ("2026-11-24"). */
  readonly id: string
  readonly name: string
  readonly hardware: string | null
  /** Hours on; null when grouped by day. */
  readonly hours: number | null
  readonly totalCents: number
  /** Null when grouped by day. */
  readonly computeCents: number | null
  readonly diskCents: number | null
  readonly idleCents: number
  /** The part of the total for which hours and idle time are not known; null when grouped by day. */
  readonly unobservedCents: number | null
  /** The part that is final according to bills, USD. */
  readonly billedUsd: number
}

export function costsLines(view: CostsView, by: CostsBy): readonly CostsLine[] {
  if (by === 'day') return dayLines(view)
  const lines = view.rows.map(lineOf)
  return by === 'pod' ? lines : gpuLines(lines)
}

function lineOf(row: CostsRow): CostsLine {
  const { totalCents, computeCents, diskCents, idleCents, unobservedCents, hardware } = row
  return {
    id: row.id.replace(/^(pod|volume)\//, ''),
    name: row.name ?? (row.kind === 'other' ? 'other Runpod' : row.id.replace(/^(pod|volume)\//, '')),
    hardware: row.kind === 'volume' ? 'network volume' : hardware,
    hours: row.onMs / HOUR_MS,
    totalCents,
    computeCents,
    diskCents,
    idleCents,
    unobservedCents,
    billedUsd: row.spent.billedUsd,
  }
}

function gpuLines(lines: readonly CostsLine[]): readonly CostsLine[] {
  const byGpu = new Map<string, CostsLine>()
  for (const line of lines) {
    const id = line.hardware ?? (line.id === 'other' ? 'other Runpod' : 'unknown')
    const sum = byGpu.get(id)
    byGpu.set(id, {
      id,
      name: id,
      hardware: line.hardware,
      hours: (sum?.hours ?? 0) + (line.hours ?? 0),
      totalCents: (sum?.totalCents ?? 0) + line.totalCents,
      computeCents: (sum?.computeCents ?? 0) + (line.computeCents ?? 0),
      diskCents: (sum?.diskCents ?? 0) + (line.diskCents ?? 0),
      idleCents: (sum?.idleCents ?? 0) + line.idleCents,
      unobservedCents: (sum?.unobservedCents ?? 0) + (line.unobservedCents ?? 0),
      billedUsd: (sum?.billedUsd ?? 0) + line.billedUsd,
    })
  }
  return [...byGpu.values()].sort((a, b) => b.totalCents - a.totalCents)
}

function dayLines({ days }: CostsView): readonly CostsLine[] {
  const spent = days.filter(({ spent: { usd, maxUsd } }) => usd > 0 || maxUsd > 0)
  return spent.map((day) => {
    const id = new Date(day.startMs).toISOString().slice(0, 10)
    return {
      id,
      name: id,
      hardware: null,
      hours: null,
      totalCents: day.totalCents,
      computeCents: null,
      diskCents: null,
      idleCents: day.idleCents,
      unobservedCents: null,
      billedUsd: day.spent.billedUsd,
    }
  })
}

const columns: readonly { readonly title: string; readonly of: (line: CostsLine) => CsvCell }[] = [
  { title: 'id', of: ({ id }) => id },
  { title: 'name', of: ({ name }) => name },
  { title: 'hardware', of: ({ hardware }) => hardware ?? '' },
  { title: 'hours', of: ({ hours }) => (hours === null ? '' : csvNumber(hours, 2)) },
  { title: 'compute_usd', of: ({ computeCents }) => csvDollars(computeCents) },
  { title: 'disk_usd', of: ({ diskCents }) => csvDollars(diskCents) },
  { title: 'idle_usd', of: ({ idleCents }) => csvDollars(idleCents) },
  { title: 'total_usd', of: ({ totalCents }) => csvDollars(totalCents) },
  { title: 'hours_not_observed_usd', of: ({ unobservedCents }) => csvDollars(unobservedCents) },
]

/**
 * The lines as CSV (RFC 4180). Names that a spreadsheet would evaluate as a formula are escaped. With a column for the
 * account where lines have one.
 */
export function costsTableCsv(lines: readonly (CostsLine & { readonly account?: string })[]): string {
  const hasAccounts = lines.some(({ account }) => account !== undefined)
  return toCsv([
    [...columns.map(({ title }) => title), ...(hasAccounts ? ['account'] : [])],
    ...lines.map((line) => [
      ...columns.map(({ of }) => of(line)),
      ...(hasAccounts ? [line.account ?? ''] : []),
    ]),
  ])
}
