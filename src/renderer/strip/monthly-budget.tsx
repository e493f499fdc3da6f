import { BudgetField } from '../money/budget-field'
import { isTogether } from '../state/account-parts'
import { useChangeSetting } from '../state/hooks/use-change-setting'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { monthlyBudgetText } from './monthly-budget-text'

export interface MonthlyBudgetProps {
  readonly budgetUsd: number | null
  /** Called once it is saved. */
  readonly onDone: () => void
}

/** The field of the monthly budget of what is shown, one account or all. */
export function MonthlyBudget({ budgetUsd, onDone }: MonthlyBudgetProps) {
  const save = useSaveBudget(budgetUsd)
  return (
    <BudgetField
      label={monthlyBudgetText.label}
      help={monthlyBudgetText.help}
      budgetUsd={budgetUsd}
      autoFocus
      onCommit={async (usd) => {
        const refusal = await save(usd)
        if (refusal === null) onDone()
        return refusal
      }}
    />
  )
}

/** Saves the budget of the account that is shown, or of all. Resolves to the reason for a rejection, or to null. */
function useSaveBudget(beforeUsd: number | null) {
  const { bridge, snapshotStore } = useWindow()
  const changeSetting = useChangeSetting()
  const account = useSnapshotStore((state) => {
    const accounts = state.snapshot?.accounts ?? []
    if (accounts.length < 2 || isTogether(state)) return null
    return accounts.find(({ entry }) => entry.id === state.shownAccountId)?.entry ?? null
  })
  return async (usd: number | null): Promise<string | null> => {
    if (account === null) return changeSetting('monthlyBudgetUsd', textOf(usd), textOf(beforeUsd))
    const change = (monthlyBudgetUsd: number | null) => bridge.changeAccount(account.id, { monthlyBudgetUsd })
    const saved = await change(usd)
    if (!saved.ok) return saved.error.message
    const undo = () =>
      void snapshotStore.runRequest(monthlyBudgetText.couldNotUndo(account.name), change(beforeUsd))
    snapshotStore.showToast('ok', monthlyBudgetText.saved(account.name, usd), undo)
    return null
  }
}

const textOf = (usd: number | null): string | null => (usd === null ? null : String(usd))
