import { formatNumber, formatUsd } from '../../../core/base/text/format'
import { hoursText, shortDay } from '../chart/day-text'
import { costsTableText } from './costs-text'
import type { BreakdownRow } from './breakdown-rows'

/** The text of a row's cells; "–" where there is nothing, "unknown" where something is not known. */
export interface RowText {
  /** What the row is, beside its name; empty for a pod that runs. */
  readonly kind: string
  readonly hardware: string
  readonly hours: string
  readonly rate: string
  /** Compute of those hours, and what is billed besides. */
  readonly compute: string
  readonly billedCompute: string | null
  readonly disk: string
  /** The total without its idle part. */
  readonly busy: string
  readonly total: string
  readonly idle: string
}

const NONE = '–'
const UNKNOWN = 'unknown'

/** "$223.99", and "–" for nothing. */
export const centsOrNone = (cents: number): string => (cents === 0 ? NONE : formatUsd(cents / 100))

/** "unknown" instead of at least nothing. */
function atLeastText(cents: number, isAtLeast: boolean): string {
  if (!isAtLeast) return formatUsd(cents / 100)
  return cents === 0 ? UNKNOWN : `at least ${formatUsd(cents / 100)}`
}

export function rowText(row: BreakdownRow): RowText {
  const { kind, hardware, rate, computeCents, unobservedComputeCents, diskCents, totalCents, idleCents } = row
  const { isAtLeast } = row.spent
  const observedCents = computeCents - unobservedComputeCents
  const isPod = kind === 'pod'
  const hasOnlyBill = rate === null && unobservedComputeCents > 0
  return {
    kind: kindText(row),
    hardware: isPod ? (hardware ?? NONE) : '',
    hours: rate !== null ? hoursText(rate.shownMs) : hasOnlyBill ? UNKNOWN : isPod ? NONE : '',
    rate: rate === null ? (isPod ? NONE : '') : rateText(row),
    compute:
      observedCents === 0 && rate !== null && rate.perHourUsd === null
        ? UNKNOWN
        : hasOnlyBill
          ? formatUsd(unobservedComputeCents / 100)
          : rate !== null
            ? formatUsd(observedCents / 100)
            : centsOrNone(observedCents),
    billedCompute:
      unobservedComputeCents === 0
        ? null
        : hasOnlyBill
          ? 'billed'
          : `+ ${formatUsd(unobservedComputeCents / 100)} billed`,
    disk: centsOrNone(diskCents),
    busy: totalCents === idleCents && !isAtLeast ? NONE : atLeastText(totalCents - idleCents, isAtLeast),
    total: atLeastText(totalCents, isAtLeast),
    idle: idleCents === 0 ? '' : formatUsd(idleCents / 100),
  }
}

function rateText({ rate, spent: { isAtLeast, isApproximate } }: BreakdownRow): string {
  if (rate === null || rate.perHourUsd === null) return UNKNOWN
  const prefix = isAtLeast ? 'at least ' : isApproximate === true ? 'approx. ' : ''
  return `${prefix}$${formatNumber(rate.perHourUsd, rate.decimals, rate.decimals)}`
}

function kindText({ kind, hardware, state, goneAtMs, count }: BreakdownRow): string {
  if (count !== undefined) return kind === 'pod' ? costsTableText.pods(count) : ''
  if (kind === 'volume') return hardware === null ? 'network volume' : `network volume, ${hardware}`
  if (kind === 'other') return ''
  if (state === 'gone') return goneAtMs === null ? 'terminated' : `terminated ${shortDay(goneAtMs)}`
  return state === 'stopped' || state === 'creating' ? state : ''
}

/** The last line: what all rows add up to. */
export type TotalText = Omit<RowText, 'kind'>

/** The hours are the sum of those that are written. `reading`: stands for each sum while it will still change. */
export function totalText(rows: readonly BreakdownRow[], reading: string | null): TotalText {
  const sum = (of: (row: BreakdownRow) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const shownMs = sum(({ rate }) => rate?.shownMs ?? 0)
  const prefix = rows.some(({ spent }) => spent.isAtLeast) ? 'at least ' : ''
  const idleCents = sum((row) => row.idleCents)
  return {
    hardware: '',
    rate: '',
    billedCompute: null,
    hours: shownMs === 0 ? '' : hoursText(shownMs),
    compute: reading ?? centsOrNone(sum(({ computeCents }) => computeCents)),
    disk: reading ?? centsOrNone(sum(({ diskCents }) => diskCents)),
    busy:
      reading ?? `${prefix}${formatUsd(sum(({ totalCents, idleCents: idle }) => totalCents - idle) / 100)}`,
    total: reading ?? `${prefix}${formatUsd(sum(({ totalCents }) => totalCents) / 100)}`,
    idle: reading ?? (idleCents === 0 ? '' : formatUsd(idleCents / 100)),
  }
}
