import { formatUsd } from '../../../core/base/text/format'
import { labSpendingText } from '../../../core/money/lab-spending-text'
import {
  type CostsBy,
  type CostsLine,
  costsLines,
  costsTableCsv,
} from '../../../core/money/costs/costs-table'
import type { AccountFailure } from '../../account/account'
import { span, type StyledLine } from '../../output/color'
import { accountJson, JSON_VERSION, type NamedAccount } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import type { MonthCosts } from './costs'
import { costProblemsText } from './cost-problems-text'

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

/** The lines of the table, with one for what only a lab's provider counted. */
function linesOf({ view, uncountedCents }: MonthCosts, by: CostsBy): readonly CostsLine[] {
  const lines = costsLines(view, by)
  if (uncountedCents === 0) return lines
  const rest: CostsLine = {
    id: 'lab',
    name: costProblemsText.notCounted,
    hardware: null,
    hours: null,
    totalCents: uncountedCents,
    computeCents: null,
    diskCents: null,
    idleCents: 0,
    unobservedCents: uncountedCents,
    billedUsd: 0,
  }
  return [...lines, rest]
}

/** USD: what was counted, or what a lab's provider reports where that is more. */
const totalUsd = ({ view, uncountedCents }: MonthCosts): number => (view.totalCents + uncountedCents) / 100

/** Formats the month as a table of at most `width` columns, and a line with the total. */
function costsText(costs: MonthCosts, by: CostsBy, width: number): readonly StyledLine[] {
  const { view, unread, isIncomplete, labSpending } = costs
  const { spent, month, billProblem } = view
  const estimated =
    spent.estimatedUsd > 0 ? ` · of which ${formatUsd(spent.estimatedUsd)} is not final yet` : ''
  const range =
    costs.uncountedCents === 0 && spent.maxUsd - spent.minUsd >= 0.01
      ? ` · between ${formatUsd(spent.minUsd)} and ${formatUsd(spent.maxUsd)}`
      : ''
  const notes = [
    ...(spent.isAtLeast ? [costProblemsText.aPriceIsUnknown] : []),
    ...(spent.mayMissPods ? [costProblemsText.mayMissPods] : []),
    ...(billProblem === null ? [] : [costProblemsText.billsNotRead(billProblem)]),
    ...(labSpending === null ? [] : [labSpendingText(labSpending, true)]),
    ...unread,
  ]
  return [
    ...tableLines(columns(by), linesOf(costs, by), width),
    [],
    [
      span(
        `${month} (UTC): ${isIncomplete ? 'at least ' : ''}${formatUsd(totalUsd(costs))}${range}${estimated}`,
        'strong',
      ),
    ],
    ...notes.map((note): StyledLine => [span(note, 'dim')]),
  ]
}

/** What a month cost one of the accounts. */
export interface AccountCosts {
  readonly account: NamedAccount
  readonly month: MonthCosts
}

/** Formats the costs of each account and their sum. `hasFailures`: there are accounts of which nothing is known. */
export function allCostsText(
  costs: readonly AccountCosts[],
  hasFailures: boolean,
  by: CostsBy,
  width: number,
): readonly StyledLine[] {
  const [first] = costs
  if (first === undefined) return []
  if (costs.length === 1 && !hasFailures) return costsText(first.month, by, width)
  const sum = sumOf(costs, hasFailures)
  return [
    ...costs.flatMap(({ account, month }): StyledLine[] => [
      [span(account.name, 'strong')],
      ...costsText(month, by, width),
      [],
    ]),
    [
      span(
        `${first.month.view.month} (UTC), all accounts: ${sum.isAtLeast ? 'at least ' : ''}${formatUsd(sum.totalUsd)}`,
        'strong',
      ),
    ],
  ]
}

export function costsCsvText(costs: readonly AccountCosts[], hasSeveral: boolean, by: CostsBy): string {
  const lines = costs.flatMap(({ account, month }) =>
    linesOf(month, by).map((line) => ({ ...line, ...(hasSeveral && { account: account.name }) })),
  )
  return costsTableCsv(lines).trimEnd()
}

/** The shape printed by `costs --json`; see json.ts for its guarantees. Amounts are USD. */
export function costsJson(
  costs: readonly AccountCosts[],
  failures: readonly AccountFailure[],
  by: CostsBy,
): unknown {
  const hasSeveral = costs.length + failures.length > 1
  const unreadOf = ({ account, month: { unread } }: AccountCosts): string[] =>
    unread.map((text) => (hasSeveral ? `${account.name}: ${text}` : text))
  const { isAtLeast, ...sum } = sumOf(costs, failures.length > 0)
  return {
    version: JSON_VERSION,
    month: costs[0]?.month.view.month ?? null,
    by,
    ...sum,
    isAtLeast,
    mayMissPods: costs.some(({ month }) => month.view.spent.mayMissPods),
    billProblem: costs.map(({ month }) => month.view.billProblem).find((text) => text !== null) ?? null,
    unread: [...costs.flatMap(unreadOf), ...failures.map(({ name, exit }) => `${name}: ${exit.message}`)],
    accounts: [
      ...costs.map(({ account, month }) => ({
        ...accountJson(account),
        problem: null,
        ...monthJson(month),
        billProblem: month.view.billProblem,
        unread: month.unread,
        labSpending: month.labSpending,
      })),
      ...failures.map(({ name, exit }) => ({ id: null, name, problem: exit.message })),
    ],
    rows: costs.flatMap(({ account, month }) =>
      linesOf(month, by).map((line) => ({ ...rowJson(line), account: accountJson(account) })),
    ),
  }
}

function monthJson(month: MonthCosts) {
  const { isIncomplete } = month
  const { spent } = month.view
  return {
    totalUsd: totalUsd(month),
    minUsd: minUsd(month),
    maxUsd: Math.max(spent.maxUsd, minUsd(month)),
    billedUsd: spent.billedUsd,
    idleUsd: spent.idleUsd,
    isAtLeast: spent.isAtLeast || isIncomplete,
    mayMissPods: spent.mayMissPods,
  }
}

/** What its provider reports of the month is spent. */
const minUsd = (month: MonthCosts): number =>
  month.uncountedCents > 0 ? totalUsd(month) : month.view.spent.minUsd

function sumOf(costs: readonly AccountCosts[], hasFailures: boolean) {
  const sum = (amount: (month: MonthCosts) => number): number =>
    costs.reduce((total, { month }) => total + amount(month), 0)
  return {
    totalUsd: sum(({ view, uncountedCents }) => view.totalCents + uncountedCents) / 100,
    minUsd: sum(minUsd),
    maxUsd: sum((month) => Math.max(month.view.spent.maxUsd, minUsd(month))),
    billedUsd: sum(({ view }) => view.spent.billedUsd),
    idleUsd: sum(({ view }) => view.spent.idleUsd),
    isAtLeast: hasFailures || costs.some(({ month }) => month.view.spent.isAtLeast || month.isIncomplete),
  }
}

const toUsd = (cents: number | null): number | null => (cents === null ? null : cents / 100)

const rowJson = (line: CostsLine) => ({
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
})
