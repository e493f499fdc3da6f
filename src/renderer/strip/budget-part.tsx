import { useRef, useState } from 'react'
import { Dialog, DialogTrigger, Popover, type PopoverProps } from 'react-aria-components'
import type { MoneyView } from '../../core/money/money-view'
import { atLeastPrefix, meterBarText, nameOfMonth, READING } from '../money/spend-text'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { lazyPart } from '../ui/lazy-part'
import type { MonthlyBudgetProps } from './monthly-budget'
import { DetailRows, StripPart } from './strip-part'
import { budgetNotes, budgetRows, isForecastOver, stripMeter, stripText, stripUsd } from './strip-text'

const monthlyBudget = lazyPart(
  () => import('./monthly-budget').then(({ MonthlyBudget }) => MonthlyBudget),
  stripText.couldNotLoadBudget,
)

/** What the month cost of its budget, and what it will cost. */
export function BudgetPart({ money }: { readonly money: MoneyView }) {
  const { spent, budget, forecast, month } = money
  const isReading = money.isReadingBills === true
  const isSpent = budget.monthShare !== null && budget.monthShare >= 1
  const isOver = isForecastOver(budget, forecast)
  const [isChanging, setChanging] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <StripPart
        label={stripText.spending}
        anchor={anchor}
        details={(close) => (
          <BudgetDetails money={money} close={close} onChangeBudget={() => setChanging(true)} />
        )}
      >
        <span className="unseen">{stripText.spentIn(nameOfMonth(month))} </span>
        {isReading ? (
          <b>
            {READING}
            <span className="unseen"> {stripText.readingBills}</span>
          </b>
        ) : (
          <b className={isSpent ? 'bad-text' : undefined}>
            {atLeastPrefix(spent)}
            {stripUsd(spent.usd)}
          </b>
        )}
        {budget.monthlyUsd === null ? (
          <span>{stripText.thisMonth}</span>
        ) : (
          <>
            <span>{stripText.ofBudget(stripUsd(budget.monthlyUsd))}</span>
            {isReading ? <span className="strip-meter" /> : <StripMeterBar money={money} />}
          </>
        )}
        {forecast !== null && budget.monthlyUsd !== null && !isReading && (
          <span className={isOver ? 'wide bad-text' : 'wide dim'}>
            {stripText.forecast(stripUsd(forecast.usd))}
          </span>
        )}
      </StripPart>
      <BudgetPopover
        budgetUsd={budget.monthlyUsd}
        triggerRef={anchor}
        isOpen={isChanging}
        onOpenChange={setChanging}
        onDone={() => setChanging(false)}
      />
    </>
  )
}

function StripMeterBar({ money }: { readonly money: MoneyView }) {
  const bar = stripMeter(money)
  if (bar === null) return null
  const { mark, spent, over, forecast } = bar
  const from = (start: number, end: number) => ({
    left: `${start * 100}%`,
    width: `${Math.max(0, end - start) * 100}%`,
  })
  return (
    <span
      className="strip-meter"
      role="img"
      aria-label={meterBarText(money.spent, money.budget, money.forecast)}
    >
      <span className="part left" style={from(0, mark)} />
      <span className="part spent" style={from(0, spent)} />
      {over > 0 && <span className="part over" style={from(mark, mark + over)} />}
      {forecast !== null && <span className="part ahead" style={from(mark + over, forecast)} />}
      <span className="mark" style={{ left: `${mark * 100}%` }} />
    </span>
  )
}

interface DetailsProps {
  readonly money: MoneyView
  readonly close: () => void
  readonly onChangeBudget: () => void
}

function BudgetDetails({ money, close, onChangeBudget }: DetailsProps) {
  const { navigate } = useWindow()
  const settings = useSettings()?.settings
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const alertShares =
    settings === undefined ? [] : [settings.budgetFirstPercent / 100, settings.budgetSecondPercent / 100]
  return (
    <>
      <DetailRows rows={budgetRows(money, alertShares, nowMs)} />
      {budgetNotes(money).map((note) => (
        <p key={note} className="cap">
          {note}
        </p>
      ))}
      <div className="actions">
        {money.budget.monthlyUsd !== null && (
          <Button
            onPress={() => {
              close()
              onChangeBudget()
            }}
          >
            {stripText.changeBudget}
          </Button>
        )}
        <Button
          kind="bare"
          onPress={() => {
            close()
            navigate('costs')
          }}
        >
          {stripText.openCosts}
        </Button>
      </div>
    </>
  )
}

/** Beside the month's spending where no budget is set. */
export function SetBudgetButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button>{stripText.setBudget}</Button>
      <BudgetPopover budgetUsd={null} onDone={() => setOpen(false)} />
    </DialogTrigger>
  )
}

type BudgetPopoverProps = MonthlyBudgetProps & Pick<PopoverProps, 'triggerRef' | 'isOpen' | 'onOpenChange'>

/** The monthly budget, to be typed in place. */
function BudgetPopover({ budgetUsd, onDone, ...popover }: BudgetPopoverProps) {
  return (
    <Popover className="menu-popover strip-details" placement="bottom start" offset={6} {...popover}>
      <Dialog className="details" aria-label={stripText.monthlyBudget}>
        <monthlyBudget.Component budgetUsd={budgetUsd} onDone={onDone} />
      </Dialog>
    </Popover>
  )
}
