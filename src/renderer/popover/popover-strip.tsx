import '../strip/strip.css'
import { ConnectionStatus } from '../shell/connection-status'
import { useSnapshotStore } from '../state/window-context'
import { BalancePart } from '../strip/balance-part'
import { BudgetPart, SetBudgetButton } from '../strip/budget-part'
import { IdlePart } from '../strip/idle-part'
import { RatePart } from '../strip/rate-part'
import { stripText } from '../strip/strip-text'

/** Money, idle pods and the age of the data in two lines. Each figure opens its details. */
export function PopoverStrip() {
  const money = useSnapshotStore(({ snapshot }) => snapshot?.money ?? null)
  return (
    <section className="pop-strip" aria-label={stripText.label}>
      {money !== null && (
        <div>
          <BudgetPart money={money} />
          {money.budget.monthlyUsd === null && <SetBudgetButton />}
        </div>
      )}
      <div>
        <RatePart />
        <BalancePart />
        <IdlePart isFilterOffered={false} />
        <ConnectionStatus isShort />
      </div>
    </section>
  )
}
