import { namedNotifier } from '../../core/alerts/alert'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { Settings } from '../../core/settings/settings'
import { createNotices } from '../../core/view/notices'
import type { FolderHost } from '../../node/host/host-types'
import { createHostFiles } from '../../ssh/hosts/host-files'
import type { CliAccount } from '../account/account'
import { createCliHosts } from '../account/cli-hosts'
import { type CliSshOptions, createCliPodAccess } from '../account/cli-ssh'
import { createCliMonitor, podApiBaseOf } from '../account/create-monitor'
import { homeFolder } from '../account/data-folder'
import type { CliProcess } from '../output/cli-process'
import { createWatchNotifier } from './notifier'
import type { Watch } from './watch'

export interface WatchAccountOptions {
  readonly pods: Omit<CliSshOptions, 'account'>
  /** Null for the demo, which keeps nothing. */
  readonly folderHost: FolderHost | null
  readonly settings: () => Settings
  readonly showNotification: CliProcess['showNotification']
  readonly watch: Pick<Watch, 'alert'>
  /** Alerts name the account. */
  readonly hasSeveral: boolean
  readonly initialNotices: readonly string[]
}

/** The monitor of one account of a watch. */
export function createWatchMonitor(account: CliAccount, options: WatchAccountOptions): Monitor {
  const { pods, folderHost, settings, watch, initialNotices } = options
  const { clock, report } = pods
  const { view, name, question } = account
  const label = (): string | null => (options.hasSeveral ? name : null)
  const notifier = createWatchNotifier(
    (alert) => watch.alert(alert, { id: view.id, name }),
    options.showNotification,
  )
  const texts = question === null ? initialNotices : [...initialNotices, question]
  const notices = createNotices(texts, clock.now().wallMs)
  if (folderHost === null) {
    const { lookInside, diskReader, podGuardHost, reachSsh } = createCliPodAccess(pods, account)
    return createCliMonitor({
      account,
      clock,
      settings,
      journal: null,
      notifier: namedNotifier(notifier, label),
      notices,
      mayAnnounce: () => true,
      lookInside: lookInside(view.id),
      diskReader: diskReader(view.id),
      podGuardHost: podGuardHost(view.id),
      reachSsh,
      report,
    })
  }
  const monitor = folderHost.createMonitor({
    account: view,
    provider: account.provider,
    settings,
    notifier,
    notices,
    auditLog: folderHost.activity,
    podApiBase: () => podApiBaseOf(account),
    label,
    isRunpod: account.lab === undefined,
    isUnclear: question !== null,
    addedAtMs: account.addedAtMs ?? null,
  })
  followHosts(monitor, { ...pods, account }, folderHost)
  return monitor
}

/** See docs/product-rules.md#134-live-gpus-snippets-editors. */
function followHosts(monitor: Monitor, options: CliSshOptions, { lock }: FolderHost): void {
  const home = homeFolder(options.env)
  if (home === null) return
  const { onPods } = createCliHosts(options, createHostFiles(home, options.folder), lock.isActing)
  monitor.subscribe(({ listedAtMs }) => {
    // Before the first list no pod is known to be gone.
    if (listedAtMs !== null) onPods(options.account.view.id, monitor.accountPods().pods)
  })
}
