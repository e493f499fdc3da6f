import { formatDuration, formatUsd } from '../../core/base/format'
import type { BalanceView } from '../../core/money/balance'
import { LOW_RUNWAY_MS } from '../money/lowest-balance'
import { useShownBalance } from '../money/use-shown-balance'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { DetailRows, StripPart } from './strip-part'
import { balanceText, type DetailRow } from './strip-text'

/** How long the balance lasts; of several accounts, the one that runs out first. */
export function BalancePart() {
  const shown = useShownBalance()
  if (shown === null) return null
  const { accountName, balance, runwayMs } = shown
  return (
    <StripPart label="Balance" className="wide" details={() => <BalanceDetails />}>
      <span>{accountName === null ? 'Balance' : 'Lowest balance'}</span>
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
  const { bridge, snapshotStore } = useWindow()
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
        <Button
          onPress={() => void snapshotStore.runRequest('Couldn’t open Runpod', bridge.openPage('console'))}
        >
          Open Runpod
        </Button>
      </div>
    </>
  )
}

function balanceRows(balance: BalanceView, runwayMs: number | null, name: string | null): DetailRow[] {
  const of = name === null ? '' : `, ${name}`
  const rows: DetailRow[] = []
  switch (balance.kind) {
    case 'known':
      rows.push({
        label: `Balance${of}`,
        value: formatUsd(balance.usd),
        ...(balance.usd < 0 ? { tone: 'bad' as const } : {}),
      })
      break
    case 'unavailable':
      rows.push({ label: `Balance${of}`, value: `Unknown. See it in Runpod: ${balance.reason}` })
      break
    case 'not-asked':
      rows.push({ label: `Balance${of}`, value: 'Not read yet' })
      break
  }
  if (runwayMs !== null)
    rows.push({
      label: `Lasts at the current rate${of}`,
      value: formatDuration(runwayMs),
      ...(runwayMs < LOW_RUNWAY_MS ? { tone: 'bad' as const } : {}),
    })
  return rows
}
