import { settingSections } from '../../core/settings/definitions/setting-types'
import { settingsBlocks } from '../../core/settings/search-settings'
import type { AccountId } from '../../core/pods/pod'
import { isIdle, podState } from '../../core/view/pod-state'
import { hasAccount, type Snapshot } from '../../core/view/snapshot'
import { notStartedText, queueNotChanged, runNextLabel } from '../pod-model/text/job-text'
import { stoppable } from '../../core/view/stops/stop-plan'
import { pageOf, shownService } from '../state/account-parts'
import type { IconName } from '../ui/icon'
import { commonText } from '../ui/common-text'
import { pageTitles, uiText } from '../ui/ui-text'
import type { PaletteEntry } from './palette-entry'
import { paletteText } from './palette-text'
import { paletteWords } from './palette-words-text'
import { podEntries } from './pod-entries'

/** All commands currently available: for the app, for the pods, and for every setting. */
export function paletteEntries(snapshot: Snapshot): readonly PaletteEntry[] {
  return [
    ...pageEntries,
    ...(hasAccount(snapshot) ? accountEntries(snapshot) : []),
    ...stopIdleEntries(snapshot),
    ...jobEntries(snapshot),
    ...switchEntries(snapshot),
    keysEntry,
    ...podEntries(snapshot),
    ...settingEntries,
  ]
}

const pageEntries: readonly PaletteEntry[] = (
  [
    ['pods', 'pods'],
    ['queue', 'queue'],
    ['costs', 'dollar'],
    ['terminals', 'terminal'],
    ['ports', 'plug'],
    ['volumes', 'disk'],
    ['clean-up', 'broom'],
    ['activity', 'bell'],
    ['settings', 'settings'],
  ] as const
).map(([page, icon]) => ({
  id: `page:${page}`,
  kind: 'command',
  keywords: `${paletteWords.page} ${paletteWords.pages[page]}`,
  ...(page === 'settings' && { commandKey: ',' }),
  label: paletteText.goTo(pageTitles[page]),
  hint: paletteText.page,
  icon,
  choose: ({ navigate }) => navigate(page),
}))

const newPodEntry: PaletteEntry = {
  id: 'new-pod',
  kind: 'command',
  shortcut: 'N',
  label: pageTitles['new-pod'],
  hint: uiText.appName,
  keywords: paletteWords.newPod,
  icon: 'plus',
  choose: ({ navigate }) => navigate('new-pod'),
}

const keysEntry: PaletteEntry = {
  id: 'keys',
  kind: 'command',
  label: paletteText.shortcuts,
  hint: uiText.appName,
  keywords: paletteWords.keys,
  shortcut: '?',
  icon: 'page',
  choose: ({ snapshotStore }) => snapshotStore.openDialog({ kind: 'keys' }),
}

const leaveDemoEntry: PaletteEntry = {
  id: 'leave-demo',
  kind: 'command',
  label: paletteText.leaveDemo,
  hint: uiText.appName,
  keywords: paletteWords.leaveDemo,
  icon: 'close',
  choose: ({ bridge, snapshotStore }) =>
    void snapshotStore.runRequest(paletteText.couldNotLeaveDemo, bridge.leaveDemo()),
}

/** Opens the question for all idle pods. */
function stopIdleEntries({ pods }: Snapshot): readonly PaletteEntry[] {
  const idle = stoppable(pods).filter(isIdle)
  if (idle.length === 0) return []
  return [
    {
      id: 'stop-all-idle',
      kind: 'command',
      label: paletteText.stopAllIdle,
      hint: paletteText.idlePods(idle.length),
      keywords: paletteWords.stopAllIdle,
      icon: 'stop',
      choose: ({ snapshotStore }) =>
        snapshotStore.openDialog({ kind: 'stop-pods', podKeys: idle.map(({ key }) => key) }),
    },
  ]
}

/** What can be done with the queue. */
function jobEntries({ queue, pods }: Snapshot): readonly PaletteEntry[] {
  if (queue === undefined) return []
  const { rules, suggestions, jobs } = queue
  const setPaused = (isPaused: boolean, label: string): PaletteEntry => ({
    id: 'pause-queue',
    kind: 'command',
    label,
    hint: pageTitles.queue,
    icon: 'queue',
    choose: ({ bridge, snapshotStore }) =>
      void snapshotStore.runRequest(queueNotChanged, bridge.setSchedule({ ...rules, isPaused })),
  })
  return [
    ...suggestions.flatMap(({ podKey, jobId }): readonly PaletteEntry[] => {
      const pod = pods.find(({ key }) => key === podKey)
      const job = jobs.find(({ id }) => id === jobId)
      if (pod === undefined || job === undefined) return []
      return [
        {
          id: `run-next-job:${podKey}`,
          kind: 'place',
          label: runNextLabel(job.spec.name, pod.name),
          hint: podState(pod).word,
          icon: 'start',
          choose: ({ bridge, snapshotStore }) =>
            void snapshotStore.runRequest(notStartedText(job.spec.name), bridge.runJob(jobId, podKey)),
        },
      ]
    }),
    {
      id: 'new-job',
      kind: 'command',
      label: paletteText.newJob,
      hint: pageTitles.queue,
      keywords: paletteWords.newJob,
      icon: 'plus',
      choose: ({ snapshotStore }) => snapshotStore.openDialog({ kind: 'job', jobId: null }),
    },
    rules.isPaused ? setPaused(false, paletteText.resumeQueue) : setPaused(true, paletteText.pauseQueue),
  ]
}

