import { formatGb } from '../../base/text/format'
import type { Pod } from '../../pods/pod'
import type { NetworkVolume } from '../../pods/provider'
import { distributeCents, distributeCentsWithin, type NanoUsd, roundedCents, toUsd } from '../ledger/amounts'
import { OTHER, podSubjectId, type SubjectId } from '../ledger/billing-state'
import type { CostTotal } from '../ledger/cost-totals'
import type { Ledger } from '../ledger/ledger'
import type { MonthBook } from '../ledger/month-book'
import { type Billing, billingOf, type SpendView, toSpendView } from '../money-view'
import type { KnownSubject } from './known-subjects'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../base/time/time'

/** How long something was on and what an hour of it cost, rounded so that their product is `cents`. */
interface HourlyRate {
  /** In whole minutes, or in whole seconds where minutes are too coarse. */
  readonly shownMs: number
  /** The mean, USD per hour; null: not known. */
  readonly perHourUsd: number | null
  /** How many decimals of it are needed, 2 to 8. */
  readonly decimals: number
}

const MAX_DECIMALS = 8

const productCents = (shownMs: number, perHourUsd: number): number =>
  Math.round((shownMs / HOUR_MS) * perHourUsd * 100 + 1e-9)

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/**
 * The mean price of an hour in the shortest form that multiplies to `cents`: 20 h 49 min × $10.76 = $223.99. Null when
 * it was not on. `isUnknown`: the price is not known. See docs/product-rules.md#53-rows-and-idle-cost.
 */
export function hourlyRate(
  onMs: number,
  cents: number,
  exactUsd: number,
  isUnknown: boolean,
): HourlyRate | null {
  if (!(onMs > 0)) return null
  const inMinutes = Math.max(MINUTE_MS, Math.round(onMs / MINUTE_MS) * MINUTE_MS)
  if (isUnknown) return { shownMs: inMinutes, perHourUsd: null, decimals: 2 }
  const inSeconds = Math.max(SECOND_MS, Math.round(onMs / SECOND_MS) * SECOND_MS)
  const perHourUsd = (exactUsd / onMs) * HOUR_MS
  for (const [shownMs, decimals] of [
    [inMinutes, 2],
    [inSeconds, 2],
    [inMinutes, 3],
    [inSeconds, 4],
  ] as const)
    if (productCents(shownMs, rounded(perHourUsd, decimals)) === cents)
      return { shownMs, perHourUsd: rounded(perHourUsd, decimals), decimals }
  // The cents of all rows add up to the month, so that those of one row may be rounded the other way.
  const ofCents = (cents / 100 / inSeconds) * HOUR_MS
  for (let decimals = 2; decimals < MAX_DECIMALS; decimals++)
    if (productCents(inSeconds, rounded(ofCents, decimals)) === cents)
      return { shownMs: inSeconds, perHourUsd: rounded(ofCents, decimals), decimals }
  return { shownMs: inSeconds, perHourUsd: rounded(ofCents, MAX_DECIMALS), decimals: MAX_DECIMALS }
}

/** What a pod of the costs is now. `gone`: it is in no complete list any more. */
export type CostsPodState = 'on' | 'stopped' | 'creating' | 'gone'

export interface CostsRow {
  /** `pod/abc`, `volume/xyz`, or `other` for clusters, serverless and endpoints. */
  readonly id: SubjectId
  readonly kind: 'pod' | 'volume' | 'other'
  /** Null when only its bill is known, in every month. */
  readonly name: string | null
  /** "4 × H100 SXM", or the size of a volume. */
  readonly hardware: string | null
  /** Null for what is no pod, and while it is not known. */
  readonly state: CostsPodState | null
  /** When it was found to be gone, Unix ms; null: it is not, or not in this month, or that is not known. */
  readonly goneAtMs: number | null
  /** How long it was observed to be on, milliseconds. */
  readonly onMs: number
  /** Hours and mean price of the compute cost without `unobservedComputeCents`; null without hours. */
  readonly rate: HourlyRate | null
  readonly billing: Billing
  /**
   * Whole cents. The totals of all rows add up to the month's total, and compute and disk add up to the row's
   * total.
   */
  readonly totalCents: number
  readonly computeCents: number
  readonly diskCents: number
  /** Part of the total. Those of all rows add up to the month's. */
  readonly idleCents: number
  /**
   * Part of the total that only the bill of a pod knows: hours and idle time don't cover it. See
   * docs/product-rules.md#53-rows-and-idle-cost.
   */
  readonly unobservedCents: number
  /** The part of `computeCents` whose hours are not known. */
  readonly unobservedComputeCents: number
  /** Exact amounts, USD. */
  readonly spent: SpendView
}

