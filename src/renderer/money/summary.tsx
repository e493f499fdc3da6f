import { formatDuration, formatUsd } from '../../core/base/format'
import type { PodView } from '../../core/view/snapshot'
import type { BalanceView } from '../../core/money/balance'
import { isIdle } from '../state/pod-filter'
import { useSnapshotStore } from '../state/window-context'
import { Money } from '../ui/money'
import { BurnCaption, useBurnRate } from './burn-caption'
import { Meter, todayText } from './meter'
import { useShownBalance } from './use-shown-balance'

/**
 * Month meter and pod counts; without cost tracking, the current rate and the balance instead of the meter.
 */
export function Summary() {
  const money = useSnapshotStore(({ snapshot }) => snapshot?.money ?? null)
  const counts = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? '' : podCountText(snapshot.pods, snapshot.pods.filter(isIdle).length),
  )
  if (money === null) return <BareSummary counts={counts} />
  return (
    <section className="summary with-money" aria-label="Money">
      <Meter money={money} />
      <p className="meter-line">
        <span>Today {todayText(money)}</span>
        {money.today.idleUsd > 0 && <span>idle today {formatUsd(money.today.idleUsd)}</span>}
      </p>
      <p className="meter-line">{counts}</p>
    </section>
  )
}

function BareSummary({ counts }: { readonly counts: string }) {
  const burn = useBurnRate()
  const shown = useShownBalance()
  if (burn === null || shown === null) return null
  const { accountName, balance, runwayMs } = shown
  return (
    <section className="summary" aria-label="Money">
      <BurnCaption />
      <div className="cap right">
        {accountName === null ? 'balance' : `lowest balance, ${accountName}`}
        {runwayMs !== null && `, lasts ${formatDuration(runwayMs)}`}
      </div>
      <div className="huge">
        <Money usd={burn.perHourUsd} per="hour" />
      </div>
      <div className="right">
        <BalanceAmount balance={balance} />
      </div>
      <div className="foot">{counts}</div>
    </section>
  )
}

function BalanceAmount({ balance }: { readonly balance: BalanceView }) {
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
export function podCountText(pods: readonly PodView[], idleCount: number): string {
  const countOf = (...phases: readonly PodView['phase'][]) =>
    pods.filter(({ phase }) => phases.includes(phase)).length
  const running = countOf('running')
  const idle = idleCount > 0 ? `, ${idleCount} of them idle` : ''
  const parts = [running === 0 ? 'nothing running' : `${running} running${idle}`]
  for (const [count, word] of [
    [countOf('creating'), 'being created'],
    [countOf('error'), 'in error'],
    [countOf('unknown'), 'in an unknown state'],
    [countOf('stopped'), 'stopped'],
  ] as const)
    if (count > 0) parts.push(`${count} ${word}`)
  return parts.join(' · ')
}
