import { formatUsd } from '../../core/base/text/format'
import { DAY_MS } from '../../core/base/time/time'
import { monthOf } from '../../core/money/ledger/months'
import type { PodView } from '../../core/view/snapshot'
import { shortDay } from '../money/chart/day-text'
import { useCosts } from '../money/costs/use-costs'
import { dayCosts, DAYS, firstDayMs } from './day-costs'
import { costByDayText, costSummary } from './pod-page-text'

interface CostByDayProps {
  readonly pod: PodView
  /** Unix ms. */
  readonly nowMs: number
}

/** What the pod cost on each of the last days (UTC), with the part in which it was idle. */
export function CostByDay({ pod, nowMs }: CostByDayProps) {
  const current = useCosts(pod.accountId, null)
  const firstMonth = monthOf(firstDayMs(nowMs))
  const before = useCosts(firstMonth === monthOf(nowMs) ? null : pod.accountId, firstMonth)
  // The members of a cluster are billed as one, and not each.
  const days = pod.clusterId === null ? dayCosts([before.costs, current.costs], pod.id, nowMs) : null
  if (days === null) return null
  const mostCents = Math.max(1, ...days.map(({ cents }) => cents))
  const totalCents = days.reduce((sum, { cents }) => sum + cents, 0)
  const idleUsd = days.reduce((sum, day) => sum + day.idleUsd, 0)
  return (
    <section className="panel day-costs" aria-label={costByDayText.title}>
      <header>
        <h2>{costByDayText.title}</h2>
        <span className="cap">{costSummary(DAYS, totalCents, idleUsd)}</span>
      </header>
      <ol>
        {days.map(({ startMs, cents, idleUsd: idle }) => (
          <li key={startMs}>
            <span className="amount">{formatUsd(cents / 100)}</span>
            <span className="bar" aria-hidden="true">
              <span style={{ height: `${Math.max(2, (cents / mostCents) * 28)}px` }}>
                <span style={{ height: `${cents === 0 ? 0 : Math.min(100, (idle * 10_000) / cents)}%` }} />
              </span>
            </span>
            <span className="cap">{startMs + DAY_MS > nowMs ? costByDayText.today : shortDay(startMs)}</span>
            {idle >= 0.005 && <span className="unseen">{costByDayText.idle(idle)}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
