import { randomUUID } from 'node:crypto'
import { app, clipboard, shell } from 'electron'
import { configureFormats } from '../core/base/text/format'
import type { AccountId } from '../core/pods/pod'
import { accountName } from '../core/view/account-name'
import { isAlertStale } from '../core/view/stale-alerts'
import { createSystemClock } from '../node/clock'
import { openTerminalTabsFile } from '../node/data-folder/terminal-tabs-file'
import { openPresetsFile } from '../node/data-folder/presets-file'
import { createPresetFinder } from '../node/queue/preset-finder'
import { accountText } from './account/account-text'
import { openAccount } from './account/session/open-account'
import { createChangeRequests } from './account/requests/change-requests'
import { createLabRequests } from './account/requests/lab-requests'
import { createPodPage } from './account/requests/pod-page-requests'
import { createTabFollower } from './terminals/follow-tabs'
import { createPodCreateRequests } from './creation/create-requests'
import { createPresetRequests } from './creation/preset-requests'
import { createPodGuardChanges } from './account/requests/pod-guard-requests'
import { createPodRequests } from './account/requests/pod-requests'
import { createTerminateConfirmation } from './windows/terminate-confirmation'
import { createPodLinks, registerLinks } from './desktop/pod-links'
import { createAppSettings } from './app-settings'
import { createAppQuit } from './app-quit'
import { createAppControlServer } from './app-control-server'
import { createAppSsh } from './app-ssh'
import { systemLocale } from './desktop/system-locale'
import { chooseJobFiles, chooseResultsFolder, presetFileDialogs } from './ipc/file-dialogs'
import { serveRequests } from './ipc/ipc'
import { parsePodPortUrl, parseWebAppUrl } from './hardening/external-url'
import { browserOpener } from './hardening/harden-app'
import { createAppFiles } from './files/app-files'
import { createAppEditors } from './editors/app-editors'
import { createAppGpus, findPod } from './gpus/app-gpus'
import { createAppLogs } from './logs/app-logs'
import { openAppLog } from './lifecycle/app-log'
import type { Launches } from './lifecycle/launches'
import { addDataFolderNotice } from './lifecycle/data-folder-notice'
import { runtimeLimits } from './lifecycle/runtime'
import { connectNotifier } from './notifications/connect-notifier'
import { createSystemNotifier } from './notifications/system-notifier'
import { createAppPorts } from './ports/app-ports'
import { createChannelHandlers } from './channels/channel-handlers'
import { openPodsApi } from './pods-api/open-pods-api'
import { createQueueHandlers } from './queue/queue-requests'
import { createHandlers } from './request-handlers'
import { createSnippetHandlers } from './settings/snippet-handlers'
import { openAppStore } from './settings/app-store'
import { followSystemEvents } from './system-events'
import { createAppTerminals } from './terminals/app-terminals'
import { createAppTray } from './tray/app-tray'
import type { EarlyTray } from './tray/early-tray'
import { createPromptWindow } from './windows/prompt-window'
import { createWindows } from './windows/windows'

/** What is there before the rest of the app. */
export interface FirstParts {
  readonly launches: Launches
  readonly tray: EarlyTray
  /** No window is shown. */
  readonly isStartedHidden: boolean
}