function accountEntries(snapshot: Snapshot): readonly PaletteEntry[] {
  const { account, alertsPausedUntilMs, guard } = snapshot
  const service = shownService({ snapshot, shownAccountId: null })
  const requestEntry = (
    name: 'refresh' | 'pauseAlerts' | 'resumeAlerts' | 'copyDiagnostics',
    label: string,
    icon: IconName,
    failure: string,
    keywords: string,
  ): PaletteEntry => ({
    id: `request:${name}`,
    kind: 'command',
    keywords,
    label,
    hint: uiText.appName,
    icon,
    choose: ({ bridge, snapshotStore }) => void snapshotStore.runRequest(failure, bridge[name]()),
  })
  const pauseEntry = (isPaused: boolean, label: string, failure: string): PaletteEntry => ({
    id: 'pause-auto-stops',
    kind: 'command',
    label,
    hint: uiText.appName,
    icon: 'shield',
    choose: ({ bridge, snapshotStore }) =>
      void snapshotStore.runRequest(failure, bridge.changeSetting('areAutoStopsPaused', isPaused)),
  })
  return [
    newPodEntry,
    requestEntry(
      'refresh',
      paletteText.refresh,
      'refresh',
      paletteText.couldNotRefresh,
      paletteWords.refresh,
    ),
    alertsPausedUntilMs === null
      ? requestEntry(
          'pauseAlerts',
          paletteText.pauseAlerts,
          'bell',
          paletteText.couldNotPauseAlerts,
          paletteWords.pauseAlerts,
        )
      : requestEntry(
          'resumeAlerts',
          paletteText.resumeAlerts,
          'bell',
          paletteText.couldNotResumeAlerts,
          paletteWords.resumeAlerts,
        ),
    guard.areAutoStopsPaused
      ? pauseEntry(false, paletteText.resumeAutoStop, paletteText.autoStopStaysPaused)
      : pauseEntry(true, paletteText.pauseAutoStop, paletteText.autoStopNotPaused),
    requestEntry(
      'copyDiagnostics',
      paletteText.copyDiagnostics,
      'page',
      paletteText.couldNotCopyDiagnostics,
      paletteWords.diagnostics,
    ),
    {
      id: 'open-service',
      kind: 'command',
      label: commonText.openService(service),
      hint: uiText.appName,
      keywords: paletteWords.openRunpod,
      icon: 'window',
      choose: ({ bridge, snapshotStore }) =>
        void snapshotStore.runRequest(
          commonText.couldNotOpenService(service),
          bridge.openPage(pageOf(service)),
        ),
    },
    {
      id: 'manage-accounts',
      kind: 'command',
      label: paletteText.manageAccounts,
      hint: pageTitles.settings,
      keywords: paletteWords.accounts,
      icon: 'settings',
      choose: ({ navigate }) => navigate('settings', 'accounts'),
    },
    ...(account?.isDemo === true ? [leaveDemoEntry] : []),
  ]
}

/** One for each account, and one for all together. Empty where there is one account. */
function switchEntries({ accounts }: Snapshot): readonly PaletteEntry[] {
  if (accounts.length < 2) return []
  const entry = (accountId: AccountId | null, label: string): PaletteEntry => ({
    id: `account:${accountId ?? ''}`,
    kind: 'command',
    label,
    hint: paletteText.account,
    icon: 'pods',
    choose: ({ snapshotStore }) => snapshotStore.showAccount(accountId),
  })
  return [
    entry(null, paletteText.showAllAccounts),
    ...accounts.map((part) => entry(part.entry.id, paletteText.showAccount(part.entry.name))),
  ]
}

const settingEntries: readonly PaletteEntry[] = settingsBlocks.flatMap(({ section, title, items }) =>
  items.map((item) => ({
    id: `setting:${item.id}`,
    label: item.label,
    kind: 'setting',
    hint: paletteText.setting(settingSections[section]),
    keywords: `${title} ${item.help} ${item.keywords}`.toLowerCase(),
    icon: 'settings',
    choose: ({ navigate }) => navigate('settings', item.id),
  })),
)
