import { File } from 'node:buffer'
import { join } from 'node:path'
import type { Notifier } from '../../../core/alerts/alert'
import { type AlertPause, createAlertPause } from '../../../core/alerts/alert-pause'
import type { Clock } from '../../../core/base/time/clock'
import { type AccountId, parsePodKey } from '../../../core/pods/pod'
import type { ChannelsView } from '../../../core/channels/outbox/channel-view'
import { createPollSpread } from '../../../core/polling/poll-spread'
import { createListeners } from '../../../core/base/listeners'
import { createTerminalInputTracker, type TerminalInputTracker } from '../../../core/terminal/terminal-input'
import { createNotices, type Notices } from '../../../core/view/notices'
import { openAlertHistory } from '../../../node/data-folder/records/alert-history'
import { openIdleEpisodes } from '../../../node/data-folder/records/idle-episodes'
import { openKeyUsageFile } from '../../../node/data-folder/key-usage-file'
import { costsFolder, openLedgerFiles } from '../../../node/data-folder/records/ledger-files'
import { openLastSnapshotsFile } from '../../../node/data-folder/last-snapshots-file'
import { openPodColorsFile } from '../../../node/data-folder/pod-colors-file'
import { recordedPodIds } from '../../../node/data-folder/records/recorded-pods'
import { createUsageHistories, type UsageHistories } from '../../../node/usage-histories'
import { openTerminalInputFile } from '../../../node/data-folder/terminal-input-file'
import { watchFile } from '../../../node/data-folder/files/watch-file'
import { proxySecrets } from '../../../providers/http/proxy'
import type { Ssh } from '../../../ssh/create-ssh'
import { createJobHost } from '../../../ssh/jobs/job-host'
import { createPodGuardHost } from '../../../ssh/run/pod-guard-host'
import { createLookInside } from '../../../ssh/run/look-inside'
import type { Log } from '../../lifecycle/log'
import type { AppHost } from '../../lifecycle/app-host'
import type { RuntimeLimits } from '../../lifecycle/runtime'
import type { AppStore } from '../../settings/app-store'
import type { Ask } from '../../../core/confirmation/question-queue'
import { createAccountSession } from './account-session'
import { isDemoId } from './demo-account'
import { createLastSnapshots } from '../last-snapshots'
import type { AccountSession } from '../account-session-types'
import { createNoKeyring, type Keyring } from '../key/keyring'
import { type AppChannels, createAppChannels } from '../../channels/app-channels'
import { createAppQueue } from '../app-queue'
import { podJobsOf } from '../../../node/queue/folder-queue'
import type { Queue } from '../../../core/queue/queue'
import type { HostOf } from '../../../core/queue/queue-ports'
import { createSessionAuditLog, type SessionAuditLog } from '../session-audit-log'
import { createSessionFolderLock, type SessionFolderLock } from '../session-folder-lock'
import { sessionText } from './session-text'

export interface AccountParts {
  readonly session: AccountSession
  readonly auditLog: SessionAuditLog
  readonly folderLock: SessionFolderLock
  readonly notices: Notices
  readonly terminalInput: TerminalInputTracker
  readonly usageHistories: UsageHistories
  readonly alertPause: AlertPause
  readonly queue: Queue
  /** The queue that windows show: the same, or that of the demo while it runs. */
  readonly shownQueue: () => Queue
  readonly channels: AppChannels
  /** Polls immediately, so that deferred alerts are shown. */
  readonly resumeAlerts: () => void
}

export interface OpenAccountOptions {
  readonly host: Pick<AppHost, 'version' | 'env' | 'isScreenLocked' | 'readClipboard'> & {
    readonly createKeyring: () => Keyring
  }
  readonly userData: string
  readonly clock: Clock
  readonly log: Log
  readonly store: AppStore
  readonly notifier: Notifier
  readonly ssh: Pick<
    Ssh,
    'runCommand' | 'openScript' | 'openScriptSession' | 'closeKeys' | 'isReachable' | 'hostKeyOutlookOf'
  >
  readonly ask: Ask
  readonly limits: Pick<RuntimeLimits, 'hosts' | 'usesKeyring'>
  /** Keys that lead to the pods of one account alone, by account: those of the demo while it runs. */
  readonly accountKeys: Map<AccountId, string>
  readonly onChannels: (view: ChannelsView) => void
}

