import { join } from 'node:path'
import { app } from 'electron'
import { configureFormats } from '../core/base/text/format'
import type { AccountId } from '../core/pods/pod'
import { createSystemClock } from '../node/clock'
import { createAppControlServer } from './app-control-server'
import { createAppParts } from './app-parts'
import { createAppQuit } from './app-quit'
import { createAppSsh } from './app-ssh'
import { createElectronHost } from './electron-host'
import { createPodLinks, registerLinks } from './desktop/pod-links'
import { createSleepDelay } from './desktop/sleep-delay'
import { systemLocale } from './desktop/system-locale'
import { serveConfirmation, serveFileDrops, serveRequests } from './ipc/ipc'
import { openAppLog } from './lifecycle/app-log'
import { addDataFolderNotice } from './lifecycle/data-folder-notice'
import type { Launches } from './lifecycle/launches'
import { runtimeLimits } from './lifecycle/runtime'
import { connectNotifier } from './notifications/connect-notifier'
import { createSystemNotifier } from './notifications/system-notifier'
import { openAppStore } from './settings/app-store'
import { followSystemEvents } from './system-events'
import { createAppTray } from './tray/app-tray'
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
    openTerminal: parts.openTerminal,
    runJob: (jobId, podKey) => shownQueue().requests.runJob(jobId, podKey),
    showPod,
    notifyFailure,
    report,
  })
  const quit = createAppQuit({
    session,
    folderHost,
    windows,
    promptWindow,
    podsApi,
    terminals,
    ports,
    transfers,
    log,
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
  followSystemEvents({ session, terminals, ports, ssh, channels, windows, launches, links, quit, log })
  registerLinks()

  if (!links.open(process.argv) && !isStartedHidden) windows.showPopover()
  const { changeSetting, auditLog } = parts
  await folderHost.start(
    createAppControlServer({
      clock,
      session,
      store,
      queue,
      health: () => ({ version: app.getVersion(), ...folderHost.health() }),
      changeSetting,
      auditLog,
      confirmation,
      report,
    }),
  )
  podsApi.start()
  await session.restore()
}
