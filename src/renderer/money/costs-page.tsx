import './costs.css'
import { useMemo, useState } from 'react'
import { formatUsd } from '../../core/base/format'
import type { CostsView } from '../../core/money/costs/costs-view'
import type { AccountId } from '../../core/pods/pod'
import type { Month } from '../../core/money/ledger/months'
import { useSingleFlight } from '../state/use-single-flight'
import { isSetUp } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { Choice } from '../ui/choice'
import { CostsTable } from './costs-table'
import { CostsTiles } from './costs-tiles'
import { DailySpend } from './daily-spend'
import { fullMonth, utcDay } from './spend-text'
import { UnusedCosts } from './unused-costs'
import { useCosts } from './use-costs'

/** The costs of a month, by day and by row. */
export function CostsPage() {
  const [month, setMonth] = useState<Month | null>(null)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const { accountId, accounts, choose } = useCostsAccount()
  const { costs, problem, reload } = useCosts(accountId, month)
  return (
    <section className="page costs" aria-label="Costs">
      <header className="page-head">
        <h1>Costs</h1>
        {accountId !== null && accounts.length > 1 && (
          <Choice label="Account" options={accounts} chosen={accountId} onChoose={choose} />
        )}
        {costs !== null && accountId !== null && (
          <CostsToolbar accountId={accountId} costs={costs} onMonth={setMonth} />
        )}
      </header>
      {!isConnected ? (
        <BlankSlate icon="dollar" title="No account yet">
          Connect to Runpod on the page Pods: what the account costs is counted from then on.
        </BlankSlate>
      ) : (
        <>
          {problem !== null && (
            <div className="message bad" role="alert">
              <span className="words">The costs could not be read: {problem}</span>
              <Button onPress={reload}>Try again</Button>
            </div>
          )}
          {costs !== null ? (
            <MonthCosts accountId={accountId} costs={costs} />
          ) : (
            problem === null && (
              <p className="cap" role="status">
                Reading what was spent…
              </p>
            )
          )}
        </>
      )}
    </section>
  )
}

/** The account whose costs are shown: the one that is shown elsewhere, or the chosen one of all. */
function useCostsAccount() {
  const shownId = useSnapshotStore(({ shownAccountId }) => shownAccountId)
  const accountsJson = useSnapshotStore(({ snapshot }) =>
    JSON.stringify((snapshot?.accounts ?? []).map(({ entry }) => ({ id: entry.id, label: entry.name }))),
  )
  const accounts = JSON.parse(accountsJson) as { id: AccountId; label: string }[]
  const [chosenId, choose] = useState<AccountId | null>(null)
  const chosen = accounts.find(({ id }) => id === chosenId) ?? accounts[0]
  return shownId === null
    ? { accountId: chosen?.id ?? null, accounts, choose }
    : { accountId: shownId, accounts: [], choose }
}

function CostsToolbar({
  accountId,
  costs,
  onMonth,
}: {
  readonly accountId: AccountId
  readonly costs: CostsView
  readonly onMonth: (month: Month | null) => void
}) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const months = costs.months.includes(costs.month) ? costs.months : [costs.month, ...costs.months]
  return (
    <div className="tools costs-tools">
      <Choice
        label="Month (UTC)"
        options={months.map((id) => ({ id, label: fullMonth(id) }))}
        chosen={costs.month}
        // Null follows the current month into the next one.
        onChoose={(chosen) => onMonth(chosen === costs.months[0] ? null : chosen)}
      />
      <Button
        icon="page"
        onPress={() =>
          runOnce(() => snapshotStore.runRequest('Not exported', bridge.exportCosts(accountId, costs.month)))
        }
      >
        Export CSV
      </Button>
    </div>
  )
}

function MonthCosts({
  accountId,
  costs,
}: {
  readonly accountId: AccountId | null
  readonly costs: CostsView
}) {
  const isEmpty = costs.rows.length === 0
  const corrections = useMemo(
    () => costs.corrections.map(({ atMs, usd }) => `${formatUsd(usd)} on ${utcDay(atMs)}`).join(', '),
    [costs.corrections],
  )
  return (
    <>
      {costs.billProblem !== null && (
        <p className="message idle">
          <span className="words">
            The last bills could not be read: {costs.billProblem} What they would tell is estimated meanwhile.
          </span>
        </p>
      )}
      <CostsTiles accountId={accountId} costs={costs} />
      {isEmpty ? (
        <BlankSlate icon="dollar" title={`Nothing was spent in ${fullMonth(costs.month)}`}>
          {costs.isCurrent
            ? 'Days and pods will stand here as soon as something costs money.'
            : 'Podkeeper knows of nothing that cost money then.'}
        </BlankSlate>
      ) : (
        <>
          <DailySpend costs={costs} />
          <CostsTable costs={costs} />
        </>
      )}
      {costs.isCurrent && <UnusedCosts accountId={accountId} />}
      {corrections !== '' && (
        <p className="cap corrections">Taken back, since a bill said less: {corrections} (UTC).</p>
      )}
    </>
  )
}
