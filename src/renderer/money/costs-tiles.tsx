import { formatUsd } from '../../core/base/format'
import type { CostsView } from '../../core/money/costs/costs-view'
import type { AccountId } from '../../core/pods/pod'
import { shortName } from '../../core/pods/pod-name'
import { moneyOf } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { Money } from '../ui/money'
import { Meter } from './meter'
import { fullMonth, percent, spendCertaintyText, utcDay } from './spend-text'

/** Totals of the month: the meter for the current one, the sum for past ones. */
export function CostsTiles({
  accountId,
  costs,
}: {
  readonly accountId: AccountId | null
  readonly costs: CostsView
}) {
  const money = useSnapshotStore(({ snapshot }) => moneyOf(snapshot, accountId))
  const { spent } = costs
  return (
    <div className="fleet with-money">
      <div className="tile">
        {costs.isCurrent && money !== null ? (
          <Meter money={money} accountId={accountId} />
        ) : (
          <>
            <div className="cap">{fullMonth(costs.month)} (UTC)</div>
            <div className="huge">
              {spent.isAtLeast && <small>at least </small>}
              <Money usd={spent.usd} />
            </div>
            <p className="foot">{spendCertaintyText(spent).join(' · ')}</p>
          </>
        )}
      </div>
      <div className="tile">
        <div className="cap">Idle share of spend</div>
        <div className="figure">{spent.usd > 0 ? percent(spent.idleUsd / spent.usd) : '–'}</div>
        <p className="foot">{formatUsd(spent.idleUsd)} this month</p>
      </div>
      <StopsTile stops={costs.stops} />
    </div>
  )
}

const NO_BREAK = '\u00a0'

function StopsTile({ stops: { count, last } }: { readonly stops: CostsView['stops'] }) {
  return (
    <div className="tile">
      <div className="cap">Stopped for you</div>
      <div className="figure">{count}</div>
      <p className="foot" title={last?.name}>
        {last === null
          ? 'no pod, by the guard’s rules'
          : `last: ${shortName(last.name)}, ${utcDay(last.atMs).replace(' ', NO_BREAK)}`}
      </p>
    </div>
  )
}
