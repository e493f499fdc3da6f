import './strip.css'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { shortcutLabel } from '../ui/shortcut-label'
import { uiText } from '../ui/ui-text'
import { BalancePart } from './balance-part'
import { BudgetPart, SetBudgetButton } from './budget-part'
import { IdlePart } from './idle-part'
import { RatePart } from './rate-part'
import { stripText } from './strip-text'

/**
 * Money and idle pods in one line above every page. Each figure opens its details. See
 * docs/product-rules.md#71-windows.
 */
export function Strip() {
  const money = useSnapshotStore(({ snapshot }) => snapshot?.money ?? null)
  return (
    <section className="strip" aria-label={stripText.label}>
      {money !== null && (
        <>
          <BudgetPart money={money} />
          {money.budget.monthlyUsd === null && <SetBudgetButton />}
        </>
      )}
      <RatePart />
      <BalancePart />
      <IdlePart isFilterOffered />
      <PaletteButton />
    </section>
  )
}

/** Opens the command palette; looks like its search field. */
function PaletteButton() {
  const { snapshotStore } = useWindow()
  return (
    <Button kind="palette-open" icon="search" onPress={() => snapshotStore.openDialog({ kind: 'palette' })}>
      <span className="palette-word">{uiText.searchOrRun}</span>
      <kbd aria-hidden="true">{shortcutLabel('K')}</kbd>
    </Button>
  )
}
