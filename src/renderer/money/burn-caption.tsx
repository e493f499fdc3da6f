import { formatMoment } from '../../core/base/format'
import type { AccountId } from '../../core/pods/pod'
import type { Snapshot } from '../../core/view/snapshot'
import { accountOrShown, isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'

/** What the pods cost per hour now; null until that is known. */
export function useBurnRate(accountId: AccountId | null = null) {
  return useSnapshotStore(({ snapshot }) => accountOrShown(snapshot, accountId)?.burn ?? null)
}

/** The caption of the burn rate: since when it is out of date, and whether a price is missing in it. */
export function BurnCaption({
  isTitle = false,
  accountId = null,
}: {
  readonly isTitle?: boolean
  /** Whose rate it is; null: of what is shown. */
  readonly accountId?: AccountId | null
}) {
  const burn = useBurnRate(accountId)
  const asOf = useSnapshotStore(({ snapshot }) => {
    const shown = accountOrShown(snapshot, accountId)
    return snapshot === null ||
      shown === null ||
      shown.listedAtMs === null ||
      shown.connection.kind === 'live'
      ? null
      : formatMoment(shown.listedAtMs, { nowMs: snapshot.atMs })
  })
  const olderText = useSnapshotStore((state) =>
    accountId === null && isTogether(state) ? olderAccountsText(state.snapshot) : '',
  )
  const label = isTitle ? 'Current rate' : 'current rate'
  return (
    <div className="cap">
      {asOf === null ? label : `${label} as of ${asOf}`}
      {olderText}
      {burn?.isAtLeast && (isTitle ? ', at least: a price isn’t known' : ', at least')}
    </div>
  )
}

/** ", 2 accounts as of 14:05": those of which only an earlier rate is known; empty without one. */
function olderAccountsText(snapshot: Snapshot | null): string {
  if (snapshot === null || snapshot.connection.kind !== 'live') return ''
  const olderMs = snapshot.accounts.flatMap(({ entry, connection, listedAtMs }) =>
    entry.isPaused || connection.kind === 'live' || listedAtMs === null ? [] : [listedAtMs],
  )
  if (olderMs.length === 0) return ''
  const count = olderMs.length === 1 ? '1 account' : `${olderMs.length} accounts`
  return `, ${count} as of ${formatMoment(Math.min(...olderMs), { nowMs: snapshot.atMs })}`
}
