import { memo, useDeferredValue } from 'react'
import type { ActivityRow } from '../../core/audit-log/activity-rows'
import { formatUsd } from '../../core/base/text/format'
import { DAY_MS } from '../../core/base/time/time'
import { reportedMetricsText } from '../../core/idle/reported-metrics'
import { monthOf } from '../../core/money/ledger/months'
import { RUNPOD_NAME } from '../../core/pods/labs/service-name'
import { managingServiceName, type PodKey } from '../../core/pods/pod'
import type { Settings } from '../../core/settings/settings'
import type { PodView } from '../../core/view/snapshot'
import { useActivity } from '../activity/use-activity'
import { GpuPanel } from '../gpus/gpu-panel'
import { shortDay } from '../money/chart/day-text'
import { useCosts } from '../money/costs/use-costs'
import { PodRemarks } from '../pods/card/pod-card'
import { UnrecognizedLine } from '../pods/card/unrecognized-line'
import { IntentPanel } from '../pods/card/panels/intent-panel'
import { OutsideStopActions } from '../pods/card/panels/ways-out'
import { ProgressPanel } from '../pods/card/panels/progress-panel'
import { ManagedPanel } from '../pods/card/managed-panel'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore } from '../state/window-context'
import { Icon } from '../ui/icon'
import { UsageChart } from './chart/usage-chart'
import { ConnectionPanel, DataPanel, useDetails } from './connection-panel'
import { dayCosts, DAYS, firstDayMs } from './day-costs'
import { DiskPanel } from './disk-panel'
import { GuardInPodPanel } from './guard-in-pod-panel'
import { GuardPanel, RulesPanel } from './guard-panels'
import { costByDayText, costSummary } from './pod-page-text'
import { useCalmPod, useIsStale } from './use-pod-part'
import { verdictText } from './verdict-text'

/** What is known of the pod, beside the frame of its page. */
export function Overview({ podKey }: { readonly podKey: PodKey }) {
  const pod = useCalmPod(podKey)
  const nowMs = useDeferredValue(useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0))
  return pod === undefined ? null : <OverviewOf pod={pod} nowMs={nowMs} />
}

interface OverviewOfProps {
  readonly pod: PodView
  /** The time of the list that the pod is from, Unix ms. */
  readonly nowMs: number
}

const OverviewOf = memo(function OverviewOf({ pod, nowMs }: OverviewOfProps) {
  const isStale = useIsStale(pod.key)
  const settings = useSettings()?.settings ?? null
  const details = useDetails(pod)
  const rows = useActivity({ podKey: pod.key }).rows ?? noRows
  return (
    <>
      <div className="main-column">
        <ProgressPanel pod={pod} isStale={isStale} />
        <UsageChart pod={pod} rows={rows} nowMs={nowMs} />
        <GpuPanel pod={pod} />
        <VerdictPanel pod={pod} settings={settings} vcpuCount={details?.vcpuCount ?? null} nowMs={nowMs} />
        <DiskPanel pod={pod} />
        <CostByDay pod={pod} nowMs={nowMs} />
      </div>
      <div className="side-column">
        <Notes pod={pod} isStale={isStale} />
        <GuardPanel pod={pod} isStale={isStale} nowMs={nowMs} />
        <RulesPanel pod={pod} settings={settings} />
        <GuardInPodPanel pod={pod} />
        <ConnectionPanel pod={pod} details={details} />
        <DataPanel pod={pod} />
      </div>
    </>
  )
})

/** The same for each render, for what is computed from it. */
const noRows: readonly ActivityRow[] = []

/** What is under way and other notes; renders nothing if there are none. */
function Notes({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  return (
    <div className="notes">
      <PodRemarks pod={pod} />
      <OutsideStopActions pod={pod} />
      <UnrecognizedLine pod={pod} />
      <ManagedPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
    </div>
  )
}

interface CostByDayProps {
  readonly pod: PodView
  /** Unix ms. */
  readonly nowMs: number
}

/** What the pod cost on each of the last days (UTC), with the part in which it was idle. */
function CostByDay({ pod, nowMs }: CostByDayProps) {
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

interface VerdictPanelProps {
  readonly pod: PodView
  readonly settings: Settings | null
  readonly vcpuCount: number | null
  /** Unix ms. */
  readonly nowMs: number
}

/** The verdict on what the pod does, one line for each condition. */
function VerdictPanel({ pod, settings, vcpuCount, nowMs }: VerdictPanelProps) {
  if (settings === null || pod.phase !== 'running') return null
  const { title, basis, lines } = verdictText(pod, { ...settings, vcpuCount }, nowMs)
  return (
    <section className="panel verdict" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end cap">{basis}</span>
      </header>
      <ul>
        {lines.map(({ label, figure, text, isMet }) => (
          <li key={label} className={isMet ? 'met' : 'failed'}>
            <span>{label}</span>
            <b>{figure}</b>
            <span>{text}</span>
            <Icon name={isMet ? 'check' : 'warning'} size={14} />
          </li>
        ))}
      </ul>
      {pod.reportedMetrics && (
        <p className="cap">
          {reportedMetricsText(pod.reportedMetrics, pod.managed ? managingServiceName : RUNPOD_NAME)}
        </p>
      )}
    </section>
  )
}
