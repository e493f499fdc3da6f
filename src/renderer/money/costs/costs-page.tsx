import './costs.css'
import { useMemo, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import { formatAgo } from '../../../core/base/text/format'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { withLabTotal } from '../../../core/money/costs/lab-total'
import { labRunningText, labScopeText, labTotalText } from '../../../core/money/lab-spending-text'
import type { Month } from '../../../core/money/ledger/months'
import { partOf } from '../../../core/view/snapshot'
import type { AccountId } from '../../../core/pods/pod'
import { rowColors } from '../../pod-model/pod-color'
import { isSetUp, moneyOf } from '../../state/account-parts'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { BlankSlate } from '../../ui/blank-slate'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/controls/choice'
import { Segmented } from '../../ui/controls/segmented'
import { CostsHeadline } from './costs-headline'
import { CostsTable } from './costs-table'
import { ServerlessWorkers } from './serverless-workers'
import { DailySpend } from '../chart/daily-spend'
import { shortDay } from '../chart/day-text'
import { DaysTable } from '../chart/days-table'
import { billsLine } from './headline-text'
import { groupings, type SpendGrouping } from '../chart/spend-series'
import { groupingLabels } from '../chart/series-text'
import { fullMonth } from '../spend-text'
import { useCosts } from './use-costs'
import { commonText } from '../../ui/common-text'
import { costsText, labSpendingCardText, unusedText } from './costs-text'

/** The costs of a month, by day and by row. */
export function CostsPage() {
  const [month, setMonth] = useState<Month | null>(null)
  const [grouping, setGrouping] = useState<SpendGrouping>('pod')
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const { accountId, accounts, choose } = useCostsAccount()
  const { costs, problem, reload } = useCosts(accountId, month)
  return (
    <section className="page costs" aria-label={costsText.title}>
      <header className="costs-head">
        <h1 className={costs === null ? undefined : 'unseen'}>{costsText.title}</h1>
        {costs !== null && <MonthChoice costs={costs} onMonth={setMonth} />}
        {costs !== null && <span className="cap bills-line">{billsLine(costs)}</span>}
        <div className="end">
          {accountId !== null && accounts.length > 1 && (
            <Choice label={costsText.account} options={accounts} chosen={accountId} onChoose={choose} />
          )}
          {costs !== null && accountId !== null && (
            <>
              <GroupingChoice grouping={grouping} onGrouping={setGrouping} />
              <ExportButton accountId={accountId} month={costs.month} />
            </>
          )}
        </div>
      </header>
      {!isConnected ? (
        <BlankSlate icon="dollar" title={costsText.noAccount}>
          {costsText.connectFirst}
        </BlankSlate>
      ) : (
        <>
          {problem !== null && (
            <div className="message bad" role="alert">
              <span className="words">{costsText.couldNotRead(problem)}</span>
              <Button onPress={reload}>{commonText.tryAgain}</Button>
            </div>
          )}
          {costs !== null && accountId !== null ? (
            <MonthCosts accountId={accountId} costs={costs} grouping={grouping} />
          ) : (
            problem === null && (
              <p className="cap" role="status">
                {costsText.reading}
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

interface MonthChoiceProps {
  readonly costs: CostsView
  readonly onMonth: (month: Month | null) => void
}

function MonthChoice({ costs, onMonth }: MonthChoiceProps) {
  const months = costs.months.includes(costs.month) ? costs.months : [costs.month, ...costs.months]
  return (
    <div className="month-choice">
      <Choice
        label={costsText.month}
        options={months.map((id) => ({ id, label: fullMonth(id) }))}
        chosen={costs.month}
        // Null follows the current month into the next one.
        onChoose={(chosen) => onMonth(chosen === costs.months[0] ? null : chosen)}
      />
    </div>
  )
}

interface GroupingChoiceProps {
  readonly grouping: SpendGrouping
  readonly onGrouping: (grouping: SpendGrouping) => void
}

function GroupingChoice({ grouping, onGrouping }: GroupingChoiceProps) {
  return (
    <Segmented
      label={costsText.groupDays}
      options={groupings.map((id) => ({ id, label: groupingLabels[id] }))}
      chosen={grouping}
      onChoose={onGrouping}
    />
  )
}

function ExportButton({ accountId, month }: { readonly accountId: AccountId; readonly month: Month }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      onPress={() =>
        runOnce(() =>
          snapshotStore.runRequest(costsText.couldNotExport, bridge.exportCosts(accountId, month)),
        )
      }
    >
      {costsText.export}
    </Button>
  )
}

interface MonthCostsProps {
  readonly accountId: AccountId
  readonly costs: CostsView
  readonly grouping: SpendGrouping
}

function MonthCosts({ accountId, costs, grouping }: MonthCostsProps) {
  const colors = useSnapshotStore(useShallow(({ podsByKey }) => rowColors(costs.rows, accountId, podsByKey)))
  const spending = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : (partOf(snapshot, accountId)?.lab?.spending?.value ?? null),
  )
  const withLab = withLabTotal(costs, spending)
  const corrections = useMemo(
    () => costs.corrections.map(({ atMs, usd }) => costsText.correction(usd, shortDay(atMs))).join(', '),
    [costs.corrections],
  )
  return (
    <>
      {costs.billProblem !== null && (
        <p className="message idle">
          <span className="words">{costsText.couldNotReadBills(costs.billProblem)}</span>
        </p>
      )}
      <CostsHeadline costs={withLab} uncountedCents={withLab.totalCents - costs.totalCents} />
      {costs.rows.length === 0 ? (
        <NoCosts costs={costs} />
      ) : (
        <>
          <DailySpend costs={costs} colors={colors} grouping={grouping} />
          <CostsTable key={grouping} costs={costs} colors={colors} grouping={grouping} />
          <DaysTable costs={costs} />
        </>
      )}
      {costs.isCurrent && <UnusedCosts accountId={accountId} />}
      {costs.isCurrent && <ServerlessWorkers accountId={accountId} />}
      {costs.isCurrent && <LabSpending />}
      {corrections !== '' && <p className="cap corrections">{costsText.corrected(corrections)}</p>}
    </>
  )
}

function NoCosts({ costs }: { readonly costs: CostsView }) {
  if (costs.bills === 'reading') return null
  return (
    <BlankSlate icon="dollar" title={costsText.nothingSpent(costs.month)}>
      {costs.isCurrent ? costsText.nothingYet : costsText.noCosts}
    </BlankSlate>
  )
}

/** Unused resources that cost money, the most expensive first. */
function UnusedCosts({ accountId }: { readonly accountId: AccountId | null }) {
  const unused = useSnapshotStore(({ snapshot }) => moneyOf(snapshot, accountId)?.unused ?? null)
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (unused === null || unused.length === 0) return null
  return (
    <section className="tile cost-list" aria-labelledby="unused-costs">
      <header>
        <h2 id="unused-costs">{unusedText.title}</h2>
        <span className="cap">{unusedText.total(unused)}</span>
        <CleanUpLink />
      </header>
      <ul>
        {unused.map(({ kind, id, name, perDayUsd, sinceMs }) => (
          <li key={`${kind}/${id}`}>
            <bdi className="cost-name" title={name}>
              {kind === 'volume' ? <VolumeLink name={name || id} /> : name || id}
            </bdi>
            <span className="cap">{unusedText.kinds[kind]}</span>
            <span className="cap">{unusedText.since(atMs - sinceMs)}</span>
            <b>{unusedText.perDay(perDayUsd)}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What else may be left over, and what can be done about it. */
function CleanUpLink() {
  const { navigate } = useWindow()
  return (
    <AriaButton className="text-button" onPress={() => navigate('clean-up')}>
      {unusedText.cleanUp}
    </AriaButton>
  )
}

/** What to do about it is on the page of the volumes. */
function VolumeLink({ name }: { readonly name: string }) {
  const { navigate } = useWindow()
  return (
    <AriaButton className="text-button" onPress={() => navigate('volumes')}>
      {name}
    </AriaButton>
  )
}

/** What Hubify says that each shown lab has spent. */
function LabSpending() {
  const accounts = useSnapshotStore(({ snapshot }) => snapshot?.accounts)
  const shownId = useSnapshotStore(({ shownAccountId }) => shownAccountId)
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const labs = (accounts ?? []).filter(
    ({ entry }) => entry.lab !== undefined && (shownId === null || shownId === entry.id),
  )
  if (labs.length === 0) return null
  return (
    <section className="tile cost-list" aria-labelledby="lab-spending">
      <header>
        <h2 id="lab-spending">{labSpendingCardText.title}</h2>
        <span className="cap">
          {labSpendingCardText.scope(labs.some(({ lab }) => lab?.spending?.value.isOfMonth === true))}
        </span>
      </header>
      <ul>
        {labs.map(({ entry: { id, name }, lab }) => {
          const reading = lab?.spending ?? null
          const running = reading && labRunningText(reading.value)
          return (
            <li key={id}>
              <bdi className="cost-name" title={name}>
                {name}
              </bdi>
              {reading !== null && (
                <span className="cap">
                  {labScopeText(reading.value)}, {formatAgo(atMs - reading.atMs)}
                </span>
              )}
              {running !== null && <span className="cap">{running}</span>}
              <b>
                {reading === null
                  ? labSpendingCardText.notRead
                  : (labTotalText(reading.value) ?? labSpendingCardText.noTotal)}
              </b>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
