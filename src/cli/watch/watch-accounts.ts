import { setTimeout as wait } from 'node:timers/promises'
import { allAuditEntries } from '../../core/audit-log/audit-log'
import { endEntry, startEntry } from '../../core/audit-log/audit-text'
import type { Clock } from '../../core/base/time/clock'
import { errorText } from '../../core/base/text/error-text'
import { fail } from '../../core/base/result'
import { overallBudgets } from '../../core/money/account-settings'
import { mergeMoney } from '../../core/money/merge-money'
import { ALL_ACCOUNTS, allAccountsText, createOverallBudget } from '../../core/money/overall-budget'
import { createPollSpread } from '../../core/polling/poll-spread'
import { mergeSnapshots } from '../../core/view/merge-snapshots'
import { createTakeoverRepublish } from '../../core/monitor/takeover'
import { emptySnapshot, type Snapshot } from '../../core/view/snapshot'
import { createControlServer } from '../../node/control/control-server'
import type { Queue } from '../../core/queue/queue'
import type { FolderChannels, SendToAddress } from '../../node/channels/folder-channels'
import { podJobsOf } from '../../node/queue/folder-queue'
import { openAlertHistory } from '../../node/data-folder/records/alert-history'
import { openIdleEpisodes } from '../../node/data-folder/records/idle-episodes'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { type FolderLock, holderText, type LockRole } from '../../node/data-folder/lock/folder-lock'
import type { CliProcess } from '../output/cli-process'
import type { CliAccount } from '../account/account'
import { toAccountSnapshot } from '../account/account-snapshot'
import { createSettingChanger, openActivity } from '../account/active-folder'
import type { CliConfig } from '../account/config'
import { openLiveConfig } from '../account/live-config'
import { createWatchNotifier } from './notifier'
import { createWatch, type WatchOutput, type WatchProcess } from './watch'
import { createWatchChannels } from './watch-channels'
import { createWatchQueue, type Watched } from './watch-queue'
import { createWatchMonitor, type FolderStores } from './watch-account'
import { watchText } from './watch-text'

export interface WatchAccountsOptions {
  readonly folder: string
  /** Those to watch, at least one. */
  readonly accounts: readonly CliAccount[]
  /** How many accounts there are, watched or not. */
  readonly accountCount: number
  /** Finds out which account the key of one belongs to. `report` gets a sentence while that has to wait. */
  readonly identify: (account: CliAccount, report: (problem: string) => void) => Promise<CliAccount>
  /** Sentences on keys that cannot be used. */
  readonly problems: readonly string[]
  readonly config: CliConfig
  readonly clock: Clock
  readonly process: WatchProcess & Pick<CliProcess, 'env' | 'showNotification'>
  readonly watchOutput: WatchOutput
  /** Ends the watch, like a signal. */
  readonly ending?: AbortSignal
  readonly sendToChannel: SendToAddress
  readonly createFolderLock: (onRole: (role: LockRole) => void) => FolderLock
}

const PROGRAM = 'podkeeper watch'
const SHUTDOWN_TIMEOUT_MS = 5_000
/** How many entries describe how the previous process ended. */
const RECENT_ENTRIES = 100

const notYetWatched = (atMs: number): Snapshot => ({
  ...emptySnapshot(atMs, []),
  connection: { kind: 'connecting' },
})

/**
 * Watches all accounts until the user ends it: a monitor for each, and one lock, audit log and control server of the
 * data folder. The demo has no journal and no data folder to share.
 */
