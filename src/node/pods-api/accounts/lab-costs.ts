import { uncountedCents } from '../../../core/money/costs/lab-total'
import { createLedger } from '../../../core/money/ledger/ledger'
import { toCostsView } from '../../../core/money/costs/costs-view'
import { isMonth, monthOf } from '../../../core/money/ledger/months'
import type { AccountDetails } from '../../../core/pods-api/account-details'
import { costsFolder, openLedgerFiles } from '../../data-folder/records/ledger-files'
import { documentIdOf, gpuTypeOf, type ReadAccount } from './served-account'

const cents = (usd: number): number => Math.round(usd * 10_000) / 10_000

/** The month's total: what was counted, or what a lab's provider reports of the month where that is more. */
function totalOf({ month, labSpending }: AccountDetails): { totalUsd?: number; isAtLeast?: boolean } {
  if (month === null) return {}
  const { spentUsd, isAtLeast } = month
  const restCents = uncountedCents(labSpending, Math.round(spentUsd * 100))
  return { totalUsd: cents(spentUsd + restCents / 100), isAtLeast: isAtLeast && restCents === 0 }
}

/** What an account cost this month, as far as it is known, as `GET /costs` replies it. */
export function spentSoFar(details: AccountDetails): unknown {
  const { pods, month, perHourUsd } = details
  const running = pods.filter(({ phase }) => phase === 'running')
  const liveUsd = running.flatMap(({ costSinceStartUsd: usd }) => (usd === null ? [] : [usd]))
  // A sum of some of them would be too low.
  const isKnown = liveUsd.length === running.length
  return {
    summary: {
      ...totalOf(details),
      ...(month !== null && { idleUsd: cents(month.idleUsd) }),
      perHourUsd: cents(perHourUsd),
      liveRunning: {
        ...(isKnown && { costUsd: cents(liveUsd.reduce((sum, usd) => sum + usd, 0)) }),
        podCount: running.length,
      },
    },
    experiments: [],
  }
}

const CURRENT = 'current'

/** What the pods of an account cost in a month, in UTC. Null: it is none, or has not begun. */
export function monthPodCosts(
  folder: string,
  { account, details }: ReadAccount,
  asked: string,
  nowMs: number,
): unknown {
  const current = details.month?.month ?? monthOf(nowMs)
  const month = asked === CURRENT ? current : asked
  if (!isMonth(month) || month > monthOf(nowMs)) return null
  if (month === current) return thisMonth({ account, details }, current)
  const ledger = createLedger(openLedgerFiles(costsFolder(folder, account.id), () => false))
  const budget = { monthlyUsd: null, dailyUsd: null, monthShare: null, dayShare: null, passesAtMs: null }
  const { rows, totalCents, spent } = toCostsView(ledger, month, nowMs, {
    budget,
    forecast: null,
    billProblem: null,
  })
  return {
    month,
    totalUsd: totalCents / 100,
    isAtLeast: spent.isAtLeast || spent.mayMissPods,
    pods: rows.flatMap(({ id, kind, totalCents: podCents, idleCents }) =>
      kind === 'pod'
        ? [
            {
              podId: account.hubifyLabId === null ? id.replace('pod/', 'pod_') : id.replace('pod/', ''),
              costUsd: podCents / 100,
              idleCostUsd: idleCents / 100,
            },
          ]
        : [],
    ),
  }
}

function thisMonth({ account, details }: ReadAccount, month: string): unknown {
  const pods = details.pods.map((pod) => ({
    podId: documentIdOf(account, pod),
    gpuType: gpuTypeOf(pod),
    status: pod.phase,
    ...(pod.monthUsd !== null && { costUsd: cents(pod.monthUsd) }),
    ...(pod.idleMonthUsd !== null && { idleCostUsd: cents(pod.idleMonthUsd) }),
  }))
  // It includes pods that are gone and volumes.
  return { month, ...totalOf(details), pods }
}
