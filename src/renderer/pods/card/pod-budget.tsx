import type { PodView } from '../../../core/view/snapshot'
import { podBudgetWords } from '../../money/spend-text'
import { useMirror } from '../../state/window-context'

/** How much of its own budget of the month a pod has spent; nothing where it has none, or nothing is counted. */
export function PodBudget({ pod }: { readonly pod: PodView }) {
  const budgetUsd = pod.guard.rules.monthlyBudgetUsd
  const spentUsd = useMirror(({ snapshot }) => snapshot?.money?.pods[pod.id]?.monthUsd ?? null)
  if (budgetUsd === undefined || spentUsd === null || pod.clusterId !== null) return null
  return (
    <div
      className={spentUsd >= budgetUsd ? 'remarks bad' : 'remarks'}
      title="Its own budget, by months of UTC"
    >
      <p>{podBudgetWords(spentUsd, budgetUsd)}</p>
    </div>
  )
}
