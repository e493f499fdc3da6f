import { HOUR_MS } from '../../core/base/time/time'
import type { BalanceView } from '../../core/money/balance'
import type { AccountId } from '../../core/pods/pod'
import type { AccountPart } from '../../core/view/snapshot'
import { accountOrShown, isTogether } from '../state/account-parts'
import type { SnapshotStoreState } from '../state/snapshot-store'

/**
 * A runway below this is colored, at the first of the runway alerts:
 * docs/product-rules.md#55-balance-and-runway
 */
export const LOW_RUNWAY_MS = 24 * HOUR_MS

/** A balance that is shown. Balances of several accounts are never added. */
export interface ShownBalance {
  /** The account with the lowest balance of several; null where one account is shown, or none is known. */
  readonly accountName: string | null
  readonly balance: BalanceView
  readonly runwayMs: number | null
}

/**
 * The balance of this account, or where it is null of the one that is shown, or of several the one that is used up
 * first. Null without a snapshot.
 */
export function shownBalance(
  state: Pick<SnapshotStoreState, 'snapshot' | 'shownAccountId'>,
  accountId: AccountId | null = null,
): ShownBalance | null {
  const { snapshot } = state
  if (snapshot === null) return null
  if (accountId !== null || !isTogether(state)) {
    const { balance, runwayMs } = accountOrShown(snapshot, accountId) ?? snapshot
    return { accountName: null, balance, runwayMs }
  }
  const [lowest] = snapshot.accounts
    .filter(({ entry, balance }) => !entry.isPaused && balance.kind === 'known')
    .sort(byRunwayThenBalance)
  return lowest === undefined
    ? { accountName: null, balance: { kind: 'not-asked' }, runwayMs: null }
    : { accountName: lowest.entry.name, balance: lowest.balance, runwayMs: lowest.runwayMs }
}

function byRunwayThenBalance(a: AccountPart, b: AccountPart): number {
  const runway = (part: AccountPart): number => part.runwayMs ?? Number.MAX_VALUE
  return runway(a) - runway(b) || usdOf(a) - usdOf(b)
}

const usdOf = ({ balance }: AccountPart): number =>
  balance.kind === 'known' ? balance.usd : Number.MAX_VALUE
