import { useMemo } from 'react'
import { formatDuration, formatMoment, formatUsd } from '../../core/base/format'
import type { MoneyView } from '../../core/money/money-view'
import type { PodView } from '../../core/view/snapshot'
import type { BalanceView } from '../../core/money/balance'
import { isIdle } from '../state/pod-filter'
import { useMirror } from '../state/window-context'
import { Money } from '../ui/money'
import { LOW_RUNWAY_MS } from './balance-line'
import { burnPartWords, burnSplit } from './burn-split'
import { Meter } from './meter'
import { atLeast, certaintyWords, percent } from './spend-text'
import { countWords } from './summary'

/** The meter of the month, the day, and who burns what; where nothing is counted, the burn and the balance. */
export function FleetSummary() {
  const money = useMirror(({ snapshot }) => snapshot?.money ?? null)
  if (money !== null)
    return (
      <section className="fleet with-money" aria-label="Money and counts">
        <div className="tile">
          <Meter money={money} />
        </div>
        <Today money={money} />
        <IdleToday money={money} />
        <Burners />
      </section>
    )
  return (
    <section className="fleet" aria-label="Money and counts">
      <Burning />
      <BalanceTile />
      <Counts />
    </section>
  )
}

function Today({ money: { today, budget } }: { readonly money: MoneyView }) {
  const isOver = budget.dayShare !== null && budget.dayShare >= 1
  return (
    <div className="tile" title={certaintyWords(today).join(' · ')}>
      <div className="cap">Today (UTC)</div>
      <div className={isOver ? 'figure negative' : 'figure'}>
        {today.isAtLeast && <small>{atLeast(today)}</small>}
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

function IdleToday({ money: { today } }: { readonly money: MoneyView }) {
  const isSome = today.idleUsd >= 0.005
  return (
    <div className="tile">
      <div className="cap">Idle today</div>
      <div className={isSome ? 'figure wasted' : 'figure'}>
        <Money usd={today.idleUsd} />
      </div>
      {isSome && today.usd > 0 && <p className="foot">{percent(today.idleUsd / today.usd)} of the day’s</p>}
    </div>
  )
}

/** Who burns what burns now. */
function Burners() {
  const pods = useMirror(({ snapshot }) => snapshot?.pods ?? null)
  if (pods === null) return null
  return (
    <div className="tile burners">
      <div className="cap">{countWords(pods, pods.filter(isIdle).length)}</div>
      <BurnSplit pods={pods} />
    </div>
  )
}

function Burning() {
  const burn = useMirror(({ snapshot }) => snapshot?.burn ?? null)
  const pods = useMirror(({ snapshot }) => snapshot?.pods ?? null)
  const asOf = useMirror(({ snapshot }) =>
    snapshot === null || snapshot.pictureAtMs === null || snapshot.connection.kind === 'live'
      ? null
      : formatMoment(snapshot.pictureAtMs, { nowMs: snapshot.atMs }),
  )
  if (burn === null) return null
  return (
    <div className="tile burning">
      <div className="cap">
        {asOf === null ? 'Burning now' : `Burning at ${asOf}`}
        {burn.isAtLeast && ', at least: a price is not known'}
      </div>
      <div className="huge">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
      <BurnSplit pods={pods ?? []} />
    </div>
  )
}

function BurnSplit({ pods }: { readonly pods: readonly PodView[] }) {
  const volumesUsd = useMirror(({ snapshot }) => snapshot?.money?.volumesPerHourUsd ?? 0)
  const parts = useMemo(() => burnSplit(pods, volumesUsd), [pods, volumesUsd])
  if (parts.length === 0) return null
  return (
    <>
      <div className="split" aria-hidden="true">
        {parts.map(({ key, share, podId }, index) => (
          <span
            key={key}
            className={`part ${podId === null ? key : `s${index + 1}`}`}
            style={{ flexGrow: share }}
          />
        ))}
      </div>
      <ul className="legend" aria-label="Who burns it">
        {parts.map((part, index) => (
          <li key={part.key}>
            <span
              className={`swatch ${part.podId === null ? part.key : `s${index + 1}`}`}
              aria-hidden="true"
            />
            <bdi title={part.name}>{part.name}</bdi>
            <span className="figures">{burnPartWords(part)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function BalanceTile() {
  const balance = useMirror(({ snapshot }) => snapshot?.balance ?? null)
  const runwayMs = useMirror(({ snapshot }) => snapshot?.runwayMs ?? null)
  if (balance === null) return null
  return (
    <div className="tile">
      <div className="cap">Balance</div>
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

function Counts() {
  const pods = useMirror(({ snapshot }) => snapshot?.pods)
  const [first, ...others] = useMemo(() => countLines(pods ?? []), [pods])
  return (
    <div className="tile">
      <div className="cap">Pods</div>
      <div className="figure">{first}</div>
      {others.length > 0 && <p className="foot">{others.join(' · ')}</p>}
    </div>
  )
}

/** "3 running", "1 of them idle", "2 stopped"; the first always, the others where there are any. */
function countLines(pods: readonly PodView[]): readonly string[] {
  const of = (phase: PodView['phase']) => pods.filter((pod) => pod.phase === phase).length
  const counts = [
    [of('running'), 'running'],
    [pods.filter(isIdle).length, 'of them idle'],
    [of('creating'), 'being created'],
    [of('stopped'), 'stopped'],
    [of('error'), 'in error'],
    [of('unknown'), 'in an unknown state'],
  ] as const
  return counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, word]) => `${count} ${word}`)
}
