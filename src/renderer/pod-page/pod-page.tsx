import './pod-page.css'
import './panels.css'
import { useEffect, useRef, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { isPodKey } from '../../core/pods/pod'
import { podState } from '../../core/view/pod-state'
import type { PodView } from '../../core/view/snapshot'
import { ActivityPanel } from '../activity/activity-panel'
import { allActivity } from '../activity/activity-view'
import { useActivity } from '../activity/use-activity'
import { podCommands, runPodCommand } from '../pod-model/pod-commands'
import { podColor } from '../pod-model/pod-color'
import { CardButtons, PodRemarks } from '../pods/card/pod-card'
import { PodFacts } from '../pods/card/pod-facts'
import { IntentPanel } from '../pods/card/panels/intent-panel'
import { ProgressPanel } from '../pods/card/panels/progress-panel'
import { ManagedPanel } from '../pods/card/managed-panel'
import { WarningLeads } from '../pods/card/warning-leads'
import { NO_PRICE } from '../pod-model/pod-text'
import { accountListedAtMs, isAccountStale } from '../state/account-parts'
import { perHourUsd } from '../state/arrange/pod-order'
import { useShortcuts } from '../state/shortcuts'
import { useSettings } from '../state/use-settings'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/account-label'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { lazyPart } from '../ui/lazy-part'
import { Money } from '../ui/money'
import { pageTitles, uiText } from '../ui/ui-text'
import { UsageChart } from './chart/usage-chart'
import { ConnectionPanel, DataPanel, useDetails } from './connection-panel'
import { GpuPanel } from '../gpus/gpu-panel'
import { CostByDay } from './cost-by-day'
import { GuardInPodPanel } from './guard-in-pod-panel'
import { GuardPanel, RulesPanel } from './guard-panels'
import { podPageText } from './pod-page-text'
import { VerdictPanel } from './verdict-panel'

/** Loaded on demand, because few people read logs often. */
const logView = lazyPart(
  () => import('../logs/log-view').then(({ LogView }) => LogView),
  podPageText.couldNotLoadLog,
)

/** Everything about one pod: docs/product-rules.md#10-pod-page-history-logs. */
export function PodPage() {
  const { snapshotStore } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget?.id ?? null)
  const pod = useSnapshotStore(({ podsByKey }) => (target === null ? undefined : podsByKey.get(target)))
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  if (pod?.isFromLastRun === true)
    return (
      <section className="page" aria-label={pageTitles.pod}>
        <BlankSlate icon="pods" title={podPageText.notListedYet}>
          {podPageText.notListedYetHelp}
        </BlankSlate>
      </section>
    )
  if (pod !== undefined)
    return (
      <WarningLeads>
        <KnownPod key={pod.key} pod={pod} />
      </WarningLeads>
    )
  if (!hasSnapshot) return <p className="cap part-opening">{uiText.opening}</p>
  return (
    <section className="page" aria-label={pageTitles.pod}>
      <BlankSlate
        icon="pods"
        title={podPageText.gone}
        actions={
          <>
            <Button onPress={() => snapshotStore.showPage('pods')}>{podPageText.showPods}</Button>
            {target !== null && isPodKey(target) && (
              <Button onPress={() => snapshotStore.showPage('activity', target)}>
                {podPageText.showActivity}
              </Button>
            )}
          </>
        }
      >
        {podPageText.goneHelp}
      </BlankSlate>
    </section>
  )
}

