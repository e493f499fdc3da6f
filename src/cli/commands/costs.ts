import { formatUsd } from '../../core/base/format'
import { type CostsBy, type CostsLine, costsLines, costsTableCsv } from '../../core/money/costs/costs-table'
import { type CostsView, toCostsView } from '../../core/money/costs/costs-view'
import { type BillOddity, oddityText, validateBill } from '../../core/money/ledger/bills'
import { createLedger, type Ledger } from '../../core/money/ledger/ledger'
import { oldestMonth } from '../../core/money/ledger/ledger-books'
import { isMonth, type Month, monthEnd, monthOf, monthStart } from '../../core/money/ledger/months'
import type { Clock } from '../../core/base/clock'
import { billKinds, type Provider, type ProviderError } from '../../core/pods/provider'
import type { LedgerFiles } from '../../core/money/ledger/ledger-files'
import { DAY_MS, HOUR_MS } from '../../core/base/time'
import { CliExit, exitCodes } from '../output/exit'
import { JSON_VERSION } from '../output/json'
import { span, type StyledLine } from '../output/color'
import { type Column, tableLines } from '../output/table'

const CHUNK_MS = 7 * DAY_MS

/** What is known of a month's costs. */
export interface MonthCosts {
  readonly view: CostsView
  /** Sentences on what could not be read. */
  readonly unread: readonly string[]
  /** Something that could not be read may have cost money, so the amounts are minimums. */
  readonly isIncomplete: boolean
}

interface CostSources {
  readonly provider: Provider
  readonly files: LedgerFiles
  readonly clock: Clock
}

/**
 * What a month cost: as counted by the app, if it did, and as currently billed. Throws a `CliExit` for a month that has
 * not begun or is too old, and when nothing of it is known. See docs/product-rules.md#57-unreadable-amounts.
 */
export async function readCosts(
  monthOption: string | undefined,
  { provider, files, clock }: CostSources,
): Promise<MonthCosts> {
  const nowMs = clock.now().wallMs
  const month = monthOption ?? monthOf(nowMs)
  if (!isMonth(month) || month > monthOf(nowMs))
    throw new CliExit(exitCodes.usage, `${month} is no month that has begun; give one such as 2026-11.`)
  const oldest = oldestMonth(nowMs)
  if (month < oldest)
    throw new CliExit(
      exitCodes.failed,
      `What ${month} cost is not known any more: costs are kept for 13 months, so ${oldest} is the oldest.`,
    )
  const ledger = createLedger(files)
  const bills = await readMonthBills(ledger, month, provider, clock)
  const { problem } = bills
  const { subjects } = ledger.book(month)
  const listProblem = files.listProblem()
  const ofFiles = [
    ...(listProblem === null ? [] : [`What was counted cannot be listed: ${listProblem}.`]),
    ...ledger.drainProblems().filter((text) => text.includes(month)),
  ]
  if (problem !== null && subjects.size === 0)
    throw new CliExit(bills.exitCode, `The bills cannot be read: ${problem}`)
  const budget = { monthlyUsd: null, dailyUsd: null, monthShare: null, dayShare: null, passesAtMs: null }
  const view = toCostsView(ledger, month, nowMs, { budget, forecast: null, billProblem: problem })
  const unread = [...ofFiles, ...bills.oddities]
  const isIncomplete = problem !== null || ofFiles.length > 0 || bills.isIncomplete
  if (isIncomplete && view.spent.maxUsd === 0)
    throw new CliExit(
      bills.exitCode,
      [`What ${month} cost could not be read.`, ...(problem === null ? [] : [problem]), ...unread].join(' '),
    )
  return { view, unread, isIncomplete }
}

interface MonthBills {
  /** Why some bills of the month could not be read; null if all were. */
  readonly problem: string | null
  /** For a month of which nothing is known. */
  readonly exitCode: number
  readonly oddities: readonly string[]
  readonly isIncomplete: boolean
}

/** Anomalies of rows that may have cost money and count nothing. */
const unreadableOddities: readonly BillOddity[] = ['too-large', 'not-an-hour']

async function readMonthBills(
  ledger: Ledger,
  month: Month,
  provider: Provider,
  clock: Clock,
): Promise<MonthBills> {
  const found = new Map(
    billKinds.map((kind) => [kind, { oddities: new Map<BillOddity, number>(), unreadable: 0 }]),
  )
  const ended = (problem: string | null, exitCode: number = exitCodes.failed): MonthBills => ({
    problem,
    exitCode,
    oddities: [...found].flatMap(([kind, of]) => oddityText(kind, of.oddities, of.unreadable) ?? []),
    isIncomplete: [...found.values()].some(
      ({ oddities, unreadable }) =>
        unreadable > 0 || unreadableOddities.some((oddity) => oddities.has(oddity)),
    ),
  })
  if (!provider.readBills) return ended('There are none.')
  const untilMs = Math.min(monthEnd(month), Math.floor(clock.now().wallMs / HOUR_MS) * HOUR_MS + HOUR_MS)
  for (let fromMs = monthStart(month); fromMs < untilMs; fromMs += CHUNK_MS) {
    const toMs = Math.min(untilMs, fromMs + CHUNK_MS)
    for (const [kind, of] of found) {
      const requestedAtMs = clock.now().wallMs
      const read = await provider.readBills(kind, fromMs, toMs)
      if (!read.ok) return ended(read.error.message, exitCodeOf(read.error))
      const bill = { kind, requestedAtMs, fromMs, toMs, rows: read.value.rows }
      of.unreadable += read.value.unreadableCount
      for (const [oddity, rows] of validateBill(bill).oddities)
        of.oddities.set(oddity, (of.oddities.get(oddity) ?? 0) + rows.size)
      ledger.applyBill(bill)
    }
  }
  return ended(null)
}

function exitCodeOf({ kind }: ProviderError): number {
  if (kind === 'unauthorized') return exitCodes.noKey
  const isUnanswered = kind === 'unreachable' || kind === 'unreadable' || kind === 'rate-limited'
  return isUnanswered ? exitCodes.unreachable : exitCodes.failed
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
export function costsText(
  { view, unread, isIncomplete }: MonthCosts,
  by: CostsBy,
  width: number,
): readonly StyledLine[] {
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
    ...unread,
  ]
  return [
    ...tableLines(columns(by), costsLines(view, by), width),
    [],
    [
      span(
        `${month} (UTC): ${isIncomplete ? 'at least ' : ''}${formatUsd(view.totalCents / 100)}${range}${estimated}`,
        'strong',
      ),
    ],
    ...notes.map((note): StyledLine => [span(note, 'dim')]),
  ]
}

export const costsCsvText = ({ view }: MonthCosts, by: CostsBy): string =>
  costsTableCsv(costsLines(view, by)).trimEnd()

/** The shape printed by `costs --json`; see json.ts for its guarantees. Amounts are USD. */
export function costsJson({ view, unread, isIncomplete }: MonthCosts, by: CostsBy): unknown {
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
    isAtLeast: spent.isAtLeast || isIncomplete,
    mayMissPods: spent.mayMissPods,
    billProblem: view.billProblem,
    unread,
    rows: costsLines(view, by).map((line) => ({
      id: line.id,
      name: line.name,
      hardware: line.hardware,
      hours: line.hours,
      totalUsd: toUsd(line.totalCents),
      computeUsd: toUsd(line.computeCents),
      diskUsd: toUsd(line.diskCents),
      idleUsd: toUsd(line.idleCents),
      unobservedUsd: toUsd(line.unobservedCents),
      billedUsd: line.billedUsd,
    })),
  }
}
