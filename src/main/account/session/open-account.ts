import { File } from 'node:buffer'
import { join } from 'node:path'
import type { Notifier } from '../../../core/alerts/alert'
import { type AlertPause, createAlertPause } from '../../../core/alerts/alert-pause'
import type { Clock } from '../../../core/base/time/clock'
import { type AccountId, parsePodKey } from '../../../core/pods/pod'
import type { ChannelsView } from '../../../core/channels/outbox/outbox-ports'
import { createListeners } from '../../../core/base/listeners'
import { createTerminalInputTracker, type TerminalInputTracker } from '../../../core/terminal/terminal-input'
import { createNotices, type Notices } from '../../../core/view/notices'
import { openComputer } from '../../../node/data-folder/computer-file'
import { openKeyUsageFile } from '../../../node/data-folder/key-usage-file'
import { openLastSnapshotsFile } from '../../../node/data-folder/last-snapshots-file'
import { openPodColorsFile } from '../../../node/data-folder/pod-colors-file'
import { recordedPodIds } from '../../../node/data-folder/records/recorded-pods'
import { openTerminalInputFile } from '../../../node/data-folder/terminal-input-file'
import { watchFile } from '../../../node/data-folder/files/watch-file'
import { createFolderLock } from '../../../node/data-folder/lock/folder-lock'
import { createFolderHost } from '../../../node/host/folder-host'
import type { FolderHost, PodAccess } from '../../../node/host/host-types'
import { createHeartbeatSender } from '../../../providers/channels/heartbeat-sender'
import { createAddressSender } from '../../../providers/channels/send-to-address'
import { proxySecrets } from '../../../providers/http/proxy'
import type { Ssh } from '../../../ssh/create-ssh'
import { createJobHost } from '../../../ssh/jobs/job-host'
import { createPodGuardHost } from '../../../ssh/run/pod-guard-host'
import { createDiskReader } from '../../../ssh/run/disk-reader'
import { createLookInside } from '../../../ssh/run/look-inside'
import type { Log } from '../../lifecycle/log'
import type { AppHost } from '../../lifecycle/app-host'
import type { RuntimeLimits } from '../../lifecycle/runtime'
import type { AppStore } from '../../settings/app-store'
import type { PhoneServices } from '../../../core/phone/phone-services'
import type { Ask } from '../../../core/confirmation/question-queue'
import { createAccountSession } from './account-session'
import { isDemoId } from './demo-entry'
import { createLastSnapshots } from '../last-snapshots'
import type { AccountSession } from '../account-session-types'
import { createNoKeyring, type Keyring } from '../key/keyring'
import type { Queue } from '../../../core/queue/queue'
import { createSessionAuditLog, type SessionAuditLog } from '../session-audit-log'
import { sessionText } from '../account-text'

export interface AccountParts {
  readonly session: AccountSession
  readonly auditLog: SessionAuditLog
  /** Of the data folder. It has nothing to do with the demo. */
  readonly folderHost: FolderHost
  readonly notices: Notices
  readonly terminalInput: TerminalInputTracker
  readonly alertPause: AlertPause
  /** The queue that windows show: that of the data folder, or of the demo while it runs. */
  readonly shownQueue: () => Queue
  /** Polls immediately, so that deferred alerts are shown. */
  readonly resumeAlerts: () => void
}