function KnownPod({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  const { snapshotStore } = services
  const [tab, setTab] = useState<'overview' | 'activity'>('overview')
  // Logs are a page of their own, so that what leads to them can open it.
  const areLogsShown = useSnapshotStore(({ page }) => page === 'logs') && pod.hasLogs === true
  const show = (key: unknown) => {
    if (key !== 'logs') setTab(key === 'activity' ? 'activity' : 'overview')
    snapshotStore.showPage(key === 'logs' ? 'logs' : 'pod', pod.key)
  }
  const isStale = useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, pod.accountId))
  const settings = useSettings()?.settings ?? null
  const details = useDetails(pod)
  const rows = useActivity({ podKey: pod.key }).rows ?? []
  const [activityView, setActivityView] = useState(allActivity)
  const run = (kind: 'stop' | 'terminal') => () => {
    if (podCommands(pod).some((command) => command.kind === kind)) void runPodCommand(services, pod, { kind })
  }
  useShortcuts({
    stop: run('stop'),
    terminal: run('terminal'),
    keys: () => snapshotStore.openDialog({ kind: 'keys' }),
    close: () => {
      if (snapshotStore.store.getState().dialog === null) snapshotStore.showPage('pods', pod.key)
    },
  })
  return (
    <section
      className={`page pod-page ${podColor(pod)}${isStale ? ' stale' : ''}${areLogsShown ? ' of-logs' : ''}`}
      aria-labelledby="pod-page-name"
      data-drop-pod={pod.sshRoute === 'direct' ? pod.key : undefined}
    >
      <PodHeader pod={pod} />
      <Tabs selectedKey={areLogsShown ? 'logs' : tab} onSelectionChange={show} className="pod-tabs">
        <TabList aria-label={podPageText.parts(pod.name)}>
          <Tab id="overview">{podPageText.overview}</Tab>
          <Tab id="activity">{podPageText.activity}</Tab>
          {pod.hasLogs === true && <Tab id="logs">{podPageText.logs}</Tab>}
        </TabList>
        <TabPanel id="overview" className="overview">
          <div className="main-column">
            <ProgressPanel pod={pod} isStale={isStale} />
            <UsageChart pod={pod} rows={rows} />
            <GpuPanel pod={pod} />
            <VerdictPanel pod={pod} settings={settings} vcpuCount={details?.vcpuCount ?? null} />
            <CostByDay pod={pod} />
          </div>
          <div className="side-column">
            <Notes pod={pod} isStale={isStale} />
            <GuardPanel pod={pod} isStale={isStale} />
            <RulesPanel pod={pod} settings={settings} />
            <GuardInPodPanel pod={pod} />
            <ConnectionPanel pod={pod} details={details} />
            <DataPanel pod={pod} />
          </div>
        </TabPanel>
        <TabPanel id="activity" className="activity">
          <ActivityPanel
            view={activityView}
            onView={(change) => setActivityView((view) => ({ ...view, ...change }))}
            podKey={pod.key}
            onPod={null}
            emptyText={podPageText.noActivity}
          />
        </TabPanel>
        <TabPanel id="logs" className="logs">
          <logView.Component podKey={pod.key} />
        </TabPanel>
      </Tabs>
    </section>
  )
}

function PodHeader({ pod }: { readonly pod: PodView }) {
  const { snapshotStore } = useWindow()
  const asOfMs = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : accountListedAtMs(snapshot, pod.accountId),
  )
  const { tone, word } = podState(pod, asOfMs)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const usd = perHourUsd(pod)
  return (
    <header className="pod-head">
      <span className="crumb">
        <Button
          kind="bare"
          label={podPageText.allPods}
          onPress={() => snapshotStore.showPage('pods', pod.key)}
        >
          {podPageText.pods}
        </Button>
        <span aria-hidden="true">/</span>
      </span>
      <span className="id-bar" aria-hidden="true" />
      <h1 id="pod-page-name" ref={heading} tabIndex={-1} title={pod.name}>
        <bdi>{pod.name}</bdi>
      </h1>
      <span className={`pill ${tone}`}>{word}</span>
      <AccountLabel accountId={pod.accountId} />
      <PodFacts pod={pod} isDetailed={false} />
      <span className="rate">
        {usd !== null && pod.isPriceApproximate === true && <small>{podPageText.approximately} </small>}
        {usd === null ? NO_PRICE : <Money usd={usd} per="hour" />}
      </span>
      <CardButtons pod={pod} />
    </header>
  )
}

/** What is under way, and what else is to be said; nothing where there is nothing. */
function Notes({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  return (
    <div className="notes">
      <PodRemarks pod={pod} />
      <ManagedPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
    </div>
  )
}
