import { formatUsd } from '../../core/base/text/format'
import { budgetOf } from '../../core/settings/definitions/money-settings'
import { TypedField } from '../ui/controls/typed-field'
import { budgetFieldText } from './budget-text'

interface BudgetFieldProps {
  readonly label: string
  readonly help: string
  readonly budgetUsd: number | null
  readonly autoFocus?: boolean
  /** Resolves to the reason for a rejection, or to null. */
  readonly onCommit: (budgetUsd: number | null) => Promise<string | null>
}

/** A budget in USD as a person types it; none if the field is empty. */
export function BudgetField({ label, help, budgetUsd, autoFocus = false, onCommit }: BudgetFieldProps) {
  return (
    <TypedField
      label={label}
      help={help}
      kind="number"
      unit="USD"
      placeholder={budgetFieldText.none}
      autoFocus={autoFocus}
      value={budgetUsd === null ? '' : String(budgetUsd)}
      validate={(draft) =>
        draft.trim() === '' || budgetOf(draft.trim()) !== null ? null : budgetFieldText.problem
      }
      understood={understoodBudget}
      onCommit={(draft) => onCommit(draft.trim() === '' ? null : budgetOf(draft.trim()))}
    />
  )
}

/** Null where it is written as it is shown. */
function understoodBudget(draft: string): string | null {
  const usd = budgetOf(draft.trim())
  return usd === null || draft.trim() === String(usd) ? null : formatUsd(usd)
}
