import { join } from 'node:path'
import { allAuditEntries, type AuditEntry } from '../../core/audit-log/audit-log'
import { appEntry, endEntry, startEntry } from '../../core/audit-log/audit-text'
import { namedNotifier } from '../../core/alerts/alert'
import { createUsageObserver } from '../../core/history/observed-usage'
import { ALL_ACCOUNTS, allAccountsText, createOverallBudget } from '../../core/money/overall-budget'
import { accountHealth, type FolderHealth, judgeHealth } from '../../core/monitor/folder-health'
import { createHeartbeat } from '../../core/channels/heartbeat'
import type { Monitor } from '../../core/monitor/monitor-types'
import type { QueueAccount } from '../../core/monitor/queue-pods'
import { type AccountId, podKeyOf } from '../../core/pods/pod'
import { createPollSpread } from '../../core/polling/poll-spread'
import { openChannelStore } from '../channels/channel-store'
import { createFolderChannels } from '../channels/folder-channels'
import { openPhoneFile } from '../channels/phone-file'
import { openHeartbeatFile } from '../data-folder/heartbeat-file'
import { chosenNameOf, nameOfComputer } from '../data-folder/computer-file'
import { createSaveCheck } from '../data-folder/files/save-check'
import type { LockRole } from '../data-folder/lock/folder-lock'
import { openAlertHistory } from '../data-folder/records/alert-history'
import { openAuditLog } from '../data-folder/records/audit-log'
import { openIdleEpisodes } from '../data-folder/records/idle-episodes'
import { openIdleEndpoints } from '../data-folder/records/idle-endpoints'
import { openKnownPods } from '../data-folder/records/known-pods'
import { costsFolder, createMemoryLedgerFiles, openLedgerFiles } from '../data-folder/records/ledger-files'
import { dataFolderLine } from '../doctor/computer-checks'
import { unansweredAccountRules } from '../in-memory/memory-files'
import { createFolderQueue, podJobsOf } from '../queue/folder-queue'
import { createUsageHistories } from '../usage-histories'
import { createKeptAccounts } from '../servers/kept-accounts'
import { createAccountMonitor } from './account-monitor'
import type { FolderHost, FolderHostOptions, HostAccount } from './host-types'
import { roleObstacle } from './role-obstacle'

/** Rules of such an account count at the server alone. */
const keptByServerText = 'A server manages this account, so answer there.'

/** How many entries of the activity log are searched for how the previous run ended. */
const RECENT_ENTRIES = 100

