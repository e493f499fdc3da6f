import type { PodView } from '../../../core/view/snapshot'
import { podBudgetText } from '../../money/spend-text'
import { cardText } from './card-text'

/**
 * Spending of a pod against its own monthly budget; renders nothing without a budget or without cost data.
 */
export function PodBudget({ pod }: { readonly pod: PodView }) {
  const budgetUsd = pod.guard.rules.monthlyBudgetUsd
  const spentUsd = pod.money?.monthUsd ?? null
  if (budgetUsd === undefined || spentUsd === null || pod.clusterId !== null) return null
  return (
    <div className={spentUsd >= budgetUsd ? 'remarks bad' : 'remarks'} title={cardText.monthlyBudget}>
      <p>{podBudgetText(spentUsd, budgetUsd)}</p>
    </div>
  )
}
