import type { BillKind, BillRow } from '../../src/core/pods/provider'
import { HOUR_MS } from '../../src/core/base/time/time'
import { type Charge, chargeMicroUsd } from '../../src/simulator/ledger/ledger'
import { usdOf } from '../../src/simulator/ledger/rates'
import type { World } from '../../src/simulator/world/world'

/** An hour that is too low on the bill until it is corrected. */
export interface LateCorrection {
  readonly ownerId: string
  readonly startMs: number
  readonly correctedAtMs: number
  /** The share of the true amount that the bill shows until then; 0 if the row is missing. */
  readonly share: number
}

export interface BillingTerms {
  /** How late a cost appears on the bill. */
  readonly lagMs: number
  readonly corrections: readonly LateCorrection[]
}

/** Bills are created every five minutes. */
const EVERY_MS = 5 * 60_000

interface HourRow {
  readonly subjectId: string | null
  readonly total: number
  readonly disk: number
}

/** The bill at `nowMs` for the hours from `fromMs` up to, but not including, `toMs`. */
export type Bills = (
  kind: BillKind,
  span: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
) => readonly BillRow[]

export function createBills(world: World, terms: BillingTerms): Bills {
  const { ledger } = world
  /** An hour that is billed completely doesn't change. */
  const whole = new Map<string, readonly HourRow[]>()

  function rowsOf(kind: BillKind, startMs: number, untilMs: number): readonly HourRow[] {
    const endMs = startMs + HOUR_MS
    const key = `${kind}/${startMs}`
    const known = whole.get(key)
    if (known) return known
    const rows = new Map<string | null, { subjectId: string | null; total: number; disk: number }>()
    for (const charge of ledger.charges()) {
      if (charge.fromMs >= endMs || (charge.toMs ?? endMs) <= startMs || kindOf(charge) !== kind) continue
      const amount = chargeMicroUsd(charge, startMs, Math.min(untilMs, endMs))
      if (amount <= 0) continue
      const subjectId = kind === 'total' ? null : charge.owner.id
      const row = rows.get(subjectId) ?? { subjectId, total: 0, disk: 0 }
      row.total += amount
      if (charge.kind !== 'gpu' && charge.kind !== 'cpu') row.disk += amount
      rows.set(subjectId, row)
    }
    const made = [...rows.values()]
    if (endMs <= untilMs) whole.set(key, made)
    return made
  }

  return (kind, span, nowMs) => {
    const untilMs = Math.floor((nowMs - terms.lagMs) / EVERY_MS) * EVERY_MS
    const rows: BillRow[] = []
    const firstMs = Math.max(span.fromMs, world.time.startedAtMs)
    for (let startMs = firstMs; startMs < Math.min(span.toMs, untilMs); startMs += HOUR_MS)
      for (const { subjectId, total, disk } of rowsOf(kind, startMs, untilMs)) {
        const share = shareOf(terms, subjectId, startMs, nowMs)
        const [totalUsd, diskUsd] = [usdOf(Math.round(total * share)), usdOf(Math.round(disk * share))]
        if (share > 0) rows.push({ subjectId, startMs, endMs: startMs + HOUR_MS, totalUsd, diskUsd })
      }
    return rows
  }
}

function kindOf({ owner }: Charge): BillKind {
  if (owner.kind === 'volume') return 'volumes'
  return owner.clusterId === null ? 'pods' : 'total'
}

function shareOf(terms: BillingTerms, ownerId: string | null, startMs: number, nowMs: number): number {
  const pending = terms.corrections.find(
    (each) => each.ownerId === ownerId && each.startMs === startMs && nowMs < each.correctedAtMs,
  )
  return pending?.share ?? 1
}
