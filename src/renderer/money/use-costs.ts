import { useEffect, useState } from 'react'
import { formatUsd } from '../../core/base/format'
import type { CostsView } from '../../core/money/costs/costs-view'
import type { Month } from '../../core/money/ledger/months'
import { fail } from '../../core/base/result'
import { useMirror, useWindow } from '../state/window-context'

export interface ShownCosts {
  /** Null: not read yet. */
  readonly costs: CostsView | null
  /** Why the last reading failed; what was read before is still there. */
  readonly problem: string | null
  readonly readAgain: () => void
}

/** A month's costs (null: the current one), read again whenever what the account spent shows differently. */
export function useCosts(month: Month | null): ShownCosts {
  const { bridge } = useWindow()
  const accountId = useMirror(({ snapshot }) => snapshot?.account?.id ?? null)
  const figures = useMirror(({ snapshot }) =>
    snapshot === null || snapshot.money === null
      ? null
      : JSON.stringify([
          snapshot.money.month,
          formatUsd(snapshot.money.spent.usd),
          snapshot.money.billedUntilMs,
          snapshot.money.billProblem,
          snapshot.money.budget.monthlyUsd,
        ]),
  )
  /** Of another account or month nothing that is known holds. */
  const source = JSON.stringify([accountId, month])
  const [known, setKnown] = useState<{ readonly source: string; readonly costs: CostsView } | null>(null)
  const [failed, setFailed] = useState<{ readonly source: string; readonly why: string } | null>(null)
  const [tries, setTries] = useState(0)

  useEffect(() => {
    let isAwaited = true
    void bridge
      .costs(month)
      .catch(() => fail({ message: 'Podkeeper did not answer.' }))
      .then((answer) => {
        if (!isAwaited) return
        setFailed(answer.ok ? null : { source, why: answer.error.message })
        if (answer.ok) setKnown({ source, costs: answer.value })
      })
    return () => {
      isAwaited = false
    }
  }, [bridge, month, source, figures, tries])

  return {
    costs: known?.source === source ? known.costs : null,
    problem: failed?.source === source ? failed.why : null,
    readAgain: () => setTries((count) => count + 1),
  }
}