export async function watchAccounts(options: WatchAccountsOptions): Promise<number> {
  const { folder, accounts, accountCount, config, clock, watchOutput } = options
  const { env, showNotification } = options.process
  const isDemo = accounts.some(({ view }) => view.isDemo)
  const hasSeveral = accounts.length > 1
  const problems = [...config.problems, ...options.problems]
  const pollSpread = createPollSpread(clock)
  const nowMs = (): number => clock.now().wallMs
  let watched: readonly Watched[] = accounts.map((account) => ({ account, monitor: null }))
  let role: LockRole = { kind: 'active' }
  const roleNote = (): string | null => {
    if (role.kind === 'passive') return watchText.readOnlyBeside(holderText(role.holder))
    if (role.kind === 'unsupported-format') return role.problem
    return role.kind === 'unlocked' ? watchText.readOnly(role.problem) : null
  }
  const watch = createWatch({
    watchOutput,
    process: options.process,
    clock,
    roleNote,
    hasSeveral,
    ...(options.ending && { ending: options.ending }),
  })
  const reportNotice = (text: string): void =>
    watch.report({ event: 'notice', text, fields: { podId: null } })
  const lock = isDemo ? null : options.createFolderLock(onRoleChange)
  const liveConfig = openLiveConfig({
    folder,
    nowMs,
    mayWrite: () => lock?.mayWrite() ?? fail(watchText.demoSavesNothing),
    reportedProblems: config.problems,
    report: reportNotice,
  })
  const activity = lock && openActivity(folder, lock, reportNotice)
  const parts = lock && activity && { lock, activity }
  const channels: FolderChannels | null =
    parts &&
    createWatchChannels({
      folder,
      clock,
      lock: parts.lock,
      send: options.sendToChannel,
      settings: () => liveConfig.settings(),
      record: (entry) => void parts.activity.record(entry),
      report: reportNotice,
    })
  const queue: Queue | null =
    parts &&
    createWatchQueue({
      folder,
      clock,
      env,
      lock: parts.lock,
      record: (entry) => void parts.activity.record(entry),
      watched: () => watched,
      settings: () => liveConfig.settings(),
      report: reportNotice,
    })
  const service = createControlServer({
    clock,
    monitor: (accountId) => watched.find(({ account }) => account.view.id === accountId)?.monitor ?? null,
    isDemo: () => isDemo,
    settings: () => liveConfig.settings(),
    queue: () => queue,
    changeSetting: createSettingChanger(liveConfig, (entry) => void activity?.record(entry), nowMs),
    hasHistory: true,
    report: (what) => reportNotice(what),
  })

  function onRoleChange(next: LockRole): void {
    role = next
    if (next.kind === 'active') takeOver()
    const text = roleNote() ?? watchText.acts
    watch.report({ event: 'role', text, fields: { role: next.kind === 'active' ? 'acting' : 'reading' } })
  }

  function takeOver(): void {
    if (!lock) return
    for (const { problems: found } of [lock.journal, lock.creates, lock.queue, lock.outbox])
      for (const problem of found) reportNotice(problem)
    channels?.takeOver()
    activity?.record(
      startEntry(PROGRAM, activity.page(null, allAuditEntries, RECENT_ENTRIES).entries, nowMs()),
    )
    for (const { account, monitor } of watched)
      monitor?.adopt(
        lock.journal.latest().filter(({ accountId }) => accountId === account.view.id),
        lock.creates.latest().filter(({ accountId }) => accountId === account.view.id),
      )
    queue?.takeOver()
  }

  const accountSnapshots = () =>
    watched.map(({ account, monitor }) =>
      toAccountSnapshot(account, monitor?.snapshot() ?? notYetWatched(nowMs()), config.appAccounts),
    )
  const republishOnTakeover = createTakeoverRepublish(() => watched.flatMap(({ monitor }) => monitor ?? []))
  const overall = (): Snapshot => {
    republishOnTakeover()
    return mergeSnapshots(accountSnapshots(), overallBudgets(liveConfig.settings()), nowMs())
  }

  try {
    if (lock) {
      // Without a journal nothing may be done, and everything is watched.
      await lock.start(service).catch(() => {})
      role = lock.role()
      if (role.kind === 'active') takeOver()
      else onRoleChange(role)
    }
    const stores: FolderStores | null = parts && {
      ...parts,
      alertHistory: openAlertHistory(folder, reportNotice),
      idleEpisodes: openIdleEpisodes(folder, reportNotice),
      terminalInput: openTerminalInputFile(folder, nowMs),
    }
    const mayAnnounce = (): boolean => role.kind === 'active'
    const checkOverallBudget = stores && overallBudgetCheck(stores, mayAnnounce)

    function begin(candidate: CliAccount, account: CliAccount): void {
      const same = watched.find((one) => one.account !== candidate && one.account.view.id === account.view.id)
      if (same !== undefined) {
        watched = watched.filter((one) => one.account !== candidate)
        reportNotice(watchText.sameAccount(account.name, same.account.name))
        return
      }
      const monitor = createWatchMonitor(account, {
        folder,
        clock,
        env,
        showNotification,
        liveConfig,
        stores,
        watch,
        mayAnnounce,
        accountCount,
        hasSeveral,
        pollSlot: pollSpread.newSlot(),
        listings: () => watched.flatMap((one) => one.monitor?.listing ?? []),
        initialNotices: hasSeveral ? [] : problems,
        report: reportNotice,
        jobs: podJobsOf(() => queue, account.view.id),
        channels,
      })
      watched = watched.map((one) => (one.account === candidate ? { account, monitor } : one))
      if (checkOverallBudget !== null) monitor.subscribe(checkOverallBudget)
      monitor.subscribe(() => queue?.refresh())
      watch.add({ id: account.view.id, name: account.name, monitor })
    }

    function start(): void {
      queue?.start()
      // With one account they are among its notices.
      if (hasSeveral) for (const problem of problems) reportNotice(problem)
      for (const account of accounts)
        void options
          .identify(account, (problem) => reportNotice(hasSeveral ? `${account.name}: ${problem}` : problem))
          .then((identified) => begin(account, identified))
          .catch((cause: unknown) => reportNotice(watchText.notWatched(account.name, errorText(cause))))
    }

    const exitCode = await watch.run({
      snapshot: overall,
      start,
    })
    // Replies to what was sent are still written down.
    await Promise.race([queue?.shutDown(), wait(SHUTDOWN_TIMEOUT_MS, undefined, { ref: false })])
    queue?.dispose()
    await channels?.shutDown()
    for (const { monitor } of watched) monitor?.dispose()
    return exitCode
  } finally {
    activity?.record(endEntry(PROGRAM, nowMs()))
    activity?.close()
    lock?.dispose()
    await Promise.all(accounts.map((account) => account.close()))
  }

  function overallBudgetCheck(stores: FolderStores, mayAnnounce: () => boolean): () => void {
    const budget = createOverallBudget({
      clock,
      settings: () => liveConfig.settings(),
      notifier: {
        ...createWatchNotifier((alert) => watch.alert(alert, null), showNotification),
        ...(channels && {
          outlet: channels.outletOf(ALL_ACCOUNTS, { label: () => allAccountsText, isRunpod: true }),
        }),
      },
      alertHistory: stores.alertHistory,
      auditLog: stores.activity,
      mayAnnounce,
      alertsPausedUntilMs: () => null,
      report: (what) => reportNotice(what),
    })
    return () => {
      if (accountCount < 2) return
      const views = watched.map(({ monitor }) => monitor?.snapshot().money ?? null)
      // Of an account that is not watched here something may be spent, too.
      const others = Array.from({ length: Math.max(0, accountCount - views.length) }, () => null)
      budget.check(
        accountCount,
        mergeMoney([...views, ...others], overallBudgets(liveConfig.settings()), nowMs()),
      )
    }
  }
}
