import { namedNotifier } from '../../core/alerts/named-notifier'
import type { AlertHistoryStore } from '../../core/alerts/alert-history'
import { createHistoryStore } from '../../core/history/history-store'
import { createUsageObserver } from '../../core/history/observed-usage'
import type { Clock } from '../../core/base/time/clock'
import type { IdleEpisodeStore } from '../../core/guard/episode-names'
import { accountSettings } from '../../core/money/account-settings'
import type { PodJobs } from '../../core/idle/sample'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { PollSlot } from '../../core/polling/poll-spread'
import type { AccountListing } from '../../core/polling/shared-pods'
import type { Settings } from '../../core/settings/settings'
import type { FolderChannels } from '../../node/channels/folder-channels'
import type { OpenAuditLog } from '../../node/data-folder/records/audit-log'
import { historyFolder, openHistoryFiles } from '../../node/data-folder/records/history-files'
import {
  costsFolder,
  createMemoryLedgerFiles,
  openLedgerFiles,
} from '../../node/data-folder/records/ledger-files'
import type { FolderLock } from '../../node/data-folder/lock/folder-lock'
import type { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { unansweredAccountRules } from '../../node/in-memory/memory-account-rules'
import type { CliProcess } from '../output/cli-process'
import type { CliAccount } from '../account/account'
import { createCliHosts } from '../account/cli-hosts'
import { type CliSshOptions, createCliLookInside, createCliPodGuardHost } from '../account/cli-ssh'
import { homeFolder } from '../account/data-folder'
import { createCliMonitor } from '../account/create-monitor'
import { createHostFiles } from '../../ssh/hosts/host-files'
import type { LiveConfig } from '../account/live-config'
import { createWatchNotifier } from './notifier'
import type { Watch } from './watch'

/** The stores of the data folder, which all accounts of a watch share. */
export interface FolderStores {
  readonly lock: FolderLock
  readonly activity: OpenAuditLog
  readonly alertHistory: AlertHistoryStore
  readonly idleEpisodes: IdleEpisodeStore
  readonly terminalInput: ReturnType<typeof openTerminalInputFile>
}

export interface WatchAccountOptions {
  readonly folder: string
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
  readonly showNotification: CliProcess['showNotification']
  readonly liveConfig: LiveConfig
  /** Null for the demo, which keeps nothing. */
  readonly stores: FolderStores | null
  readonly watch: Watch
  readonly mayAnnounce: () => boolean
  /** How many accounts the settings' budgets are for. */
  readonly accountCount: number
  /** Alerts name the account. */
  readonly hasSeveral: boolean
  readonly pollSlot: PollSlot
  /** The listings of all accounts that are watched. */
  readonly listings: () => readonly AccountListing[]
  readonly initialNotices: readonly string[]
  readonly report: (text: string) => void
  readonly jobs: PodJobs
  /** Null for the demo. */
  readonly channels: FolderChannels | null
}

/** The monitor of one account of a watch, with the stores that are its own. */
export function createWatchMonitor(account: CliAccount, options: WatchAccountOptions): Monitor {
  const { folder, clock, env, liveConfig, stores, watch, report } = options
  const { id } = account.view
  const settings = (): Settings =>
    accountSettings(liveConfig.settings(), liveConfig.record(id) ?? {}, options.accountCount)
  const notifier = createWatchNotifier(
    (alert) => watch.alert(alert, { id, name: account.name }),
    options.showNotification,
  )
  const label = (): string | null => (options.hasSeveral ? account.name : null)
  const outlet = options.channels?.outletOf(id, { label, isRunpod: account.lab === undefined })
  const hasQuestion = account.question !== null
  const monitor = createCliMonitor({
    account,
    clock,
    settings,
    journal: stores?.lock.journal ?? null,
    creates: stores?.lock.creates ?? null,
    pollSlot: options.pollSlot,
    jobs: options.jobs,
    listings: options.listings,
    ...(stores ? { auditLog: stores.activity } : {}),
    initialNotices:
      account.question === null ? options.initialNotices : [...options.initialNotices, account.question],
    report,
    notifier: namedNotifier({ ...notifier, ...(outlet && { outlet }) }, label),
    mayAnnounce: options.mayAnnounce,
    followsNewPods: true,
    lookInside: createCliLookInside({ folder, account, clock, env, settings, report }),
    podGuardHost: createCliPodGuardHost({ folder, account, clock, env, settings, report }),
    ...(stores === null
      ? {}
      : {
          accountRules: hasQuestion ? unansweredAccountRules : liveConfig.accountRules,
          inputAgoMs: (podId: string) => stores.terminalInput.inputAgoMs(id, podId),
          alertHistory: stores.alertHistory,
          idleEpisodes: stores.idleEpisodes,
          // Until it is known which account it is, its costs are kept in memory only.
          ledgerFiles: hasQuestion
            ? createMemoryLedgerFiles()
            : openLedgerFiles(costsFolder(folder, id), () => stores.lock.mayWrite().ok),
          ...(!hasQuestion && {
            recordUsage: createUsageObserver(
              createHistoryStore({
                files: openHistoryFiles(historyFolder(folder, id), () => stores.lock.mayWrite().ok),
                nowMs: () => clock.now().wallMs,
                onProblem: (problem) => problem !== null && report(problem),
              }),
            ),
          }),
        }),
  })
  if (stores !== null) followHosts(monitor, { folder, account, clock, env, settings, report }, stores.lock)
  return monitor
}

/** See docs/product-rules.md#134-live-gpus-snippets-editors. */
function followHosts(monitor: Monitor, options: CliSshOptions, lock: FolderLock): void {
  const home = homeFolder(options.env)
  if (home === null) return
  const { onPods } = createCliHosts(options, createHostFiles(home, options.folder), () => lock.isActing())
  monitor.subscribe(({ listedAtMs }) => {
    // Before the first list no pod is known to be gone.
    if (listedAtMs !== null) onPods(options.account.view.id, monitor.accountPods().pods)
  })
}
