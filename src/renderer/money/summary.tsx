import { formatDuration, formatMoment, formatUsd } from '../../core/base/format'
import type { PodView } from '../../core/view/snapshot'
import type { BalanceView } from '../../core/money/balance'
import { isIdle } from '../state/pod-filter'
import { useMirror } from '../state/window-context'
import { Money } from '../ui/money'
import { Meter, todayWords } from './meter'

/** The meter of the month; where nothing is counted, what burns now and what is left. And how many pods do what. */
export function Summary() {
  const money = useMirror(({ snapshot }) => snapshot?.money ?? null)
  const counts = useMirror(({ snapshot }) =>
    snapshot === null ? '' : countWords(snapshot.pods, snapshot.pods.filter(isIdle).length),
  )
  if (money === null) return <BareSummary counts={counts} />
  return (
    <section className="summary with-money" aria-label="Money">
      <Meter money={money} />
      <p className="meter-line">
        <span>Today {todayWords(money)}</span>
        {money.today.idleUsd > 0 && <span>idle today {formatUsd(money.today.idleUsd)}</span>}
      </p>
      <p className="meter-line">{counts}</p>
    </section>
  )
}

function BareSummary({ counts }: { readonly counts: string }) {
  const burn = useMirror(({ snapshot }) => snapshot?.burn ?? null)
  const balance = useMirror(({ snapshot }) => snapshot?.balance ?? null)
  const runwayMs = useMirror(({ snapshot }) => snapshot?.runwayMs ?? null)
  const asOf = useMirror(({ snapshot }) =>
    snapshot === null || snapshot.pictureAtMs === null || snapshot.connection.kind === 'live'
      ? null
      : formatMoment(snapshot.pictureAtMs, { nowMs: snapshot.atMs }),
  )
  if (burn === null || balance === null) return null
  return (
    <section className="summary" aria-label="Money">
      <div className="cap">
        {asOf === null ? 'burning now' : `burning at ${asOf}`}
        {burn.isAtLeast && ', at least'}
      </div>
      <div className="cap right">balance{runwayMs !== null && `, lasts ${formatDuration(runwayMs)}`}</div>
      <div className="huge">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
      <div className="right">
        <Balance balance={balance} />
      </div>
      <div className="foot">{counts}</div>
    </section>
  )
}

function Balance({ balance }: { readonly balance: BalanceView }) {
  switch (balance.kind) {
    case 'known':
      return (
        <span className={balance.usd < 0 ? 'rate negative' : 'rate'}>
          <Money usd={balance.usd} />
        </span>
      )
    case 'unavailable':
      return (
        <span className="cap" title={balance.reason}>
          not available
          <span className="unseen">: {balance.reason}</span>
        </span>
      )
    case 'not-asked':
      return <span className="cap">not known yet</span>
  }
}

/** "3 running, 1 of them idle · 2 stopped". */
export function countWords(pods: readonly PodView[], idleCount: number): string {
  const of = (...phases: readonly PodView['phase'][]) =>
    pods.filter(({ phase }) => phases.includes(phase)).length
  const running = of('running')
  const idle = idleCount > 0 ? `, ${idleCount} of them idle` : ''
  const words = [running === 0 ? 'nothing running' : `${running} running${idle}`]
  for (const [count, word] of [
    [of('creating'), 'being created'],
    [of('error'), 'in error'],
    [of('unknown'), 'in an unknown state'],
    [of('stopped'), 'stopped'],
  ] as const)
    if (count > 0) words.push(`${count} ${word}`)
  return words.join(' · ')
}
