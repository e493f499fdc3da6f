import { type CostsView, toCostsView } from '../../../core/money/costs/costs-view'
import { type BillOddity, oddityText, validateBill } from '../../../core/money/ledger/bills'
import { createLedger, type Ledger } from '../../../core/money/ledger/ledger'
import { oldestMonth } from '../../../core/money/ledger/ledger-books'
import { isMonth, type Month, monthEnd, monthOf, monthStart } from '../../../core/money/ledger/months'
import type { Clock } from '../../../core/base/time/clock'
import {
  billKinds,
  type LabSpending,
  type PodList,
  type Provider,
  type ProviderError,
} from '../../../core/pods/provider'
import { uncountedCents } from '../../../core/money/costs/lab-total'
import { observedSubject } from '../../../core/money/pod-recorder'
import type { Result } from '../../../core/base/result'
import type { LedgerFiles } from '../../../core/money/ledger/ledger-files'
import { DAY_MS, HOUR_MS } from '../../../core/base/time/time'
import { CliExit, exitCodes } from '../../output/exit'
import { costProblemsText } from './cost-problems-text'

const CHUNK_MS = 7 * DAY_MS

/** What is known of a month's costs. */
export interface MonthCosts {
  readonly view: CostsView
  /** Sentences on what could not be read. */
  readonly unread: readonly string[]
  /** Something that could not be read may have cost money, so the amounts are minimums. */
  readonly isIncomplete: boolean
  /** What a lab has spent as its provider reports it; null: it is none, or does not say. */
  readonly labSpending: LabSpending | null
  /** What its provider reports of this month beyond what was counted of its pods, whole cents. */
  readonly uncountedCents: number
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
    throw new CliExit(exitCodes.usage, costProblemsText.notAMonth(month))
  const oldest = oldestMonth(nowMs)
  if (month < oldest) throw new CliExit(exitCodes.failed, costProblemsText.tooOld(month, oldest))
  const ledger = createLedger(files)
  const isCurrent = month === monthOf(nowMs)
  const spending = isCurrent ? await provider.readLabSpending?.() : undefined
  const bills = await readMonthBills(ledger, month, provider, clock)
  const isUnobserved = !provider.readBills && ledger.book(month).subjects.size === 0
  const pods = isCurrent ? await readPods(ledger, provider, clock) : null
  const { problem } = bills
  const { subjects } = ledger.book(month)
  const listProblem = files.listProblem()
  const ofFiles = [
    ...(listProblem === null ? [] : [costProblemsText.notListed(listProblem)]),
    ...ledger.drainProblems().filter((text) => text.includes(month)),
  ]
  if (problem !== null && subjects.size === 0)
    throw new CliExit(bills.exitCode, costProblemsText.billsNotRead(problem))
  const budget = { monthlyUsd: null, dailyUsd: null, monthShare: null, dayShare: null, passesAtMs: null }
  const counted = toCostsView(ledger, month, nowMs, {
    budget,
    forecast: null,
    billProblem: problem,
    pods: pods?.ok && pods.value.isComplete ? pods.value.pods : null,
  })
  // No bill names the pods that came and went before.
  const spent = { ...counted.spent, mayMissPods: counted.spent.mayMissPods || isUnobserved }
  const view = { ...counted, spent }
  // What bills say is whole without the list, which only names their pods.
  const ofLab = [
    ...(spending?.ok === false ? [costProblemsText.hubifyNotRead(spending.error.message)] : []),
    ...(pods?.ok === false && !provider.readBills ? [costProblemsText.podsNotRead(pods.error.message)] : []),
  ]
  const unread = [...ofFiles, ...bills.oddities, ...ofLab]
  const isIncomplete = problem !== null || ofFiles.length > 0 || bills.isIncomplete || ofLab.length > 0
  if (isIncomplete && view.spent.maxUsd === 0 && !spending?.ok)
    throw new CliExit(
      problem === null && pods?.ok === false ? exitCodeOf(pods.error) : bills.exitCode,
      [costProblemsText.monthNotRead(month), ...(problem === null ? [] : [problem]), ...unread].join(' '),
    )
  const labSpending = spending?.ok ? spending.value : null
  return {
    view,
    unread,
    isIncomplete,
    labSpending,
    uncountedCents: uncountedCents(labSpending, view.totalCents),
  }
}

/**
 * Lists the pods, which have names that bills don't. Of a provider without bills, what they cost since they were last
 * observed is counted, too. See docs/product-rules.md#122-hubify.
 */
async function readPods(
  ledger: Ledger,
  provider: Provider,
  clock: Clock,
): Promise<Result<PodList, ProviderError>> {
  const atMs = Math.floor(clock.now().wallMs)
  const list = await provider.listPods()
  if (list.ok && !provider.readBills)
    ledger.observe({
      what: 'pods',
      atMs,
      // A pod that is missing once is not known to be gone.
      isComplete: false,
      possiblyPresent: new Set(),
      subjects: list.value.pods.map((pod) => observedSubject(pod, null)),
    })
  return list
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
  // Of a lab there is what is counted, and what its provider reports of all spending.
  if (!provider.readBills) return ended(provider.readLabSpending ? null : costProblemsText.noBills)
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