/** Nothing is sent or written to the folder before `start`, and while another program acts on it. */
export function createFolderHost(options: FolderHostOptions): FolderHost {
  const { folder, clock, program, settings, keyring, podAccess, report } = options
  const nowMs = (): number => clock.now().wallMs
  const lock = options.createFolderLock(applyRole)
  const isActing = (): boolean => lock.isActing()
  const mayWrite = (): boolean => lock.mayWrite().ok
  let wasActing = false
  let diskErrors = 0
  const accountOf = new WeakMap<Monitor, QueueAccount>()
  const accounts = (): readonly QueueAccount[] =>
    options.monitors().flatMap((monitor) => accountOf.get(monitor) ?? [])
  const kept = createKeptAccounts({
    folder,
    clock,
    onChange() {
      for (const { monitor } of accounts()) monitor.republish()
    },
    readsRules: options.showsServerRules === true,
    ...(options.askServer && { ask: options.askServer }),
  })
  /** Jobs start where this program acts. */
  const queueAccounts = (): readonly QueueAccount[] =>
    accounts().map((one) => ({ ...one, isUnclear: one.isUnclear || kept.isKept(one.accountId) }))
  const activity = openAuditLog({
    folder: join(folder, 'activity'),
    mayWrite: () => lock.mayWrite(),
    onRecord: options.onRecord,
    computer: () => nameOfComputer(settings()),
    maxFiles: () => settings().activityLogMb,
    onWriteProblem(problem) {
      if (problem !== null) diskErrors += 1
      options.onActivityProblem(problem)
    },
  })
  const record = (entry: AuditEntry): void => void activity.record(entry)
  const saveProblem = createSaveCheck(folder, () => clock.now().monotonicMs)
  const alertHistory = openAlertHistory(folder, report)
  const idleEpisodes = openIdleEpisodes(folder, report)
  const knownPods = openKnownPods(folder, report)
  const idleEndpoints = openIdleEndpoints(folder, report)
  const usageHistories = createUsageHistories({
    dataFolder: folder,
    mayWrite,
    nowMs,
    onProblem(accountId, problem) {
      if (problem !== null) diskErrors += 1
      options.onHistoryProblem(accountId, problem)
    },
  })
  const pollSpread = options.pollSpread ?? createPollSpread(clock)
  const channels = createFolderChannels({
    clock,
    random: Math.random,
    store: openChannelStore(folder, keyring, report),
    phones: options.phoneServices && {
      file: openPhoneFile(folder),
      services: options.phoneServices,
      accounts,
      refusalOf: (accountId) => (kept.isKept(accountId) ? keptByServerText : null),
      intentOf: (id) => lock.journal.latest().find((intent) => intent.id === id) ?? null,
    },
    journal: lock.outbox,
    computer: () => chosenNameOf(settings()),
    send: options.sendToChannel,
    routing: () => ({ isLocked: options.isScreenLocked(), mayStopUnwarned: settings().mayStopUnheard }),
    mayAct: isActing,
    record,
    onChange: () => options.onChannels(channels.view()),
    report,
  })
  const queue = createFolderQueue({
    folder,
    clock,
    journal: lock.queue,
    mayWrite: () => lock.mayWrite(),
    isActing,
    accounts: queueAccounts,
    hostOf: podAccess?.jobHostOf ?? null,
    hostKeyOutlookOf: podAccess?.hostKeyOutlookOf ?? (() => 'unknown'),
    keyring,
    record,
    report,
  })
  const overallBudget = createOverallBudget({
    clock,
    settings,
    notifier: {
      ...options.notifier,
      outlet: channels.outletOf(ALL_ACCOUNTS, { label: () => allAccountsText, isRunpod: true }),
    },
    alertHistory,
    auditLog: activity,
    mayAnnounce: () => isActing() && accounts().some(({ accountId }) => !kept.isKept(accountId)),
    alertsPausedUntilMs: options.alertsPausedUntilMs,
    report,
  })

  function applyRole(role: LockRole): void {
    const acts = isActing()
    if (acts) {
      const journals = [lock.journal, lock.creates, lock.queue, lock.outbox]
      for (const problem of journals.flatMap(({ problems }) => problems)) options.onJournalProblem(problem)
      if (!wasActing) takeOver()
    }
    if (!acts) channels.standDown()
    wasActing = acts
    options.onRole(role, acts)
    for (const { monitor } of accounts()) monitor.republish()
  }

  /** Goes on with what the program that acted until now has written down. */
  function takeOver(): void {
    channels.takeOver()
    record(startEntry(program, activity.page(null, allAuditEntries, RECENT_ENTRIES).entries, nowMs()))
    for (const { accountId, monitor } of accounts()) {
      const isOwn = (one: { readonly accountId: AccountId }): boolean => one.accountId === accountId
      monitor.adopt(lock.journal.latest().filter(isOwn), lock.creates.latest().filter(isOwn))
    }
    queue.takeOver()
  }

  function createHostMonitor({ label, isRunpod, isUnclear, addedAtMs, ...given }: HostAccount): Monitor {
    const { account, provider } = given
    const { id } = account
    const outlet = channels.outletOf(id, { label, isRunpod })
    const monitor = createAccountMonitor({
      ...given,
      clock,
      journal: lock.journal,
      creates: lock.creates,
      accountRules: isUnclear ? unansweredAccountRules : kept.rules(options.accountRules),
      ledgerFiles: isUnclear ? createMemoryLedgerFiles() : openLedgerFiles(costsFolder(folder, id), mayWrite),
      recordUsage: createUsageObserver(usageHistories.of(id, !isUnclear)),
      alertHistory,
      idleEpisodes,
      ...(!isUnclear && {
        knownPods: {
          load: () => knownPods.load(id),
          save: (known) => knownPods.save(id, known),
          mayWrite: isActing,
          isWatchedByServer: () => kept.isKept(id),
        },
        idleEndpoints: {
          load: () => idleEndpoints.load(id),
          save: (spans) => idleEndpoints.save(id, spans),
          mayWrite: isActing,
        },
      }),
      notifier: namedNotifier({ ...given.notifier, outlet }, label),
      mayAnnounce: () => isActing() && !kept.isKept(id),
      folderObstacle: () => roleObstacle(lock.role(), isActing()) ?? kept.obstacleOf(id),
      saveProblem: () => (mayWrite() ? saveProblem() : null),
      alertsPausedUntilMs: options.alertsPausedUntilMs,
      inputAgoMs: (podId) => options.inputAgoMs(podKeyOf(id, podId)),
      jobs: podJobsOf(() => queue, id),
      lookInside: podAccess?.lookInside(id),
      diskReader: podAccess?.diskReader(id),
      podGuardHost: podAccess?.podGuardHost(id),
      reachSsh: podAccess?.reachSsh,
      pollSlot: pollSpread.newSlot(),
      listings: () => accounts().map((one) => one.monitor.listing),
      report,
    })
    // Only a reply to a change of the lab's settings says whether it starts experiments itself.
    const lab = isRunpod ? {} : { labAutoSchedule: null }
    accountOf.set(monitor, { accountId: id, monitor, provider, isUnclear, addedAtMs, ...lab })
    return monitor
  }

  function health(): Omit<FolderHealth, 'version'> {
    const statuses = channels.view().channels.map(({ status }) => status)
    return {
      accounts: accounts().map(({ accountId, monitor }) =>
        accountHealth(accountId, monitor.snapshot(), monitor.pollProgress()),
      ),
      outboxMessages: statuses.reduce((sum, { waitingCount }) => sum + waitingCount, 0),
      failedChannels: statuses.filter(({ failure }) => failure !== null).length,
      diskErrors,
    }
  }

  const heartbeatFile = openHeartbeatFile(folder)
  const heartbeat = createHeartbeat({
    clock,
    target() {
      const read = heartbeatFile.load()
      return read.ok ? read.value : null
    },
    // An outage is an obstacle only after a while.
    isWell: () =>
      isActing() &&
      judgeHealth({ version: '', ...health() }).acting &&
      accounts().every(({ monitor }) => monitor.snapshot().connection.kind === 'live'),
    send: options.sendHeartbeat,
    report(text, isProblem) {
      report(text)
      record(appEntry('heartbeat', text, isProblem ? 'warning' : 'plain', nowMs()))
    },
  })

  return {
    lock,
    activity,
    channels,
    queue,
    usageHistories,
    createMonitor: createHostMonitor,
    servers: kept,
    checkOverallBudget: overallBudget.check,
    async start(service) {
      const place = dataFolderLine(folder)
      if (place.verdict === 'problem') options.onJournalProblem(place.text)
      // Without a journal nothing may be done, and everything is watched.
      await lock.start(service).catch(() => {})
      applyRole(lock.role())
      queue.start()
      heartbeat.start()
      kept.start()
    },
    health,
    shutDown: async () => void (await Promise.all([queue.shutDown(), channels.shutDown()])),
    dispose() {
      channels.dispose()
      heartbeat.dispose()
      kept.dispose()
      queue.dispose()
      record(endEntry(program, nowMs()))
      activity.close()
      lock.dispose()
    },
  }
}
