import './meter.css'
import { formatUsd } from '../../core/base/format'
import type { BudgetView, MoneyView } from '../../core/money/money-view'
import type { AccountId } from '../../core/pods/pod'
import { isTogether } from '../state/account-parts'
import { useSettings } from '../state/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Money } from '../ui/money'
import { BalanceLine } from './balance-line'
import { BurnCaption, useBurnRate } from './burn-caption'
import {
  budgetText,
  daysLeftText,
  meterBar,
  meterBarText,
  nameOfMonth,
  spendCertaintyText,
  workingUsd,
} from './spend-text'

interface MeterProps {
  readonly money: MoneyView
  /** Whose money it is; null: of what is shown. */
  readonly accountId?: AccountId | null
}

/** Month spending against its budget, the current rate, and the runway. */
export function Meter({ money, accountId = null }: MeterProps) {
  const isOfAll = useSnapshotStore((state) => isTogether(state) && accountId === null)
  const { spent, budget, forecast } = money
  const budgetWarning = budgetText(budget)
  const daysLeft = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : daysLeftText(money.monthEndsAtMs - snapshot.atMs),
  )
  return (
    <div className="meter">
      <div className="meter-head">
        <div>
          <div className="cap">
            {nameOfMonth(money.month)} <abbr title="Months and days are UTC’s, as Runpod bills">UTC</abbr>
          </div>
          <div className="huge">
            {spent.isAtLeast && <small>at least </small>}
            <Money usd={spent.usd} />
            {budget.monthlyUsd !== null && (
              <span className="of">
                {' '}
                of <Money usd={budget.monthlyUsd} />
              </span>
            )}
          </div>
        </div>
        <BurnRateFigure accountId={accountId} />
      </div>
      <MeterTrack money={money} />
      <div className="meter-line">
        <span className="meter-legend">
          <span className="swatch working" aria-hidden="true" /> working {formatUsd(workingUsd(spent))}{' '}
          <span className="swatch idling" aria-hidden="true" /> idle {formatUsd(spent.idleUsd)}
          {daysLeft !== null && <span className="days-left"> · {daysLeft}</span>}
        </span>
        {forecast !== null && (
          <span title={`As what burns now went on: ${formatUsd(forecast.atBurnUsd)}`}>
            projected{' '}
            <b className={isOver(budget, forecast.usd) ? 'over' : undefined}>{formatUsd(forecast.usd)}</b>
          </span>
        )}
      </div>
      {budget.monthlyUsd === null && <NoBudgetHint isOfAll={isOfAll} />}
      {budgetWarning !== null && <p className="meter-line over">{budgetWarning}</p>}
      <p className="meter-line certainty">{spendCertaintyText(spent).join(' · ')}</p>
      <BalanceLine accountId={accountId} />
    </div>
  )
}

const isOver = ({ monthlyUsd }: BudgetView, usd: number): boolean => monthlyUsd !== null && usd > monthlyUsd

function MeterTrack({ money: { spent, budget, forecast } }: { readonly money: MoneyView }) {
  const settings = useSettings()?.settings
  const warnAtShares =
    settings === undefined ? [] : [settings.budgetFirstPercent / 100, settings.budgetSecondPercent / 100]
  const bar = meterBar(spent, budget, forecast, warnAtShares)
  if (bar === null) return null
  const positionAt = (share: number) => ({ left: percentOf(share) })
  return (
    <div className="meter-bar" role="img" aria-label={meterBarText(spent, budget, forecast)}>
      <div className="meter-track">
        <span className="part working" style={{ width: percentOf(bar.working) }} />
        <span className="part idling" style={{ width: percentOf(bar.idle) }} />
      </div>
      {bar.thresholds.map((share) => (
        <span key={share} className="mark" style={positionAt(share)} />
      ))}
      {bar.budgetEnd !== null && <span className="mark end" style={positionAt(bar.budgetEnd)} />}
      {bar.forecast !== null && <span className="mark forecast" style={positionAt(bar.forecast)} />}
    </div>
  )
}

const percentOf = (share: number): string => `${share * 100}%`

function BurnRateFigure({ accountId }: { readonly accountId: AccountId | null }) {
  const burn = useBurnRate(accountId)
  if (burn === null) return null
  return (
    <div className="burning-now">
      <BurnCaption accountId={accountId} />
      <div className="rate">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
    </div>
  )
}

function NoBudgetHint({ isOfAll }: { readonly isOfAll: boolean }) {
  const { navigate } = useWindow()
  const isOneOfSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1) && !isOfAll
  return (
    <p className="meter-line no-budget">
      {isOfAll
        ? 'No budget for all accounts together: nothing is told before it is too much.'
        : 'No budget: nothing is told before it is too much.'}
      <Button onPress={() => navigate('settings', isOneOfSeveral ? 'accounts' : 'monthlyBudgetUsd')}>
        Set budget
      </Button>
    </p>
  )
}
