import { formatDuration } from '../../core/base/format'
import type { AccountId } from '../../core/pods/pod'
import { HOUR_MS } from '../../core/base/time'
import { Money } from '../ui/money'
import { useShownBalance } from './use-shown-balance'

/**
 * A runway below this is colored, at the first of the runway alerts:
 * docs/product-rules.md#55-balance-and-runway
 */
export const LOW_RUNWAY_MS = 24 * HOUR_MS

/** The balance and runway of the account, or the lowest of several. */
export function BalanceLine({ accountId }: { readonly accountId: AccountId | null }) {
  const shown = useShownBalance(accountId)
  if (shown === null) return null
  const { accountName, balance, runwayMs } = shown
  return (
    <div className="meter-line">
      <span>
        {accountName === null ? 'Balance' : 'Lowest balance'}{' '}
        {balance.kind === 'known' ? (
          <b className={balance.usd < 0 ? 'negative' : undefined}>
            <Money usd={balance.usd} />
          </b>
        ) : balance.kind === 'unavailable' ? (
          <>not available, see it in Runpod: {balance.reason}</>
        ) : (
          'not known yet'
        )}
        {accountName !== null && (
          <>
            {' · '}
            <bdi className="balance-account">{accountName}</bdi>
          </>
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
