import { join } from 'node:path'
import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import { app, clipboard, dialog, Menu, powerMonitor, safeStorage, shell } from 'electron'
import { isAlertStale } from '../core/view/stale-alerts'
import { createAlertPause } from '../core/alerts/alert-pause'
import { ok, type Result } from '../core/base/result'
import { WATCHDOG_INTERVAL_MS } from '../core/polling/poll-loop'
import { trayModel } from '../core/view/tray-model'
import { createTerminalInputTracker } from '../core/terminal/terminal-input'
import { registerScheme, servePages } from './windows/app-protocol'
import { openAlertHistory } from '../node/data-folder/alert-history'
import { createSystemClock } from '../node/clock'
import { costsFolder, openLedgerFiles } from '../node/data-folder/ledger-files'
import { createSessionAuditLog } from './account/session-audit-log'
import { createConfirmationController } from './windows/confirmation-controller'
import { diagnosticsText, platformFacts } from './lifecycle/diagnostics'
import { createDesktop } from './desktop/desktop-integration'
import { createCostsExport } from './ipc/costs-export'
import { chooseCostsFile, systemFileDialogs } from './ipc/file-dialogs'
import { applySettings } from './settings/apply-settings'
import { createHandlers } from './request-handlers'
import { browserOpener, hardenApp, isStartedSecurely } from './hardening/harden-app'
import { toRequestError } from './ipc/to-request-error'
import { serveRequests } from './ipc/ipc'
import { createResilientTray } from './tray/resilient-tray'
import { openLog } from './lifecycle/log'
import { menuBar } from './desktop/menu-bar'
import { installErrorHandlers } from './lifecycle/error-handlers'
import { handleAlertButton, testAlert } from './notifications/alert-button'
import { createSystemNotifier } from './notifications/system-notifier'
import { createSessionFolderLock } from './account/session-folder-lock'
import { runTrayCommand, type TrayDependencies } from './tray/tray-commands'
import { runTrayAction } from './tray/tray-monitor-commands'
import { watchPower } from './desktop/power'
import { createQuit } from './lifecycle/quit'
import { showQuitDialog } from './lifecycle/quit-dialog'
import { allowedHosts } from './lifecycle/runtime'
import { probeSecretService } from './account/probe-secret-service'
import { createKeyring } from './account/keyring'
import { type AccountSession, createAccountSession } from './account/account-session'
import { createSettingsHandlers } from './settings/settings-handlers'
import { openAppStore } from './settings/app-store'
import { createAppTerminals } from './terminals/app-terminals'
import { createTray } from './tray/tray'
import { sessionBusAddress, watchTrayHost } from './tray/tray-host-watcher'
import { createWindows } from './windows/windows'

// Before anything else: a second instance must leave no trace.
if (!isStartedSecurely(app)) app.exit(1)
else if (app.requestSingleInstanceLock()) start()
else app.exit(0)

function start(): void {
  registerScheme()
  hardenApp(app)
  const items = menuBar(process.platform)
  Menu.setApplicationMenu(items && Menu.buildFromTemplate(items))
  app.on('window-all-closed', () => {
    // Podkeeper lives in the tray.
  })
  void app
    .whenReady()
    .then(startApp)
    .catch((cause: unknown) => {
      dialog.showErrorBox('Podkeeper cannot start', cause instanceof Error ? cause.message : String(cause))
      app.exit(1)
    })
}

