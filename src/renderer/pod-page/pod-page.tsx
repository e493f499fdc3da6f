import './pod-page.css'
import './panels.css'
import { memo, useEffect, useRef, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { isPodKey, type PodKey } from '../../core/pods/pod'
import { podState } from '../../core/view/pod-state'
import type { PodView } from '../../core/view/snapshot'
import { ActivityPanel } from '../activity/activity-panel'
import { allActivity } from '../activity/activity-view'
import { podCommands, runPodCommand } from '../pod-model/commands/pod-commands'
import { podColor } from '../pod-model/pod-color'
import { CardButtons } from '../pods/card/pod-card'
import { PodFacts } from '../pods/card/pod-facts'
import { WarningLeads } from '../pods/card/warning-leads'
import { NO_PRICE } from '../pod-model/text/pod-text'
import { accountListedAtMs } from '../state/account-parts'
import { perHourUsd } from '../state/arrange/pod-order'
import { useShortcuts } from '../state/shortcuts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { lazyPart } from '../ui/lazy-part'
import { Money } from '../ui/labels/money'
import { pageTitles, uiText } from '../ui/ui-text'
import { Overview } from './overview'
import { podPageText } from './pod-page-text'
import { useCalmPod, useIsStale, usePodPart } from './use-pod-part'

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
        <KnownPod key={pod.key} podKey={pod.key} name={pod.name} />
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

interface KnownPodProps {
  readonly podKey: PodKey
  readonly name: string
}

/** The frame of the page, which most changes of the pod leave as it is. */
const KnownPod = memo(function KnownPod({ podKey, name }: KnownPodProps) {
  const services = useWindow()
  const { snapshotStore } = services
  const [tab, setTab] = useState<'overview' | 'activity'>('overview')
  const hasLogs = usePodPart(podKey, (pod) => pod.hasLogs) === true
  const color = usePodPart(podKey, podColor) ?? ''
  const isDirect = usePodPart(podKey, ({ sshRoute }) => sshRoute === 'direct')
  const isStale = useIsStale(podKey)
  // Logs are a page of their own, so that what leads to them can open it.
  const areLogsShown = useSnapshotStore(({ page }) => page === 'logs') && hasLogs
  const show = (key: unknown) => {
    if (key !== 'logs') setTab(key === 'activity' ? 'activity' : 'overview')
    snapshotStore.showPage(key === 'logs' ? 'logs' : 'pod', podKey)
  }
  const [activityView, setActivityView] = useState(allActivity)
  const run = (kind: 'stop' | 'terminal') => () => {
    const pod = snapshotStore.store.getState().podsByKey.get(podKey)
    if (pod !== undefined && podCommands(pod).some((command) => command.kind === kind))
      void runPodCommand(services, pod, { kind })
  }
  useShortcuts({
    stop: run('stop'),
    terminal: run('terminal'),
    close: () => {
      if (snapshotStore.store.getState().dialog === null) snapshotStore.showPage('pods', podKey)
    },
  })
  return (
    <section
      className={`page pod-page ${color}${isStale ? ' stale' : ''}${areLogsShown ? ' of-logs' : ''}`}
      aria-labelledby="pod-page-name"
      data-drop-pod={isDirect ? podKey : undefined}
    >
      <PodHeader podKey={podKey} />
      <Tabs selectedKey={areLogsShown ? 'logs' : tab} onSelectionChange={show} className="pod-tabs">
        <TabList aria-label={podPageText.parts(name)}>
          <Tab id="overview">{podPageText.overview}</Tab>
          <Tab id="activity">{podPageText.activity}</Tab>
          {hasLogs && <Tab id="logs">{podPageText.logs}</Tab>}
        </TabList>
        <TabPanel id="overview" className="overview">
          <Overview podKey={podKey} />
        </TabPanel>
        <TabPanel id="activity" className="activity">
          <ActivityPanel
            view={activityView}
            onView={(change) => setActivityView((view) => ({ ...view, ...change }))}
            podKey={podKey}
            onPod={null}
            emptyText={podPageText.noActivity}
          />
        </TabPanel>
        <TabPanel id="logs" className="logs">
          <logView.Component podKey={podKey} />
        </TabPanel>
      </Tabs>
    </section>
  )
})

function PodHeader({ podKey }: { readonly podKey: PodKey }) {
  const pod = useCalmPod(podKey)
  const isStale = useIsStale(podKey)
  return pod === undefined ? null : <PodHeaderOf pod={pod} isStale={isStale} />
}

interface PodHeaderProps {
  readonly pod: PodView
  readonly isStale: boolean
}

const PodHeaderOf = memo(function PodHeaderOf({ pod, isStale }: PodHeaderProps) {
  const { snapshotStore } = useWindow()
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
      <StatePill pod={pod} />
      <AccountLabel accountId={pod.accountId} />
      <PodFacts pod={pod} isDetailed={false} />
      <span className="rate">
        {usd !== null && pod.isPriceApproximate === true && <small>{podPageText.approximately} </small>}
        {usd === null ? NO_PRICE : <Money usd={usd} per="hour" />}
      </span>
      <CardButtons pod={pod} isStale={isStale} />
    </header>
  )
})

/** What it says changes with each list, and the rest of the header doesn't. */
function StatePill({ pod }: { readonly pod: PodView }) {
  const asOfMs = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : accountListedAtMs(snapshot, pod.accountId),
  )
  const { tone, word } = podState(pod, asOfMs)
  return <span className={`pill ${tone}`}>{word}</span>
}