interface RowInput {
  readonly ledger: Ledger
  readonly book: MonthBook
  readonly id: SubjectId
  readonly total: CostTotal
  readonly totalCents: number
  readonly idleCents: number
  readonly volumes: ReadonlyMap<SubjectId, NetworkVolume>
  /** Of what has no name in the book of the month. */
  readonly known: ReadonlyMap<SubjectId, KnownSubject>
  /** Of the pods as last listed; null: they were not yet, or not completely. */
  readonly states: ReadonlyMap<SubjectId, CostsPodState> | null
}

/** The states of listed pods by their id in the ledger. */
export function podStatesOf(pods: readonly Pod[]): ReadonlyMap<SubjectId, CostsPodState> {
  return new Map(pods.map((pod) => [podSubjectId(pod), stateOf(pod)]))
}

function stateOf({ phase }: Pod): CostsPodState {
  if (phase === 'terminated') return 'gone'
  return phase === 'stopped' || phase === 'creating' ? phase : 'on'
}

export function toCostsRow(input: RowInput): CostsRow {
  const { ledger, book, id, total, totalCents, idleCents } = input
  const subject = book.subjects.get(id)
  const known = input.known.get(id)
  const volume = input.volumes.get(id)
  const isPod = id.startsWith('pod/')
  const state = isPod && input.states !== null ? (input.states.get(id) ?? 'gone') : null
  const goneAtMs = state === 'gone' ? (book.bookedUntilMs.get(id) ?? null) : null
  const { observedCents, unobservedComputeCents, diskCents } = splitCents(total, totalCents, isPod)
  const observedUsd = toUsd(observedCompute(total, isPod))
  return {
    id,
    kind: id === OTHER ? 'other' : id.startsWith('volume/') ? 'volume' : 'pod',
    name: subject?.name ?? known?.name ?? volume?.name ?? null,
    hardware: subject?.hardware ?? known?.hardware ?? volumeSize(volume),
    state,
    goneAtMs: goneAtMs !== null && goneAtMs < book.endMs ? goneAtMs : null,
    onMs: total.onMs,
    rate: isPod
      ? hourlyRate(total.onMs, observedCents, observedUsd, observedCents === 0 && total.isAtLeast)
      : null,
    billing: billingOf(ledger, book.month, id),
    totalCents,
    computeCents: observedCents + unobservedComputeCents,
    diskCents,
    idleCents,
    unobservedCents: isPod ? Math.min(totalCents, roundedCents(total.unobserved)) : 0,
    unobservedComputeCents,
    spent: toSpendView(total, false),
  }
}

const volumeSize = (volume: NetworkVolume | undefined): string | null =>
  volume === undefined || volume.sizeGb === null ? null : formatGb(volume.sizeGb)

const observedCompute = ({ likely, disk, unobservedCompute }: CostTotal, isPod: boolean): NanoUsd =>
  Math.max(0, likely - disk - (isPod ? unobservedCompute : 0))

/** The compute cost is rounded separately where it can be, so that it is the product of hours and price. */
function splitCents(
  total: CostTotal,
  totalCents: number,
  isPod: boolean,
): { observedCents: number; unobservedComputeCents: number; diskCents: number } {
  const observed = observedCompute(total, isPod)
  const unobserved = isPod ? total.unobservedCompute : 0
  const alone = roundedCents(observed)
  const [inSum = 0] = distributeCents([observed, unobserved, total.disk], totalCents)
  const restCents = totalCents - alone
  const canStandAlone = restCents >= 0 && (restCents === 0 || roundedCents(unobserved + total.disk) > 0)
  const observedCents = unobserved + total.disk === 0 ? totalCents : canStandAlone ? alone : inSum
  const leftCents = totalCents - observedCents
  const [unobservedComputeCents = 0, diskCents = 0] = distributeCentsWithin(
    [unobserved, total.disk],
    leftCents,
    [leftCents, leftCents],
  )
  return { observedCents, unobservedComputeCents, diskCents }
}
