import { useEffect, useState } from 'react'
import { formatUsd } from '../../../core/base/text/format'
import { MINUTE_MS } from '../../../core/base/time/time'
import type { CostsView } from '../../../core/money/costs/costs-view'
import type { AccountId } from '../../../core/pods/pod'
import type { Month } from '../../../core/money/ledger/months'
import { moneyOf } from '../../state/account-parts'
import { answerOf } from '../../state/answer-of'
import { shareStructure } from '../../state/share-structure'
import { useSnapshotStore, useWindow } from '../../state/window-context'

const RELOAD_MS = MINUTE_MS

export interface LoadedCosts {
  /** Null until loaded. */
  readonly costs: CostsView | null
  /** Error of the last load; earlier data is kept. */
  readonly problem: string | null
  readonly reload: () => void
}

/** An account's costs of a month (null: the current month), reloaded whenever the displayed spending changes. */
export function useCosts(accountId: AccountId | null, month: Month | null): LoadedCosts {
  const { bridge } = useWindow()
  const reloadKey = useSnapshotStore(({ snapshot }) => {
    const money = moneyOf(snapshot, accountId)
    if (money === null) return null
    const { month: moneyMonth, spent, billedUntilMs, billProblem, budget, isReadingBills } = money
    return JSON.stringify([
      moneyMonth,
      formatUsd(spent.usd),
      billedUntilMs,
      billProblem,
      isReadingBills === true,
      budget.monthlyUsd,
      // What a stop saves, and what is left of today, change while nothing is spent.
      Math.floor((snapshot?.atMs ?? 0) / RELOAD_MS),
    ])
  })
  /** Identifies account and month. Costs loaded for another source are discarded. */
  const source = JSON.stringify([accountId, month])
  const [loaded, setLoaded] = useState<{ readonly source: string; readonly costs: CostsView } | null>(null)
  const [failure, setFailure] = useState<{ readonly source: string; readonly reason: string } | null>(null)
  const [reloadCount, setReloadCount] = useState(0)

  useEffect(() => {
    if (accountId === null) return undefined
    let isActive = true
    void answerOf(bridge.costs(accountId, month)).then((answer) => {
      if (!isActive) return
      setFailure(answer.ok ? null : { source, reason: answer.error.message })
      if (answer.ok) setLoaded((last) => shareStructure(last, { source, costs: answer.value }))
    })
    return () => {
      isActive = false
    }
  }, [bridge, accountId, month, source, reloadKey, reloadCount])

  return {
    costs: loaded?.source === source ? loaded.costs : null,
    problem: failure?.source === source ? failure.reason : null,
    reload: () => setReloadCount((count) => count + 1),
  }
}
