import { accountName } from '../../core/view/account-name'
import { settingSections } from '../../core/settings/definitions/setting-types'
import type { AccountId } from '../../core/pods/pod'
import { hasAccount, type PodView, type Snapshot } from '../../core/view/snapshot'
import { notStartedText, queueNotChanged, runNextLabel } from '../pod-model/text/job-text'
import { podCommands, runPodCommand } from '../pod-model/commands/pod-commands'
import { commandText } from '../pod-model/commands/command-text'
import { podState } from '../../core/view/pod-state'
import type { WindowServices } from '../state/window-context'
import type { IconName } from '../ui/icon'
import { settingsBlocks } from '../../core/settings/search-settings'
import { fuzzyScore, keywordScore } from './fuzzy'
import { pageTitles, uiText } from '../ui/ui-text'
import { paletteText } from './palette-text'

const SETTING_MALUS = 10

/** A command of the palette. */
export interface PaletteEntry {
  readonly id: string
  readonly label: string
  /** The category, or the current state. */
  readonly hint: string
  /** Settings come after what can be done at once and is named alike. */
  readonly kind?: 'setting'
  /** Other words that find it, in lower case. */
  readonly keywords?: string
  readonly icon: IconName
  readonly run: (services: EntryServices) => void
}

type EntryServices = Pick<WindowServices, 'bridge' | 'snapshotStore' | 'navigate'>

/** All commands currently available: for the app, for each pod, and for every setting. */
export function paletteEntries(snapshot: Snapshot): readonly PaletteEntry[] {
  return [
    ...pageEntries,
    ...(hasAccount(snapshot) ? accountEntries(snapshot) : []),
    ...jobEntries(snapshot),
    ...switchEntries(snapshot),
    ...snapshot.pods.flatMap((pod) => podEntries(pod, snapshot)),
    ...settingEntries,
  ]
}

/** The entries that match `query`, the best first; all in their original order when it is empty. */
export function rankEntries(entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] {
  const normalizedQuery = query.trim().toLowerCase()
  if (normalizedQuery === '') return entries
  const matches: { readonly entry: PaletteEntry; readonly score: number }[] = []
  for (const entry of entries) {
    const label = entry.label.toLowerCase()
    const score = Math.max(
      fuzzyScore(normalizedQuery, label) ?? 0,
      keywordScore(normalizedQuery, `${label} ${entry.keywords ?? ''}`) ?? 0,
    )
    if (score > 0) matches.push({ entry, score: score - (entry.kind === 'setting' ? SETTING_MALUS : 0) })
  }
  return matches.sort((a, b) => b.score - a.score).map(({ entry }) => entry)
}

const pageEntries: readonly PaletteEntry[] = (
  [
    ['pods', 'pods'],
    ['queue', 'queue'],
    ['costs', 'dollar'],
    ['terminals', 'terminal'],
    ['ports', 'plug'],
    ['volumes', 'disk'],
    ['activity', 'bell'],
    ['settings', 'settings'],
  ] as const
).map(([page, icon]) => ({
  id: `page:${page}`,
  label: paletteText.goTo(pageTitles[page]),
  hint: paletteText.page,
  icon,
  run: ({ navigate }) => navigate(page),
}))

const newPodEntry: PaletteEntry = {
  id: 'new-pod',
  label: pageTitles['new-pod'],
  hint: uiText.appName,
  keywords: paletteText.newPodKeywords,
  icon: 'plus',
  run: ({ navigate }) => navigate('new-pod'),
}

/** What can be done with the queue. */
function jobEntries({ queue, pods }: Snapshot): readonly PaletteEntry[] {
  if (queue === undefined) return []
  const { rules, suggestions, jobs } = queue
  const setPaused = (isPaused: boolean, label: string): PaletteEntry => ({
    id: 'pause-queue',
    label,
    hint: pageTitles.queue,
    icon: 'queue',
    run: ({ bridge, snapshotStore }) =>
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
          label: runNextLabel(job.spec.name, pod.name),
          hint: podState(pod).word,
          icon: 'start',
          run: ({ bridge, snapshotStore }) =>
            void snapshotStore.runRequest(notStartedText(job.spec.name), bridge.runJob(jobId, podKey)),
        },
      ]
    }),
    {
      id: 'new-job',
      label: paletteText.newJob,
      hint: pageTitles.queue,
      keywords: paletteText.newJobKeywords,
      icon: 'plus',
      run: ({ snapshotStore }) => snapshotStore.openDialog({ kind: 'job', jobId: null }),
    },
    rules.isPaused ? setPaused(false, paletteText.resumeQueue) : setPaused(true, paletteText.pauseQueue),
  ]
}

