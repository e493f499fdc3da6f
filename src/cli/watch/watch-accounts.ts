import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { AuditEntry } from '../../core/audit-log/audit-log'
import { appEntry } from '../../core/audit-log/audit-text'
import { errorText } from '../../core/base/text/error-text'
import { fail } from '../../core/base/result'
import type { ChannelsView } from '../../core/channels/outbox/outbox-ports'
import { accountSettings, overallBudgets } from '../../core/money/account-settings'
import { ALL_ACCOUNTS } from '../../core/money/overall-budget'
import { mergeMoney } from '../../core/money/merge-money'
import type { Monitor } from '../../core/monitor/monitor-types'
import { createTakeoverRepublish } from '../../core/monitor/takeover'
import { readOnlyText } from '../../core/obstacles/obstacle-text'
import { parsePodKey } from '../../core/pods/pod'
import { createApprovals } from '../../core/pods-api/access/approvals'
import type { Settings } from '../../core/settings/settings'
import { mergeSnapshots } from '../../core/view/merge-snapshots'
import { emptySnapshot, type Snapshot } from '../../core/view/snapshot'
import { createControlServer } from '../../node/control/control-server'
import { nameOfComputer } from '../../node/data-folder/computer-file'
import type { LockRole } from '../../node/data-folder/lock/folder-lock'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { createFolderHost } from '../../node/host/folder-host'
import type { FolderHost, FolderHostOptions } from '../../node/host/host-types'
import { roleObstacle } from '../../node/host/role-obstacle'
import type { CliAccount } from '../account/account'
import { toAccountSnapshot } from '../account/account-snapshot'
import { dataFolderText } from '../account/account-text'
import { createConfigChangers } from '../account/active-folder'
import { createCliPodAccess } from '../account/cli-ssh'
import type { CliConfig } from '../account/config'
import { openLiveConfig } from '../account/live-config'
import type { CliProcess } from '../output/cli-process'
import { exitCodes } from '../output/exit'
import { createBuildWatch } from './build-watch'
import { createWatchNotifier } from './notifier'
import { createWatch, type WatchOptions, type WatchProcess } from './watch'
import { createWatchMonitor } from './watch-account'
import { watchText } from './watch-text'

export interface WatchAccountsOptions
  extends
    Pick<WatchOptions, 'watchOutput' | 'ending'>,
    Pick<
      FolderHostOptions,
      'folder' | 'clock' | 'createFolderLock' | 'sendToChannel' | 'sendHeartbeat' | 'phoneServices'
    > {
  readonly version: string
  /** Those to watch, at least one. */
  readonly accounts: readonly CliAccount[]
  /** How many accounts there are, watched or not. */
  readonly accountCount: number
  /** Finds out which account the key of one belongs to. `report` gets a sentence while that has to wait. */
  readonly identify: (account: CliAccount, report: (problem: string) => void) => Promise<CliAccount>
  /** Sentences on keys that cannot be used. */
  readonly problems: readonly string[]
  readonly config: CliConfig
  readonly process: WatchProcess & Pick<CliProcess, 'env' | 'showNotification' | 'buildFolder'>
}

const SHUTDOWN_TIMEOUT_MS = 5_000

interface WatchedCliAccount {
  readonly account: CliAccount
  /** Null until it is known which account it is. */
  readonly monitor: Monitor | null
}

const notYetWatched = (atMs: number): Snapshot => ({
  ...emptySnapshot(atMs, []),
  connection: { kind: 'connecting' },
})

/**
 * Watches all accounts until the user ends it: a monitor for each, and one host and control server of the data folder.
 * The demo has no journal and no data folder to share.
 */