/** The account of the data folder with its parts. Nothing is watched before `restore`. */
export function openAccount(options: OpenAccountOptions): AccountParts {
  const { host, userData, clock, log, store, notifier, ssh, limits } = options
  const nowMs = (): number => clock.now().wallMs
  for (const secret of proxySecrets(host.env)) log.hide(secret)
  // The library for proxies needs it, and the Node of the test runtime has it in this module only.
  Object.assign(globalThis, { File })
  const notices = createNotices()
  const ownTerminalInput = createTerminalInputTracker(clock)
  const terminalInputFile = openTerminalInputFile(userData, nowMs, log.warn)
  const terminalInput: TerminalInputTracker = {
    // Commands on this folder record the use of forwards and files, too.
    inputAgoMs(podKey) {
      const { accountId, podId } = parsePodKey(podKey)
      const ago = [ownTerminalInput.inputAgoMs(podKey), terminalInputFile.inputAgoMs(accountId, podId)]
      const known = ago.filter((ms) => ms !== null)
      return known.length === 0 ? null : Math.min(...known)
    },
    recordInput(podKey) {
      ownTerminalInput.recordInput(podKey)
      const { accountId, podId } = parsePodKey(podKey)
      if (!isDemoId(accountId)) terminalInputFile.record(accountId, podId)
    },
  }
  const folderLock = createSessionFolderLock({
    dataFolder: userData,
    journalPath: join(userData, 'intents.jsonl'),
    nowMs,
    notices,
    report: log.warn,
  })
  const auditLog = createSessionAuditLog({
    folder: join(userData, 'activity'),
    onSettings: (listener) => store.onSettings(listener),
    mayWrite: folderLock.mayWrite,
    nowMs,
    notices,
  })
  const usageHistories = createUsageHistories({
    dataFolder: userData,
    mayWrite: () => folderLock.mayWrite().ok,
    nowMs,
    onProblem(accountId, text) {
      const id = `history-${accountId}`
      if (text === null) notices.dismiss(id)
      else notices.add({ id, accountId, podId: null, text, atMs: nowMs() })
    },
  })
  const pauseListeners = createListeners()
  const alertPause = createAlertPause(clock, store.alertPause, pauseListeners.notify)
  const keyring = limits.usesKeyring ? host.createKeyring() : createNoKeyring(sessionText.testBuild)
  const jobHostOf: HostOf = (accountId) =>
    createJobHost(accountId, { runCommand: ssh.runCommand, openScript: ssh.openScript })
  /** Null until it is created: the queue and the session know each other. */
  let opened: AccountSession | null = null
  const queue: Queue = createAppQueue({
    userData,
    clock,
    folderLock,
    store,
    session: () => opened,
    hostOf: jobHostOf,
    hostKeyOutlookOf: ssh.hostKeyOutlookOf,
    keyring,
    auditLog,
    log,
  })
  const channels = createAppChannels({
    userData,
    clock,
    store,
    folderLock,
    keyring,
    host,
    hosts: limits.hosts,
    proxyEnvironment: host.env,
    record: (entry) => void auditLog.logForProgram().record(entry),
    onChange: options.onChannels,
    report: log.warn,
  })
  const lastSnapshots = createLastSnapshots({
    clock,
    store: openLastSnapshotsFile(userData, log.warn),
    mayWrite: () => folderLock.mayWrite().ok,
  })
  const session: AccountSession = createAccountSession({
    clock,
    accountKeys: options.accountKeys,
    store,
    journal: folderLock.journal,
    creates: folderLock.creates,
    keyring,
    notifier,
    outletOf: channels.outletOf,
    notices,
    auditLog,
    alertHistory: openAlertHistory(userData, log.warn),
    idleEpisodes: openIdleEpisodes(userData, log.warn),
    openLedgerFiles: (id) => openLedgerFiles(costsFolder(userData, id), () => folderLock.mayWrite().ok),
    usageHistories,
    podColors: openPodColorsFile(userData, log.warn),
    lastSnapshots,
    openKeyUsage: (keyId) => openKeyUsageFile(userData, keyId, nowMs, log.warn),
    recordedPodIds: (id) => recordedPodIds(userData, id),
    mayAnnounce: folderLock.mayAnnounce,
    log: {
      warn: log.warn,
      hide(secret) {
        log.hide(secret)
        auditLog.hide(secret)
      },
    },
    version: host.version,
    hosts: limits.hosts,
    pollSpread: createPollSpread(clock),
    proxyEnvironment: host.env,
    baseUrl: host.env['RUNPOD_API_BASE_URL'],
    hubifyBaseUrl: host.env['HUBIFY_API_BASE_URL'],
    alertsPausedUntilMs: alertPause.untilMs,
    inputAgoMs: terminalInput.inputAgoMs,
    reachSsh: ssh.isReachable,
    jobsOf: (accountId) => podJobsOf(() => queue, accountId),
    jobHostOf,
    queueView: () => queue.view(),
    podGuardHost: (accountId) => createPodGuardHost(accountId, ssh.runCommand),
    lookInside: (accountId) => createLookInside(accountId, { ...ssh, clock }),
    readClipboard: host.readClipboard,
    ask: options.ask,
    onAccountChange: ssh.closeKeys,
  })
  opened = session
  pauseListeners.add(session.republish)
  store.onSettings(session.republish)
  // Another program may hold the data folder and write the file.
  watchFile(store.path, () => {
    store.settings()
    session.republish()
  })
  folderLock.onActive(() => {
    auditLog.recordStart()
    session.adopt(folderLock.journal.latest(), folderLock.creates.latest())
    queue.takeOver()
  })
  session.subscribe(() => queue.refresh())
  session.subscribe(lastSnapshots.follow)
  queue.subscribe(session.republish)
  queue.start()
  function resumeAlerts(): void {
    alertPause.end()
    session.refresh()
  }
  return {
    session,
    auditLog,
    folderLock,
    notices,
    terminalInput,
    usageHistories,
    alertPause,
    queue,
    shownQueue: () => session.demoQueue() ?? queue,
    channels,
    resumeAlerts,
  }
}
