import { formatUsd } from '../../core/format'
import type { CostsView } from '../../core/money/costs-view'
import { useMirror } from '../state/window-context'
import { Money } from '../ui/money'
import { Meter } from './meter'
import { certaintyWords, fullMonth, percent } from './spend-words'

/** The month in figures: the meter of the current one, the sum of another. */
export function CostsTiles({ costs }: { readonly costs: CostsView }) {
  const money = useMirror(({ snapshot }) => snapshot?.money ?? null)
  const { spent } = costs
  return (
    <div className="fleet with-money">
      <div className="tile">
        {costs.isCurrent && money !== null ? (
          <Meter money={money} />
        ) : (
          <>
            <div className="cap">{fullMonth(costs.month)} (UTC)</div>
            <div className="huge">
              {spent.isAtLeast && <small>at least </small>}
              <Money usd={spent.usd} />
            </div>
            <p className="foot">{certaintyWords(spent).join(' · ')}</p>
          </>
        )}
      </div>
      <div className="tile">
        <div className="cap">Idle share of spend</div>
        <div className="figure">{spent.usd > 0 ? percent(spent.idleUsd / spent.usd) : '–'}</div>
        <p className="foot">{formatUsd(spent.idleUsd)} this month</p>
      </div>
      <UnusedTile />
    </div>
  )
}

function UnusedTile() {
  const unused = useMirror(({ snapshot }) => snapshot?.money?.unused ?? null)
  if (unused === null) return null
  const perDayUsd = unused.reduce((sum, one) => sum + (one.perDayUsd ?? 0), 0)
  const isSome = unused.length > 0
  return (
    <div className="tile">
      <div className="cap">Unused now, a day</div>
      <div className={isSome ? 'figure wasted' : 'figure'}>
        <Money usd={perDayUsd} />
      </div>
      <p className="foot">{isSome ? 'stopped pods and loose volumes' : 'nothing costs money unused'}</p>
    </div>
  )
}