export async function watchAccounts(options: WatchAccountsOptions): Promise<number> {
  const { folder, accounts, accountCount, config, clock, watchOutput } = options
  const { env, showNotification } = options.process
  const isDemo = accounts.some(({ view }) => view.isDemo)
  const hasSeveral = accounts.length > 1
  const problems = [...config.problems, ...options.problems]
  const nowMs = (): number => clock.now().wallMs
  let watched: readonly WatchedCliAccount[] = accounts.map((account) => ({ account, monitor: null }))
  const monitors = (): readonly Monitor[] => watched.flatMap(({ monitor }) => monitor ?? [])
  let role: LockRole = { kind: 'active' }
  let isStarted = false
  const roleNote = (): string | null => {
    const obstacle = roleObstacle(role, role.kind === 'active')
    return obstacle === null ? null : readOnlyText(obstacle)
  }
  const build = createBuildWatch(options.process.buildFolder, reportBuild)
  const watch = createWatch({
    ...options,
    roleNote,
    computer: () => nameOfComputer(settings()),
    onCheck: () => build.check(),
    hasSeveral,
  })
  const reportNotice = (text: string): void =>
    watch.report({ event: 'notice', text, fields: { podId: null } })
  /** Null for the demo, and until it is created: it needs the settings, which only it may write. */
  let folderHost: FolderHost | null = null
  const liveConfig = openLiveConfig({
    folder,
    nowMs,
    mayWrite: () => folderHost?.lock.mayWrite() ?? fail(watchText.demoSavesNothing),
    reportedProblems: config.problems,
    report: reportNotice,
  })
  function settings(): Settings {
    return liveConfig.settings()
  }
  const pods = { folder, clock, env, settings, report: reportNotice }
  const host = isDemo ? null : createWatchHost()
  folderHost = host
  const record = (entry: AuditEntry): void => void host?.activity.record(entry)
  const service = createControlServer({
    clock,
    monitor: (accountId) => watched.find(({ account }) => account.view.id === accountId)?.monitor ?? null,
    isDemo: () => isDemo,
    settings,
    queue: () => host?.queue ?? null,
    health: () => host && { version: options.version, isOutdated: build.isOutdated(), ...host.health() },
    ...createConfigChangers(liveConfig, record, nowMs),
    record,
    approvals: createApprovals({
      clock,
      newId: randomUUID,
      record,
      show(approval) {
        reportNotice(watchText.agentAsks(approval.agent, approval.what))
        return () => {}
      },
    }),
    hasHistory: true,
    report: (what) => reportNotice(what),
  })

  function reportBuild(text: string): void {
    reportNotice(text)
    record(appEntry('other-build', text, 'warning', nowMs()))
  }

  function createWatchHost(): FolderHost {
    const terminalInput = openTerminalInputFile(folder, nowMs)
    return createFolderHost({
      ...options,
      program: 'podkeeper watch',
      settings,
      accountRules: liveConfig.accountRules,
      monitors,
      keyring: null,
      podAccess: createCliPodAccess(pods),
      // A server has no lock, and nobody sits in front of it.
      isScreenLocked: () => null,
      notifier: createWatchNotifier((alert) => watch.alert(alert, null), showNotification),
      // Only the app's alerts can be paused, since users can end a command at any time.
      alertsPausedUntilMs: () => null,
      inputAgoMs(podKey) {
        const { accountId, podId } = parsePodKey(podKey)
        return terminalInput.inputAgoMs(accountId, podId)
      },
      onRole: showRole,
      onJournalProblem: reportNotice,
      onActivityProblem: (problem) => reportNotice(problem ?? dataFolderText.activityWritten),
      onHistoryProblem: (_accountId, problem) => problem !== null && reportNotice(problem),
      onChannels: createChannelReporter(reportNotice),
      report: (what, cause) => reportNotice(cause === undefined ? what : `${what}: ${errorText(cause)}`),
    })
  }

  function showRole(next: LockRole): void {
    role = next
    if (next.kind === 'active' && !isStarted) return
    // On a screen, a person sees why nothing is stopped. A service would look alive.
    if (next.kind === 'unsupported-format' && watchOutput.kind === 'lines') void endForFormat(next.problem)
    const text = roleNote() ?? watchText.acts
    watch.report({ event: 'role', text, fields: { role: next.kind === 'active' ? 'acting' : 'reading' } })
  }

  async function endForFormat(problem: string): Promise<void> {
    options.process.stderr.write(`${problem}\n`)
    const key = {
      kind: 'unable-to-act',
      accountId: ALL_ACCOUNTS,
      podId: null,
      episode: 'folder-format',
    } as const
    const alert = { key, title: watchText.cannotAct, body: problem, isCritical: true, buttons: [] }
    await createWatchNotifier((shown) => watch.alert(shown, null), showNotification).show(alert)
    watch.end(exitCodes.folderFormat)
  }

  const accountSnapshots = () =>
    watched.map(({ account, monitor }) =>
      toAccountSnapshot(account, monitor?.snapshot() ?? notYetWatched(nowMs()), config.appAccounts),
    )
  const republishOnTakeover = createTakeoverRepublish(monitors)
  const overall = (): Snapshot => {
    republishOnTakeover()
    return mergeSnapshots(accountSnapshots(), overallBudgets(settings()), nowMs())
  }

  function checkOverallBudget(): void {
    if (accountCount < 2) return
    const views = watched.map(({ monitor }) => monitor?.snapshot().money ?? null)
    // Of an account that is not watched here something may be spent, too.
    const others = Array.from({ length: Math.max(0, accountCount - views.length) }, () => null)
    const money = mergeMoney([...views, ...others], overallBudgets(settings()), nowMs())
    host?.checkOverallBudget(accountCount, money)
  }

  function begin(candidate: CliAccount, account: CliAccount): void {
    const { id } = account.view
    const same = watched.find((one) => one.account !== candidate && one.account.view.id === id)
    if (same !== undefined) {
      watched = watched.filter((one) => one.account !== candidate)
      reportNotice(watchText.sameAccount(account.name, same.account.name))
      return
    }
    const monitor = createWatchMonitor(account, {
      pods,
      folderHost: host,
      settings: () => accountSettings(settings(), liveConfig.record(id) ?? {}, accountCount),
      showNotification,
      watch,
      hasSeveral,
      initialNotices: hasSeveral ? [] : problems,
    })
    watched = watched.map((one) => (one.account === candidate ? { account, monitor } : one))
    monitor.subscribe(checkOverallBudget)
    monitor.subscribe(() => host?.queue.refresh())
    watch.add({ id, name: account.name, monitor })
  }

  function start(): void {
    // With one account they are among its notices.
    if (hasSeveral) for (const problem of problems) reportNotice(problem)
    for (const account of accounts)
      void options
        .identify(account, (problem) => reportNotice(hasSeveral ? `${account.name}: ${problem}` : problem))
        .then((identified) => begin(account, identified))
        .catch((cause: unknown) => reportNotice(watchText.notWatched(account.name, errorText(cause))))
  }

  try {
    await host?.start(service)
    isStarted = true
    const exitCode = await watch.run({ snapshot: overall, start })
    // Replies to what was sent are still written down.
    await Promise.race([host?.shutDown(), wait(SHUTDOWN_TIMEOUT_MS, undefined, { ref: false })])
    for (const monitor of monitors()) monitor.dispose()
    return exitCode
  } finally {
    host?.dispose()
    await Promise.all(accounts.map((account) => account.close()))
  }
}

/** Returns what says when a channel begins to fail and when it works again, to be called with each view. */
function createChannelReporter(report: (text: string) => void): (view: ChannelsView) => void {
  const onAlerts = createChangeReporter(report, watchText.channelFails, watchText.channelWorks)
  const onAnswers = createChangeReporter(report, watchText.answersFail, watchText.answersWork)
  let problem: string | null = null
  return (view) => {
    if (view.problem !== null && view.problem !== problem) report(view.problem)
    problem = view.problem
    for (const { id, name, status, phoneStatus } of view.channels) {
      onAlerts(id, name, status.failure)
      onAnswers(id, name, phoneStatus?.failure ?? null)
    }
  }
}

function createChangeReporter(
  report: (text: string) => void,
  failsText: (channel: string, why: string) => string,
  worksText: (channel: string) => string,
): (channelId: string, name: string, failure: string | null) => void {
  const failing = new Map<string, string>()
  return (channelId, name, failure) => {
    const before = failing.get(channelId)
    if (failure === null) failing.delete(channelId)
    else failing.set(channelId, failure)
    if (failure !== null && failure !== before) report(failsText(name, failure))
    if (failure === null && before !== undefined) report(worksText(name))
  }
}
