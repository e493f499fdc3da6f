import { formatMoment } from '../../core/base/text/format'
import type { AccountId } from '../../core/pods/pod'
import { accountOrShown, isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { burnText } from './burn-text'

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
    accountId === null && isTogether(state) ? burnText.olderAccounts(state.snapshot) : '',
  )
  return (
    <div className="cap">
      {burnText.caption(isTitle, asOf)}
      {olderText}
      {burn?.isAtLeast && burnText.atLeast(isTitle)}
    </div>
  )
}
