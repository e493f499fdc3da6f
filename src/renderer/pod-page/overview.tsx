import { memo, useDeferredValue } from 'react'
import type { ActivityRow } from '../../core/audit-log/activity-rows'
import type { PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { useActivity } from '../activity/use-activity'
import { GpuPanel } from '../gpus/gpu-panel'
import { PodRemarks } from '../pods/card/pod-card'
import { IntentPanel } from '../pods/card/panels/intent-panel'
import { ProgressPanel } from '../pods/card/panels/progress-panel'
import { ManagedPanel } from '../pods/card/managed-panel'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore } from '../state/window-context'
import { UsageChart } from './chart/usage-chart'
import { ConnectionPanel, DataPanel, useDetails } from './connection-panel'
import { CostByDay } from './cost-by-day'
import { GuardInPodPanel } from './guard-in-pod-panel'
import { GuardPanel, RulesPanel } from './guard-panels'
import { useCalmPod, useIsStale } from './use-pod-part'
import { VerdictPanel } from './verdict-panel'

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
      <ManagedPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
    </div>
  )
}
