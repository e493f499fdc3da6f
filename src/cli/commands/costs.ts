import { formatUsd } from '../../core/base/format'
import { type CostsBy, type CostsLine, costsLines, costsTableCsv } from '../../core/money/costs/costs-table'
import { type CostsView, toCostsView } from '../../core/money/costs/costs-view'
import { createLedger, type Ledger } from '../../core/money/ledger/ledger'
import { isMonth, type Month, monthEnd, monthOf, monthStart } from '../../core/money/ledger/months'
import type { Clock } from '../../core/base/clock'
import { billKinds, type Provider } from '../../core/pods/provider'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import { DAY_MS, HOUR_MS } from '../../core/base/time'
import { CliExit, exitCodes } from '../output/exit'
import { JSON_VERSION } from '../output/json'
import { span, type StyledLine } from '../output/color'
import { type Column, tableLines } from '../output/table'

const CHUNK_MS = 7 * DAY_MS

/**
 * What a month cost: as counted by the app, if it did, and as currently billed. Throws a `CliExit` for an invalid
 * month, and if neither is available.
 */
export async function readCosts(
  monthOption: string | undefined,
  {
    provider,
    files,
    clock,
  }: { readonly provider: Provider; readonly files: LedgerFiles; readonly clock: Clock },
): Promise<CostsView> {
  const nowMs = clock.now().wallMs
  const month = monthOption ?? monthOf(nowMs)
  if (!isMonth(month) || month > monthOf(nowMs))
    throw new CliExit(exitCodes.usage, `${month} is no month that has begun; give one such as 2026-11.`)
  const ledger = createLedger(files)
  const problem = await readMonthBills(ledger, month, provider, clock)
  if (problem !== null && ledger.book(month).subjects.size === 0)
    throw new CliExit(exitCodes.unreachable, `The bills cannot be read: ${problem}`)
  const budget = { monthlyUsd: null, dailyUsd: null, monthShare: null, dayShare: null, passesAtMs: null }
  return toCostsView(ledger, month, nowMs, { budget, forecast: null, billProblem: problem })
}

/** User-facing text on why some bills of the month could not be read; null if all were. */
async function readMonthBills(
  ledger: Ledger,
  month: Month,
  provider: Provider,
  clock: Clock,
): Promise<string | null> {
  if (!provider.readBills) return 'There are none.'
  const untilMs = Math.min(monthEnd(month), Math.floor(clock.now().wallMs / HOUR_MS) * HOUR_MS + HOUR_MS)
  for (let fromMs = monthStart(month); fromMs < untilMs; fromMs += CHUNK_MS) {
    const toMs = Math.min(untilMs, fromMs + CHUNK_MS)
    for (const kind of billKinds) {
      const askedAtMs = clock.now().wallMs
      const read = await provider.readBills(kind, fromMs, toMs)
      if (!read.ok) return read.error.message
      ledger.applyBill({ kind, requestedAtMs: askedAtMs, fromMs, toMs, rows: read.value.rows })
    }
  }
  return null
}

const money = (cents: number | null): string => (cents === null ? '' : formatUsd(cents / 100))

const columns = (by: CostsBy): readonly Column<CostsLine>[] => [
  {
    title: by === 'day' ? 'DAY' : by === 'gpu' ? 'GPU' : 'POD',
    align: 'left',
    dropPriority: 0,
    minWidth: 8,
    cell: ({ name }) => span(name),
  },
  {
    title: 'HARDWARE',
    align: 'left',
    dropPriority: 4,
    minWidth: 8,
    cell: ({ hardware }) => span(by === 'pod' ? (hardware ?? '') : ''),
  },
  {
    title: 'HOURS',
    align: 'right',
    dropPriority: 3,
    minWidth: null,
    cell: ({ hours }) => span(hours === null || hours === 0 ? '' : hours.toFixed(1)),
  },
  {
    title: 'IDLE',
    align: 'right',
    dropPriority: 2,
    minWidth: null,
    cell: ({ idleCents }) => span(money(idleCents)),
  },
  {
    title: 'COMPUTE',
    align: 'right',
    dropPriority: 1,
    minWidth: null,
    cell: ({ computeCents }) => span(money(computeCents)),
  },
  {
    title: 'DISK',
    align: 'right',
    dropPriority: 1,
    minWidth: null,
    cell: ({ diskCents }) => span(money(diskCents)),
  },
  {
    title: 'TOTAL',
    align: 'right',
    dropPriority: 0,
    minWidth: null,
    cell: ({ totalCents }) => span(money(totalCents), 'strong'),
  },
]

/** Formats the month as a table of at most `width` columns, and a line with the total. */
export function costsText(view: CostsView, by: CostsBy, width: number): readonly StyledLine[] {
  const { spent, month, billProblem } = view
  const estimated =
    spent.estimatedUsd > 0 ? ` · ${formatUsd(spent.estimatedUsd)} of it not billed for good yet` : ''
  const range =
    spent.maxUsd - spent.minUsd >= 0.01
      ? ` · between ${formatUsd(spent.minUsd)} and ${formatUsd(spent.maxUsd)}`
      : ''
  const notes = [
    ...(spent.isAtLeast ? ['A price is not known: it is at least this.'] : []),
    ...(spent.mayMissPods ? ['Nobody looked for a while: pods that came and went then may be missing.'] : []),
    ...(billProblem === null ? [] : [`The bills could not be read: ${billProblem}`]),
  ]
  return [
    ...tableLines(columns(by), costsLines(view, by), width),
    [],
    [span(`${month} (UTC): ${formatUsd(view.totalCents / 100)}${range}${estimated}`, 'strong')],
    ...notes.map((note): StyledLine => [span(note, 'dim')]),
  ]
}

export const costsCsvText = (view: CostsView, by: CostsBy): string =>
  costsTableCsv(costsLines(view, by)).trimEnd()

/** The shape printed by `costs --json`; see json.ts for its guarantees. Amounts are USD. */
export function costsJson(view: CostsView, by: CostsBy): unknown {
  const { spent } = view
  const toUsd = (cents: number | null): number | null => (cents === null ? null : cents / 100)
  return {
    version: JSON_VERSION,
    month: view.month,
    by,
    totalUsd: view.totalCents / 100,
    minUsd: spent.minUsd,
    maxUsd: spent.maxUsd,
    billedUsd: spent.billedUsd,
    idleUsd: spent.idleUsd,
    isAtLeast: spent.isAtLeast,
    mayMissPods: spent.mayMissPods,
    billProblem: view.billProblem,
    rows: costsLines(view, by).map((line) => ({
      id: line.id,
      name: line.name,
      hardware: line.hardware,
      hours: line.hours,
      totalUsd: toUsd(line.totalCents),
      computeUsd: toUsd(line.computeCents),
      diskUsd: toUsd(line.diskCents),
      idleUsd: toUsd(line.idleCents),
      billedUsd: line.billedUsd,
    })),
  }
}