function accountEntries({ alertsPausedUntilMs, guard }: Snapshot): readonly PaletteEntry[] {
  const requestEntry = (
    name: 'refresh' | 'pauseAlerts' | 'resumeAlerts' | 'copyDiagnostics',
    label: string,
    icon: IconName,
    failure: string,
  ): PaletteEntry => ({
    id: `request:${name}`,
    label,
    hint: uiText.appName,
    icon,
    run: ({ bridge, snapshotStore }) => void snapshotStore.runRequest(failure, bridge[name]()),
  })
  const pauseEntry = (isPaused: boolean, label: string, failure: string): PaletteEntry => ({
    id: 'pause-auto-stops',
    label,
    hint: uiText.appName,
    icon: 'shield',
    run: ({ bridge, snapshotStore }) =>
      void snapshotStore.runRequest(failure, bridge.changeSetting('areAutoStopsPaused', isPaused)),
  })
  return [
    newPodEntry,
    requestEntry('refresh', paletteText.refresh, 'refresh', paletteText.couldNotRefresh),
    alertsPausedUntilMs === null
      ? requestEntry('pauseAlerts', paletteText.pauseAlerts, 'bell', paletteText.couldNotPauseAlerts)
      : requestEntry('resumeAlerts', paletteText.resumeAlerts, 'bell', paletteText.couldNotResumeAlerts),
    guard.areAutoStopsPaused
      ? pauseEntry(false, paletteText.resumeAutoStop, paletteText.autoStopStaysPaused)
      : pauseEntry(true, paletteText.pauseAutoStop, paletteText.autoStopNotPaused),
    requestEntry('copyDiagnostics', paletteText.copyDiagnostics, 'page', paletteText.couldNotCopyDiagnostics),
  ]
}

/** One for each account, and one for all together. Empty where there is one account. */
function switchEntries({ accounts }: Snapshot): readonly PaletteEntry[] {
  if (accounts.length < 2) return []
  const entry = (accountId: AccountId | null, label: string): PaletteEntry => ({
    id: `account:${accountId ?? ''}`,
    label,
    hint: paletteText.account,
    icon: 'pods',
    run: ({ snapshotStore }) => snapshotStore.showAccount(accountId),
  })
  return [
    entry(null, paletteText.showAllAccounts),
    ...accounts.map((part) => entry(part.entry.id, paletteText.showAccount(part.entry.name))),
    {
      id: 'manage-accounts',
      label: paletteText.manageAccounts,
      hint: pageTitles.settings,
      icon: 'settings',
      run: ({ navigate }) => navigate('settings', 'accounts'),
    },
  ]
}

function podEntries(pod: PodView, snapshot: Snapshot): readonly PaletteEntry[] {
  const hint = podState(pod).word
  const account = accountName(snapshot, pod.accountId)
  const name = account === null ? pod.name : `${pod.name} · ${account}`
  return [
    {
      id: `show:${pod.key}`,
      label: paletteText.show(name),
      hint,
      icon: 'pods',
      run: ({ snapshotStore }) => snapshotStore.showPod(pod.key),
    },
    ...snippetEntries(pod, name, hint),
    ...podCommands(pod).map((command): PaletteEntry => {
      const { id, icon, sentence } = commandText(command, snapshot.atMs)
      return {
        id: `${id}:${pod.key}`,
        label: sentence(name),
        hint,
        icon,
        run: (services) => void runPodCommand(services, pod, command),
      }
    }),
  ]
}

/** A snippet is inserted into a new terminal. */
const snippetEntries = (pod: PodView, name: string, hint: string): readonly PaletteEntry[] =>
  pod.sshRoute === null
    ? []
    : [
        {
          id: `snippets:${pod.key}`,
          label: paletteText.insertSnippet(name),
          hint,
          keywords: paletteText.snippetKeywords,
          icon: 'terminal',
          run: ({ snapshotStore }) =>
            snapshotStore.openDialog({ kind: 'snippets', podKey: pod.key, terminalId: null }),
        },
      ]

const settingEntries: readonly PaletteEntry[] = settingsBlocks.flatMap(({ section, title, items }) =>
  items.map((item) => ({
    id: `setting:${item.id}`,
    label: item.label,
    kind: 'setting',
    hint: paletteText.setting(settingSections[section]),
    keywords: `${title} ${item.help} ${item.keywords}`.toLowerCase(),
    icon: 'settings',
    run: ({ navigate }) => navigate('settings', item.id),
  })),
)
