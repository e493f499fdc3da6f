import { Dialog, Popover, type PopoverProps } from 'react-aria-components'
import { lazyPart } from '../ui/lazy-part'
import type { MonthlyBudgetProps } from './monthly-budget'
import { stripText } from './strip-text'

const monthlyBudget = lazyPart(
  () => import('./monthly-budget').then(({ MonthlyBudget }) => MonthlyBudget),
  stripText.couldNotLoadBudget,
)

type BudgetPopoverProps = MonthlyBudgetProps & Pick<PopoverProps, 'triggerRef' | 'isOpen' | 'onOpenChange'>

/** The monthly budget, to be typed in place. */
export function BudgetPopover({ budgetUsd, onDone, ...popover }: BudgetPopoverProps) {
  return (
    <Popover className="menu-popover strip-details" placement="bottom start" offset={6} {...popover}>
      <Dialog className="details" aria-label={stripText.monthlyBudget}>
        <monthlyBudget.Component budgetUsd={budgetUsd} onDone={onDone} />
      </Dialog>
    </Popover>
  )
}
