import { formatDuration } from '../../core/base/format'
import { HOUR_MS } from '../../core/base/time'
import { useMirror } from '../state/window-context'
import { Money } from '../ui/money'

/** Below that the runway is worth a colour: the first of the runway alerts. Product rules, "Money". */
export const LOW_RUNWAY_MS = 24 * HOUR_MS

/** What is left on the account, and how long it lasts. */
export function BalanceLine() {
  const balance = useMirror(({ snapshot }) => snapshot?.balance ?? null)
  const runwayMs = useMirror(({ snapshot }) => snapshot?.runwayMs ?? null)
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