export interface OpenAccountOptions {
  readonly host: Pick<AppHost, 'version' | 'env' | 'isScreenLocked' | 'readClipboard' | 'writeClipboard'> & {
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
  readonly phoneServices: PhoneServices
  readonly onChannels: (view: ChannelsView) => void
}

/** The account of the data folder with its parts. Nothing is watched before `restore`. */
export function openAccount(options: OpenAccountOptions): AccountParts {
  const { host, userData, clock, log, store, ssh, limits } = options
  const reach = { version: host.version, hosts: limits.hosts, proxyEnvironment: host.env }
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
  const pauseListeners = createListeners()
  const alertPause = createAlertPause(clock, store.alertPause, pauseListeners.notify)
  const keyring = limits.usesKeyring ? host.createKeyring() : createNoKeyring(sessionText.testBuild)
  const computer = openComputer(userData, () => store.settings(), log.warn)
  const podAccess: PodAccess = {
    jobHostOf: (accountId) =>
      createJobHost(accountId, { runCommand: ssh.runCommand, openScript: ssh.openScript }),
    hostKeyOutlookOf: ssh.hostKeyOutlookOf,
    lookInside: (accountId, ofAccount = clock) => createLookInside(accountId, { ...ssh, clock: ofAccount }),
    diskReader: (accountId) => createDiskReader(accountId, ssh),
    podGuardHost: (accountId) => createPodGuardHost(accountId, ssh.runCommand, computer),
    reachSsh: ssh.isReachable,
  }
  const recorded = createListeners()
  function showProblem(id: string, text: string | null, accountId: AccountId | null = null): void {
    if (text === null) notices.dismiss(id)
    else notices.add({ id, accountId, podId: null, text, atMs: nowMs() })
  }
  /** Null until it is created: the data folder and the session know each other. */
  let opened: AccountSession | null = null
  const folderHost: FolderHost = createFolderHost({
    ...options,
    folder: userData,
    program: 'Podkeeper',
    createFolderLock: (onRole) =>
      createFolderLock({
        dataFolder: userData,
        journalPath: join(userData, 'intents.jsonl'),
        program: 'app',
        // Electron allows only one app on this folder, and no command acts without the lock.
        canActUnlocked: true,
        nowMs,
        onRole,
      }),
    settings: () => store.settings(),
    accountRules: store.accountRules,
    monitors: () => opened?.monitors() ?? [],
    keyring,
    podAccess,
    sendToChannel: createAddressSender({ ...reach, now: () => clock.now() }),
    sendHeartbeat: createHeartbeatSender(reach),
    phoneServices: options.phoneServices,
    isScreenLocked: host.isScreenLocked,
    alertsPausedUntilMs: alertPause.untilMs,
    inputAgoMs: terminalInput.inputAgoMs,
    onRole(role) {
      if (role.kind === 'unlocked') log.warn(role.problem)
    },
    onJournalProblem: (problem) => showProblem(problem, problem),
    onRecord: recorded.notify,
    onActivityProblem: (problem) => showProblem('activity-log', problem),
    onHistoryProblem: (accountId, problem) => showProblem(`history-${accountId}`, problem, accountId),
    showsServerRules: true,
    report: log.warn,
  })
  const auditLog = createSessionAuditLog({
    file: folderHost.activity,
    onRecord: recorded.add,
    onSettings: (listener) => store.onSettings(listener),
    nowMs,
  })
  const lastSnapshots = createLastSnapshots({
    clock,
    store: openLastSnapshotsFile(userData, log.warn),
    mayWrite: () => folderHost.lock.mayWrite().ok,
  })
  const session: AccountSession = createAccountSession({
    ...options,
    ...reach,
    folderHost,
    keyring,
    notices,
    auditLog,
    podColors: openPodColorsFile(userData, log.warn),
    lastSnapshots,
    openKeyUsage: (keyId) => openKeyUsageFile(userData, keyId, nowMs, log.warn),
    recordedPodIds: (id) => recordedPodIds(userData, id),
    log: {
      warn: log.warn,
      hide(secret) {
        log.hide(secret)
        folderHost.activity.hide(secret)
      },
    },
    baseUrl: host.env['RUNPOD_API_BASE_URL'],
    hubifyBaseUrl: host.env['HUBIFY_API_BASE_URL'],
    alertsPausedUntilMs: alertPause.untilMs,
    inputAgoMs: terminalInput.inputAgoMs,
    podAccess,
    readClipboard: host.readClipboard,
    writeClipboard: host.writeClipboard,
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
  const { queue } = folderHost
  session.subscribe(() => queue.refresh())
  session.subscribe(lastSnapshots.follow)
  queue.subscribe(session.republish)
  function resumeAlerts(): void {
    alertPause.end()
    session.refresh()
  }
  return {
    session,
    auditLog,
    folderHost,
    notices,
    terminalInput,
    alertPause,
    shownQueue: () => session.demoQueue() ?? queue,
    resumeAlerts,
  }
}
