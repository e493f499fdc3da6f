import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { app } from 'electron'
import type { AuditEntry } from '../core/audit-log/audit-log'
import { configureFormats } from '../core/base/text/format'
import type { Clock } from '../core/base/time/clock'
import { type AccountId, podKeyOf } from '../core/pods/pod'
import { createApprovals } from '../core/pods-api/access/approvals'
import { createSystemClock } from '../node/clock'
import { createControlServer } from '../node/control/control-server'
import { createConfigApplier } from '../node/data-folder/apply-config'
import { createAppParts } from './app-parts'
import { DEMO_ID, isDemoId } from './account/session/demo-entry'
import { createAppSsh } from './app-ssh'
import { createElectronHost } from './electron-host'
import { createPodLinks, registerLinks } from './desktop/pod-links'
import { followScreenLock } from './desktop/screen-lock'
import { createSleepDelay } from './desktop/sleep-delay'
import { systemLocale } from './desktop/system-locale'
import { serveConfirmation, serveFileDrops, serveRequests } from './ipc/ipc'
import { addDataFolderNotice } from './lifecycle/data-folder-notice'
import { findLaunchCommand } from './lifecycle/launch-command'
import type { Launches } from './lifecycle/launches'
import { type Log, openLog } from './lifecycle/log'
import { createQuit } from './lifecycle/quit'
import { showQuitDialog } from './lifecycle/quit-dialog'
import { runtimeLimits } from './lifecycle/runtime'
import { connectNotifier } from './notifications/connect-notifier'
import { createSystemNotifier } from './notifications/system-notifier'
import { showApproval } from './windows/show-approval'
import { openAppStore } from './settings/app-store'
import { followSystemEvents } from './system-events'
import { createAppTray } from './tray/app-tray'
import { stopIdlePods } from './tray/stop-idle'
import { createBulkPodRequests } from './account/requests/bulk-requests'
import type { EarlyTray } from './tray/early-tray'
import { createConfirmWindow } from './windows/confirm-window'
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
  const unlockWorkerPath = join(__dirname, 'unlock.js')
  const ssh = createAppSsh({ clock, store, userData, limits, accountKeys, unlockWorkerPath, report })
  const gate = { nowMs: () => clock.now().monotonicMs, report }
  const promptWindow = createPromptWindow({
    clock,
    createWindow: (onClosed) => createConfirmWindow(onClosed, report),
  })
  serveConfirmation(promptWindow.handlers, { isAppWindow: promptWindow.shows, ...gate })
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
  const parts = createAppParts({
    host: createElectronHost(),
    clock,
    userData,
    log,
    store,
    notifier,
    limits,
    ssh,
    accountKeys,
    windows,
    promptWindow,
  })
  const { session, folderHost, notices, shownQueue } = parts
  const { queue, channels } = folderHost
  const { confirmation, podRequests, terminals, ports, transfers, podsApi } = parts
  addDataFolderNotice(app, userData, notices, clock.now().wallMs)
  const isAppWindow = windows.areShowing
  serveFileDrops(parts.takeDrop, isAppWindow)
  const { showPod, notifyFailure } = connectNotifier({
    notifier,
    session,
    queue: shownQueue,
    podRequests,
    windows,
    showTerminalOf: parts.showTerminalOf,
    clock,
  })
  const showInTray = createAppTray({
    tray,
    windows,
    session,
    store,
    alertPause: parts.alertPause,
    resumeAlerts: parts.resumeAlerts,
    confirmation,
    podRequests,
    stopIdle: () =>
      stopIdlePods(session.snapshot, promptWindow.ask, createBulkPodRequests(session, podRequests)),
    openTerminal: parts.openTerminal,
    runJob: (jobId, podKey) => shownQueue().requests.runJob(jobId, podKey),
    showPod,
    notifyFailure,
    report,
  })
  const quit = createQuit({
    snapshot: session.snapshot,
    shells: () => terminals.shells(),
    transfers: () => transfers.openPodNames(),
    confirm: showQuitDialog,
    pendingInstall: parts.updates.pendingInstall,
    onStay: parts.updates.onStay,
    shutDown: async () =>
      void (await Promise.all([podsApi.close(), folderHost.shutDown(), session.shutDown()])),
    close() {
      void podsApi.close()
      for (const part of [windows, promptWindow]) part.prepareToQuit()
      for (const part of [parts.updates, terminals, ports, transfers, session, folderHost]) part.dispose()
      log.close()
    },
    exit: () => app.exit(0),
    report,
  })
  const sleepDelay = process.platform === 'linux' ? createSleepDelay(report) : null
  session.subscribe((snapshot) => {
    showInTray(snapshot)
    quit.onChange()
    sleepDelay?.update(snapshot)
  })
  serveRequests(parts.handlers, { isAppWindow, refusalOf: parts.refusalOf, ...gate })
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
  const pauseAlerts = parts.alertPause.start
  const reachable = { session, terminals, ports, ssh, channels, windows }
  followSystemEvents({ ...reachable, pauseAlerts, launches, links, quit, log })
  if (process.platform === 'linux')
    void followScreenLock({ store, onLock: ssh.closeKeys, env: process.env, report })
  registerLinks()

  if (findLaunchCommand(process.argv) === 'pause-alerts') pauseAlerts()
  if (!links.open(process.argv) && !isStartedHidden) windows.showPopover()
  // What commands and the Pods API ask has nothing to do with the demo.
  const record = (entry: AuditEntry): void => void parts.auditLog.logForProgram().record(entry)
  const controlServer = createControlServer({
    clock,
    monitor: (accountId) => (isDemoId(accountId) ? null : session.monitor(accountId)),
    isDemo: () => session.monitor(DEMO_ID) !== null,
    settings: () => store.settings(),
    health: () => ({ version: app.getVersion(), ...folderHost.health() }),
    queue: () => (session.demoQueue() === null ? queue : null),
    changeSetting: parts.changeSetting,
    applyConfig: createConfigApplier({
      settings: () => store.settings(),
      update: store.update,
      nowMs: () => clock.now().wallMs,
      record,
    }),
    record,
    askInWindow: (accountId, podId, tokenName) =>
      confirmation.requestForToken(podKeyOf(accountId, podId), tokenName),
    approvals: createApprovals({ clock, newId: randomUUID, show: showApproval(promptWindow.ask), record }),
    hasHistory: true,
    report,
  })
  await folderHost.start(controlServer)
  podsApi.start()
  parts.updates.start()
  await session.restore()
}

/** Opens the log of this run, which starts with the versions in use. */
function openAppLog(userData: string, clock: Clock): Log {
  const log = openLog({
    path: join(userData, 'logs/podkeeper.log'),
    nowMs: () => clock.now().wallMs,
    echo: (line) => process.stderr.write(`${line}\n`),
  })
  log.info(
    `Podkeeper ${app.getVersion()} starts on Electron ${process.versions.electron}, ${process.platform}`,
  )
  return log
}
