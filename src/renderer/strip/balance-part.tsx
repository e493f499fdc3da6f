import { formatUsd } from '../../core/base/text/format'
import type { BalanceView } from '../../core/money/balance'
import type { AccountId } from '../../core/pods/pod'
import { LOW_RUNWAY_MS, type ShownBalance, shownBalance } from '../money/lowest-balance'
import { runwayText } from '../money/spend-text'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { OpenServiceButton } from '../ui/controls/open-service-button'
import { DetailRows, StripPart } from './strip-part'
import { balanceText, type DetailRow, stripText } from './strip-text'

/** How long the balance lasts; of several accounts, the one that runs out first. */
export function BalancePart() {
  const shown = useShownBalance()
  if (shown === null) return null
  const { accountName, balance, runwayMs } = shown
  return (
    <StripPart label={stripText.balance} className="wide" details={() => <BalanceDetails />}>
      <span>{accountName === null ? stripText.balance : stripText.lowestBalance}</span>
      <b className={`small${isLow(balance, runwayMs) ? ' bad-text' : ''}`}>
        {balanceText(balance, runwayMs)}
      </b>
      {accountName !== null && <bdi className="strip-account">{accountName}</bdi>}
    </StripPart>
  )
}

const isLow = (balance: BalanceView, runwayMs: number | null): boolean =>
  balance.kind === 'known' && (balance.usd <= 0 || (runwayMs !== null && runwayMs < LOW_RUNWAY_MS))

function BalanceDetails() {
  const rowsJson = useSnapshotStore((state) => {
    const { snapshot } = state
    if (snapshot === null) return '[]'
    const rows = isTogether(state)
      ? snapshot.accounts
          .filter(({ entry }) => !entry.isPaused)
          .flatMap(({ entry, balance, runwayMs }) => balanceRows(balance, runwayMs, entry.name))
      : balanceRows(snapshot.balance, snapshot.runwayMs, null)
    return JSON.stringify(rows)
  })
  return (
    <>
      <DetailRows rows={JSON.parse(rowsJson) as DetailRow[]} />
      <div className="actions">
        <OpenServiceButton />
      </div>
    </>
  )
}

function balanceRows(balance: BalanceView, runwayMs: number | null, name: string | null): DetailRow[] {
  const rows: DetailRow[] = []
  switch (balance.kind) {
    case 'known':
      rows.push({
        label: stripText.balanceOf(name),
        value: formatUsd(balance.usd),
        ...(balance.usd < 0 ? { tone: 'bad' as const } : {}),
      })
      if (balance.problem !== undefined)
        rows.push({ label: stripText.accountRateOf(name), value: balance.problem })
      break
    case 'unavailable':
      rows.push({ label: stripText.balanceOf(name), value: stripText.balanceUnknown(balance.reason) })
      break
    case 'not-asked':
      rows.push({ label: stripText.balanceOf(name), value: stripText.notRead })
      break
  }
  if (runwayMs !== null)
    rows.push({
      label: stripText.lastsOf(name),
      value: runwayText(runwayMs),
      ...(runwayMs < LOW_RUNWAY_MS ? { tone: 'bad' as const } : {}),
    })
  return rows
}

/** See `shownBalance`. */
function useShownBalance(accountId: AccountId | null = null): ShownBalance | null {
  const json = useSnapshotStore((state) => JSON.stringify(shownBalance(state, accountId)))
  return JSON.parse(json) as ShownBalance | null
}