/** Creates the parts in order of their dependencies, and starts the account last. */
export async function startApp({ launches, tray, isStartedHidden }: FirstParts): Promise<void> {
  configureFormats(systemLocale())
  const clock = createSystemClock()
  const userData = app.getPath('userData')
  const log = openAppLog(userData, clock)
  const report = log.warn
  const store = openAppStore(userData, () => clock.now().wallMs, log)
  const notifier = createSystemNotifier(report)
  const limits = runtimeLimits({
    electronVersion: process.versions.electron,
    home: app.getPath('home'),
    env: process.env,
    userData,
  })
  const accountKeys = new Map<AccountId, string>()
  const ssh = createAppSsh({ clock, store, userData, limits, accountKeys, report })
  const promptWindow = createPromptWindow({ clock, report })
  const windows = createWindows({
    keepHiddenMs: () => store.settings().hiddenWindowKeepS * 1_000,
    zoom: {
      percent: () => store.settings().zoomPercent,
      save: (zoomPercent) => void store.changeSettings({ zoomPercent }),
    },
    canHide: () => tray.host.name() !== null,
    terminalBounds: store.terminalBounds,
    report,
  })
  const { settingsHandlers, changeSetting } = createAppSettings(store, windows, promptWindow.ask, limits)
  const accountParts = openAccount({
    userData,
    clock,
    log,
    store,
    notifier,
    ssh,
    ask: promptWindow.ask,
    limits,
    accountKeys,
    onChannels: (view) => windows.send('channels', view),
  })
  const {
    session,
    folderLock,
    auditLog,
    notices,
    alertPause,
    resumeAlerts,
    terminalInput,
    queue,
    shownQueue,
    channels,
  } = accountParts
  addDataFolderNotice(app, userData, notices, clock.now().wallMs)

  const nameOf = (accountId: AccountId): string | null => accountName(session.snapshot(), accountId)
  const confirmation = createTerminateConfirmation({ clock, session, promptWindow, nameOf })
  const podRequests = createPodRequests(session, promptWindow.ask, nameOf)
  const podGuards = createPodGuardChanges(session, promptWindow.ask, nameOf)
  const changeRequests = createChangeRequests({
    monitor: (accountId) => session.monitor(accountId),
    provider: (accountId) => session.provider(accountId),
    ask: promptWindow.ask,
    nameOf,
  })
  const podPage = createPodPage({
    session,
    usageHistories: accountParts.usageHistories,
    openInBrowser: browserOpener(shell, parsePodPortUrl),
    nowMs: () => clock.now().wallMs,
  })
  const labRequests = createLabRequests({
    provider: (accountId) => session.provider(accountId),
    nameOf: (accountId) =>
      session.snapshot().accounts.find(({ entry }) => entry.id === accountId)?.entry.name ?? accountText.aLab,
    monitor: (accountId) => session.monitor(accountId),
    republish: session.republish,
    ask: promptWindow.ask,
    openInBrowser: browserOpener(shell, parseWebAppUrl),
    readClipboard: async () => clipboard.readText(),
    record: (entry) => auditLog.logForProgram().record(entry),
    mayWrite: folderLock.mayWrite,
    newId: randomUUID,
    nowMs: () => clock.now().wallMs,
  })
  const presetRequests = createPresetRequests(openPresetsFile(userData), presetFileDialogs)
  const { terminals, terminalHandlers, openTerminal, refusalOf, showTerminalOf } = createAppTerminals({
    clock,
    session,
    store,
    windows,
    promptWindow,
    terminalInput,
    ssh,
    tabStore: openTerminalTabsFile(userData, report),
    withdraw: notifier.withdraw,
    report,
  })
  const createRequests = createPodCreateRequests({
    clock,
    provider: (accountId) => session.provider(accountId),
    monitor: (accountId) => session.monitor(accountId),
    nameOf,
    ask: promptWindow.ask,
    tabNames: (podKey) => terminals.tabNames(podKey),
    ssh,
    newId: randomUUID,
  })
  const { showPod, notifyFailure } = connectNotifier({
    notifier,
    session,
    queue: shownQueue,
    podRequests,
    windows,
    showTerminalOf,
    clock,
  })
  const reachParts = { clock, session, windows, promptWindow, terminalInput, ssh }
  const { ports, portHandlers } = createAppPorts({ userData, ...reachParts })
  const files = createAppFiles({ ...reachParts, terminals, report })
  const editors = createAppEditors({ userData, limits, store, ssh, promptWindow, accountParts, report })
  const showInTray = createAppTray({
    tray,
    windows,
    session,
    store,
    alertPause,
    resumeAlerts,
    confirmation,
    podRequests,
    openTerminal,
    runJob: (jobId, podKey) => shownQueue().requests.runJob(jobId, podKey),
    showPod,
    notifyFailure,
    report,
  })
  const podsApi = openPodsApi({ userData, clock, store, session, windows, promptWindow, log, auditLog })
  const quit = createAppQuit({
    session,
    queue,
    channels,
    auditLog,
    folderLock,
    windows,
    promptWindow,
    podsApi,
    terminals,
    ports,
    transfers: files.transfers,
    log,
  })
  const followTabs = createTabFollower({ terminals, monitor: (accountId) => session.monitor(accountId) })
  session.subscribe((snapshot) => {
    notifier.withdraw((key) => isAlertStale(key, snapshot))
    windows.publish(session.shownSnapshot())
    showInTray(snapshot)
    quit.onChange()
    terminals.onSnapshot(snapshot)
    ports.onSnapshot(snapshot)
    files.transfers.onSnapshot(snapshot)
    editors.onSnapshot(snapshot)
    followTabs(snapshot)
  })

  const handlers = createHandlers({
    session,
    auditLog,
    notices,
    alertPause,
    resumeAlerts,
    terminalHandlers,
    portHandlers,
    fileHandlers: files.fileHandlers,
    editorHandlers: editors.handlers,
    settingsHandlers,
    logHandlers: createAppLogs({ clock, session, windows }),
    gpuHandlers: createAppGpus({ clock, session, ssh, terminals, windows, ask: promptWindow.ask }),
    snippetHandlers: createSnippetHandlers(store, (podKey) => findPod(session, podKey)),
    windows,
    confirmation,
    podRequests,
    podGuards,
    labRequests,
    changeRequests,
    podPage,
    createRequests,
    presetRequests,
    queueHandlers: createQueueHandlers({
      queue: shownQueue,
      ask: promptWindow.ask,
      nameOf,
      readClipboard: async () => clipboard.readText(),
      chooseFiles: chooseJobFiles,
      chooseFolder: chooseResultsFolder,
      newId: randomUUID,
      findPreset: createPresetFinder(userData),
    }),
    channelHandlers: createChannelHandlers({
      channels,
      ask: promptWindow.ask,
      hosts: limits.hosts,
      record: (entry) => void auditLog.logForProgram().record(entry),
      hide: log.hide,
      nowMs: () => clock.now().wallMs,
    }),
    podsApiHandlers: podsApi.handlers,
    notifier,
    store,
    nowMs: () => clock.now().wallMs,
    log,
  })
  serveRequests(handlers, {
    isAppWindow: (contents) => windows.areShowing(contents),
    refusalOf,
    nowMs: () => clock.now().monotonicMs,
    report,
  })
  const links = createPodLinks({
    snapshot: session.snapshot,
    subscribe: session.subscribe,
    showPod: (podKey) => windows.showMain('pod', podKey),
    refuse(text) {
      notices.add({ id: 'link', accountId: null, podId: null, text, atMs: clock.now().wallMs })
      windows.showMain('pods')
    },
    waitMs: (ms, done) => void setTimeout(done, ms),
  })
  followSystemEvents({ session, terminals, ports, ssh, channels, windows, launches, links, quit, log })
  registerLinks()

  if (!links.open(process.argv) && !isStartedHidden) windows.showPopover()
  await folderLock.start(
    createAppControlServer({ clock, session, store, queue, changeSetting, confirmation, report }),
  )
  podsApi.start()
  await session.restore()
}
