import { formatDuration } from '../../core/base/format'
import { HOUR_MS } from '../../core/base/time'
import { useSnapshotStore } from '../state/window-context'
import { Money } from '../ui/money'

/**
 * A runway below this is colored, at the first of the runway alerts:
 * docs/product-rules.md#55-balance-and-runway
 */
export const LOW_RUNWAY_MS = 24 * HOUR_MS

/** The account's balance and runway. */
export function BalanceLine() {
  const balance = useSnapshotStore(({ snapshot }) => snapshot?.balance ?? null)
  const runwayMs = useSnapshotStore(({ snapshot }) => snapshot?.runwayMs ?? null)
  if (balance === null) return null
  return (
    <div className="meter-line">
      <span>
        Balance{' '}
        {balance.kind === 'known' ? (
          <b className={balance.usd < 0 ? 'negative' : undefined}>
            <Money usd={balance.usd} />
          </b>
        ) : balance.kind === 'unavailable' ? (
          <>not available, see it in Runpod: {balance.reason}</>
        ) : (
          'not known yet'
        )}
      </span>
      {runwayMs !== null && (
        <span>
          runs out in{' '}
          <b className={runwayMs < LOW_RUNWAY_MS ? 'low' : undefined}>{formatDuration(runwayMs)}</b>
        </span>
      )}
    </div>
  )
}