function startApp(): void {
  const clock = createSystemClock()
  const userData = app.getPath('userData')
  const log = openLog({
    path: join(userData, 'logs/podkeeper.log'),
    nowMs: () => clock.now().wallMs,
    echo: (line) => process.stderr.write(`${line}\n`),
  })
  log.info(
    `Podkeeper ${app.getVersion()} starts on Electron ${process.versions.electron}, ${process.platform}`,
  )
  const store = openAppStore(userData, () => clock.now().wallMs, log)
  const folderLock = createSessionFolderLock({
    dataFolder: userData,
    journalPath: join(userData, 'intents.jsonl'),
    nowMs: () => clock.now().wallMs,
    session: () => session,
    onActive: () => auditLog.recordStart(),
    report: log.warn,
  })
  const auditLog = createSessionAuditLog({
    folder: join(userData, 'activity'),
    onSettings: (listener) => store.onSettings(listener),
    mayWrite: () => folderLock.mayWrite(),
    nowMs: () => clock.now().wallMs,
    session: () => session,
  })
  let trayHost: string | null = null
  const windows = createWindows({
    keepHiddenMs: () => store.settings().hiddenWindowKeepS * 1_000,
    // Only Linux has desktops without a tray.
    canHide: () => process.platform !== 'linux' || trayHost !== null,
    onMainLost: () => terminals.detachAll(),
    report: log.warn,
  })

  function showPod(podId: string | null): void {
    windows.showPopover()
    if (podId !== null) windows.send('showPod', podId)
  }

  const notifier = createSystemNotifier(
    {
      onClick: ({ podId }) => showPod(podId),
      onPress: (key, button) => handleAlertButton(session, key, button, { showPod, notifyFailure }),
    },
    log.warn,
  )
  const terminalInput = createTerminalInputTracker(clock)
  const alertPause = createAlertPause(clock, store.alertPause, () => session.republish())
  const session: AccountSession = auditLog.decorate(
    folderLock.decorate(
      createAccountSession({
        clock,
        store,
        journal: folderLock.journal,
        keyring: createKeyring({
          safeStorage: safeStorage,
          platform: process.platform,
          probe: () => probeSecretService(process.env['DBUS_SESSION_BUS_ADDRESS']),
          wait: setTimeoutPromise,
        }),
        notifier,
        alertHistory: openAlertHistory(userData, log.warn),
        ledgerFiles: (id) => openLedgerFiles(costsFolder(userData, id), () => folderLock.mayAnnounce()),
        mayAnnounce: () => folderLock.mayAnnounce(),
        auditLogFor: (account) => auditLog.logForAccount(account),
        log: {
          warn: log.warn,
          hide(secret) {
            log.hide(secret)
            auditLog.hide(secret)
          },
        },
        version: app.getVersion(),
        hosts: allowedHosts(process.versions.electron),
        baseUrl: process.env['RUNPOD_API_BASE_URL'],
        alertsPausedUntilMs: () => alertPause.untilMs(),
        hasTerminalInput: terminalInput.hasRecentInput,
        // Older Electrons answer at once, newer ones with a promise.
        readClipboard: async () => clipboard.readText(),
        onSnapshot(baseSnapshot) {
          const snapshot = auditLog.withAuditLog(folderLock.withNotices(baseSnapshot))
          notifier.withdraw((key) => isAlertStale(key, snapshot))
          windows.publish(snapshot)
          tray.show(trayModel(snapshot, store.settings().trayTitle))
          quit.onChange()
          terminals.onSnapshot(snapshot)
        },
      }),
    ),
  )

  const confirmation = createConfirmationController({ clock, session: () => session, report: log.warn })

  const quit = createQuit({
    snapshot: () => session.snapshot(),
    shells: () => terminals.shells(),
    confirm: showQuitDialog,
    shutDown: () => session.shutDown(),
    close() {
      windows.prepareToQuit()
      terminals.dispose()
      session.dispose()
      auditLog.close()
      folderLock.dispose()
      log.close()
    },
    exit: () => app.exit(0),
    report: log.warn,
  })

  /** What was held back is said at the next look, so that one is made now. */
  function resumeAlerts(): void {
    alertPause.end()
    session.refresh()
  }

  async function copyDiagnostics(): Promise<void> {
    const facts = {
      version: app.getVersion(),
      platform: platformFacts(),
      settings: store.settings(),
      snapshot: session.snapshot(),
      logLines: log.lastLines(),
    }
    await clipboard.writeText(diagnosticsText(facts))
  }

  /** A menu has no place for an error. */
  function notifyFailure(result: Result<void, string>, podId: string | null): void {
    if (result.ok) return
    const accountId = session.snapshot().account?.id ?? ''
    const key = { kind: 'app', accountId, podId, episode: String(clock.now().wallMs) } as const
    void notifier.show({ key, title: 'Nothing was done', body: result.error, isCritical: false, buttons: [] })
  }

  const trayDependencies: TrayDependencies = {
    windows,
    showPod,
    confirmTerminate: (podId) => confirmation.request(podId, 'terminate'),
    openTerminal: (podId) => openTerminal(podId),
    pauseAlerts: () => alertPause.start(),
    resumeAlerts,
    quit: () => app.quit(),
    runAction: (action) => runTrayAction(session, store, action),
    notifyFailure,
  }

  const tray = createResilientTray(trayModel(session.snapshot(), store.settings().trayTitle), (model) =>
    createTray(model, {
      onCommand: (command) => runTrayCommand(command, trayDependencies),
      onClick: (bounds) => windows.showPopover(bounds),
    }),
  )
  function useTrayHost(name: string | null): void {
    trayHost = name
    tray.useHost(name)
  }
  if (process.platform === 'linux')
    void watchTrayHost(sessionBusAddress(process.env), useTrayHost, log.warn).then(useTrayHost)
  else useTrayHost('system')

  const desktop = createDesktop(() => windows.showPopover())
  store.onSettings(() => session.republish())
  const settings = applySettings(store, desktop, (view) => windows.send('settings', view))
  const settingsHandlers = createSettingsHandlers(store, settings, systemFileDialogs)
  const { terminals, terminalHandlers, openTerminal } = createAppTerminals({
    clock,
    session,
    store,
    settingsHandlers,
    windows,
    confirmation,
    input: terminalInput,
    userData,
    report: log.warn,
  })

  servePages(join(__dirname, '../renderer'))
  serveRequests(
    createHandlers(
      session,
      settingsHandlers,
      (page, about) => windows.showMain(page, about),
      browserOpener(shell),
      {
        hidePopover: () => ok(windows.hidePopover()),
        pauseAlerts: () => ok(alertPause.start()),
        resumeAlerts: () => ok(resumeAlerts()),
        activity: (before, podId, kind) => ok(auditLog.page(before, { kind, podId })),
        sendTestNotification: async () => ok(await notifier.show(testAlert(clock.now().wallMs))),
        copyDiagnostics: async () => ok(await copyDiagnostics()),
        ...terminalHandlers,
        ...createCostsExport((month) => session.costs(month), chooseCostsFile),
        askTerminate: async (podId) => toRequestError(await confirmation.request(podId, 'terminate')),
        askTerminateAtMaxHours: async (podId) =>
          toRequestError(await confirmation.request(podId, 'terminate-at-max-hours')),
      },
    ),
    {
      isAppWindow: (contents) => windows.areShowing(contents),
      nowMs: () => clock.now().monotonicMs,
      report: log.warn,
    },
  )

  app.on('second-instance', () => windows.showPopover())
  app.on('activate', () => windows.showPopover())
  watchPower(powerMonitor, {
    onSuspend: () => session.suspend(),
    onResume() {
      session.resume()
      terminals.onWake()
    },
    onUnlock: () => session.wake(),
    onShutdown: () => quit.force('the session ends'),
  })
  installErrorHandlers(app, log, {
    onError: () => session.checkWatchdog(),
    onSignal: (signal) => quit.force(signal),
  })
  app.on('before-quit', (event) => quit.onBeforeQuit(event))
  setInterval(() => session.checkWatchdog(), WATCHDOG_INTERVAL_MS)

  if (!process.argv.includes('--hidden')) windows.showPopover()
  folderLock.start().catch((cause: unknown) => {
    dialog.showErrorBox('Podkeeper cannot start', cause instanceof Error ? cause.message : String(cause))
    app.exit(1)
  })
}
