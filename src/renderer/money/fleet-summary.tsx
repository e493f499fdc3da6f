import { useMemo } from 'react'
import { formatDuration, formatUsd } from '../../core/base/format'
import type { MoneyView } from '../../core/money/money-view'
import { parsePodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import type { BalanceView } from '../../core/money/balance'
import { isTogether } from '../state/account-parts'
import { isIdle } from '../state/pod-filter'
import { useAccountNames } from '../state/use-account-names'
import { useSnapshotStore } from '../state/window-context'
import { Money } from '../ui/money'
import { LOW_RUNWAY_MS } from './balance-line'
import { type BurnPart, burnPartText, burnSplit } from './burn-split'
import { BurnCaption, useBurnRate } from './burn-caption'
import { Meter } from './meter'
import { atLeastPrefix, percent, spendCertaintyText } from './spend-text'
import { podCountText } from './summary'
import { useShownBalance } from './use-shown-balance'

/** Month meter, today's spending and current rate by pod; without cost tracking, the rate and the balance. */
export function FleetSummary() {
  const money = useSnapshotStore(({ snapshot }) => snapshot?.money ?? null)
  if (money !== null)
    return (
      <section className="fleet with-money" aria-label="Money and counts">
        <div className="tile">
          <Meter money={money} />
        </div>
        <TodayTile money={money} />
        <IdleTodayTile money={money} />
        <BurnBreakdownTile />
      </section>
    )
  return (
    <section className="fleet" aria-label="Money and counts">
      <BurnRateTile />
      <BalanceTile />
      <PodCountsTile />
    </section>
  )
}

function TodayTile({ money: { today, budget } }: { readonly money: MoneyView }) {
  const isOver = budget.dayShare !== null && budget.dayShare >= 1
  return (
    <div className="tile" title={spendCertaintyText(today).join(' · ')}>
      <div className="cap">Today (UTC)</div>
      <div className={isOver ? 'figure negative' : 'figure'}>
        {today.isAtLeast && <small>{atLeastPrefix(today)}</small>}
        <Money usd={today.usd} />
      </div>
      {budget.dailyUsd !== null && (
        <p className="foot">
          {isOver && 'over '}cap {formatUsd(budget.dailyUsd)} a day
        </p>
      )}
    </div>
  )
}

function IdleTodayTile({ money: { today } }: { readonly money: MoneyView }) {
  const hasIdleSpend = today.idleUsd >= 0.005
  return (
    <div className="tile">
      <div className="cap">Idle today</div>
      <div className={hasIdleSpend ? 'figure wasted' : 'figure'}>
        <Money usd={today.idleUsd} />
      </div>
      {hasIdleSpend && today.usd > 0 && (
        <p className="foot">{percent(today.idleUsd / today.usd)} of the day’s</p>
      )}
    </div>
  )
}

/** The current rate split by pod. */
function BurnBreakdownTile() {
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods ?? null)
  if (pods === null) return null
  return (
    <div className="tile burners">
      <div className="cap">{podCountText(pods, pods.filter(isIdle).length)}</div>
      <BurnBreakdown pods={pods} />
    </div>
  )
}

function BurnRateTile() {
  const burn = useBurnRate()
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods ?? null)
  if (burn === null) return null
  return (
    <div className="tile burning">
      <BurnCaption isTitle />
      <div className="huge">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
      <BurnBreakdown pods={pods ?? []} />
    </div>
  )
}

function BurnBreakdown({ pods }: { readonly pods: readonly PodView[] }) {
  const volumesUsd = useSnapshotStore(({ snapshot }) => snapshot?.money?.volumesPerHourUsd ?? 0)
  const parts = useMemo(() => burnSplit(pods, volumesUsd), [pods, volumesUsd])
  const isOfSeveral = useSnapshotStore(isTogether)
  const accountNames = useAccountNames()
  const nameOf = ({ name, podKey }: BurnPart): string =>
    podKey === null || !isOfSeveral ? name : `${name} · ${accountNames[parsePodKey(podKey).accountId] ?? ''}`
  if (parts.length === 0) return null
  return (
    <>
      <div className="split" aria-hidden="true">
        {parts.map(({ key, share, podKey }, index) => (
          <span
            key={key}
            className={`part ${podKey === null ? key : `s${index + 1}`}`}
            style={{ flexGrow: share }}
          />
        ))}
      </div>
      <ul className="legend" aria-label="Who burns it">
        {parts.map((part, index) => (
          <li key={part.key}>
            <span
              className={`swatch ${part.podKey === null ? part.key : `s${index + 1}`}`}
              aria-hidden="true"
            />
            <bdi title={nameOf(part)}>{nameOf(part)}</bdi>
            <span className="figures">{burnPartText(part)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function BalanceTile() {
  const shown = useShownBalance()
  if (shown === null) return null
  const { accountName, balance, runwayMs } = shown
  return (
    <div className="tile">
      <div className="cap">{accountName === null ? 'Balance' : `Lowest balance · ${accountName}`}</div>
      <BalanceFigure balance={balance} />
      {runwayMs !== null && (
        <p className="foot">
          runs out in{' '}
          <b className={runwayMs < LOW_RUNWAY_MS ? 'low' : undefined}>{formatDuration(runwayMs)}</b>
        </p>
      )}
    </div>
  )
}

function BalanceFigure({ balance }: { readonly balance: BalanceView }) {
  switch (balance.kind) {
    case 'known':
      return (
        <div className={balance.usd < 0 ? 'figure negative' : 'figure'}>
          <Money usd={balance.usd} />
        </div>
      )
    case 'unavailable':
      return (
        <>
          <div className="figure dim">–</div>
          <p className="foot">Not available, see it in Runpod: {balance.reason}</p>
        </>
      )
    case 'not-asked':
      return <div className="figure dim">–</div>
  }
}

function PodCountsTile() {
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const [first, ...others] = useMemo(() => podCountLines(pods ?? []), [pods])
  return (
    <div className="tile">
      <div className="cap">Pods</div>
      <div className="figure">{first}</div>
      {others.length > 0 && <p className="foot">{others.join(' · ')}</p>}
    </div>
  )
}

/** "3 running", "1 of them idle", "2 stopped"; the first is always included, the others only when above 0. */
function podCountLines(pods: readonly PodView[]): readonly string[] {
  const countOf = (phase: PodView['phase']) => pods.filter((pod) => pod.phase === phase).length
  const counts = [
    [countOf('running'), 'running'],
    [pods.filter(isIdle).length, 'of them idle'],
    [countOf('creating'), 'being created'],
    [countOf('stopped'), 'stopped'],
    [countOf('error'), 'in error'],
    [countOf('unknown'), 'in an unknown state'],
  ] as const
  return counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, word]) => `${count} ${word}`)
}
