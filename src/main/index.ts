import { join } from 'node:path'
import { setTimeout as setTimeoutPromise } from 'node:timers/promises'
import { app, clipboard, dialog, Menu, powerMonitor, safeStorage, shell } from 'electron'
import { isOver } from '../core/view/stale-alerts'
import { createAlertPause } from '../core/alerts/alert-pause'
import { ok, type Result } from '../core/base/result'
import { WATCH_EVERY_MS } from '../core/polling/poll-loop'
import { trayModel } from '../core/view/tray-model'
import { createTerminalInput } from '../core/terminal/terminal-input'
import { registerScheme, servePages } from './windows/app-protocol'
import { openAlertMarks } from '../node/data-folder/alert-marks'
import { createSystemClock } from '../node/clock'
import { costsFolder, openLedgerFiles } from '../node/data-folder/ledger-files'
import { createActivityKeeper } from './account/session-audit-log'
import { createConfirmation } from './windows/confirmation-controller'
import { diagnosticsText, platformFacts } from './lifecycle/diagnostics'
import { createDesktop } from './desktop/desktop-integration'
import { createCostsExport } from './ipc/costs-export'
import { chooseCostsFile, systemFileDialogs } from './ipc/file-dialogs'
import { followSettings } from './settings/apply-settings'
import { createHandlers } from './request-handlers'
import { browserOpener, hardenApp, isStartedShut } from './hardening/harden-app'
import { inWords } from './ipc/to-request-error'
import { serve } from './ipc/ipc'
import { createLastingTray } from './tray/resilient-tray'
import { openLog } from './lifecycle/log'
import { menuBar } from './desktop/menu-bar'
import { watchForMishaps } from './lifecycle/error-handlers'
import { answerPress, testAlert } from './notifications/answer-press'
import { createSystemNotifier } from './notifications/system-notifier'
import { createOneWriter } from './account/session-writer-lock'
import { type CommandHands, obeyCommand } from './tray/tray-commands'
import { obeyOrder } from './tray/tray-monitor-commands'
import { watchPower } from './desktop/power'
import { createQuit } from './lifecycle/quit'
import { askInDialog } from './lifecycle/quit-dialog'
import { allowedHosts } from './lifecycle/runtime'
import { probeSecretService } from './account/probe-secret-service'
import { createSecrets } from './account/keyring'
import { createSession, type Session } from './account/account-session'
import { createSettingsHandlers } from './settings/settings-handlers'
import { openStore } from './settings/app-store'
import { openTerminals } from './terminals/create-terminals'
import { createTray } from './tray/tray'
import { sessionBusAddress, watchTrayHost } from './tray/tray-host-watcher'
import { createWindows } from './windows/windows'

// Before anything else: a second instance must leave no trace.
if (!isStartedShut(app)) app.exit(1)
else if (app.requestSingleInstanceLock()) run()
else app.exit(0)

function run(): void {
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
    now: () => clock.now().wallMs,
    echo: (line) => process.stderr.write(`${line}\n`),
  })
  log.info(
    `Podkeeper ${app.getVersion()} starts on Electron ${process.versions.electron}, ${process.platform}`,
  )
  const store = openStore(userData, () => clock.now().wallMs, log)
  const oneWriter = createOneWriter({
    dataFolder: userData,
    journalPath: join(userData, 'intents.jsonl'),
    nowMs: () => clock.now().wallMs,
    session: () => session,
    onActing: () => activity.begin(),
    report: log.warn,
  })
  const activity = createActivityKeeper({
    folder: join(userData, 'activity'),
    onSettings: (listener) => store.onSettings(listener),
    mayWrite: () => oneWriter.mayWrite(),
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
      onPress: (key, button) => answerPress(session, key, button, { showPod, tell }),
    },
    log.warn,
  )
  const terminalInput = createTerminalInput(clock)
  const alertPause = createAlertPause(clock, store.alertPause, () => session.redraw())
  const session: Session = activity.around(
    oneWriter.around(
      createSession({
        clock,
        store,
        journal: oneWriter.journal,
        secrets: createSecrets({
          vault: safeStorage,
          platform: process.platform,
          probe: () => probeSecretService(process.env['DBUS_SESSION_BUS_ADDRESS']),
          wait: setTimeoutPromise,
        }),
        notifier,
        marks: openAlertMarks(userData, log.warn),
        ledgerFiles: (id) => openLedgerFiles(costsFolder(userData, id), () => oneWriter.mayAnnounce()),
        mayAnnounce: () => oneWriter.mayAnnounce(),
        activityLogFor: (account) => activity.logFor(account),
        log: {
          warn: log.warn,
          hide(secret) {
            log.hide(secret)
            activity.hide(secret)
          },
        },
        version: app.getVersion(),
        hosts: allowedHosts(process.versions.electron),
        baseUrl: process.env['RUNPOD_API_BASE_URL'],
        alertsPausedUntilMs: () => alertPause.untilMs(),
        hasTerminalInput: terminalInput.isRecent,
        // Older Electrons answer at once, newer ones with a promise.
        readClipboard: async () => clipboard.readText(),
        onSnapshot(received) {
          const snapshot = activity.withActivity(oneWriter.withNotices(received))
          notifier.withdraw((key) => isOver(key, snapshot))
          windows.publish(snapshot)
          tray.show(trayModel(snapshot, store.settings().trayTitle))
          quit.onChange()
          terminals.look(snapshot)
        },
      }),
    ),
  )

  const confirmation = createConfirmation({ clock, session: () => session, report: log.warn })

  const quit = createQuit({
    snapshot: () => session.snapshot(),
    shells: () => terminals.shells(),
    ask: askInDialog,
    end: () => session.end(),
    close() {
      windows.prepareToQuit()
      terminals.dispose()
      session.dispose()
      activity.close()
      oneWriter.dispose()
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
  function tell(result: Result<void, string>, podId: string | null): void {
    if (result.ok) return
    const accountId = session.snapshot().account?.id ?? ''
    const key = { kind: 'app', accountId, podId, episode: String(clock.now().wallMs) } as const
    void notifier.show({ key, title: 'Nothing was done', body: result.error, isCritical: false, buttons: [] })
  }

  const hands: CommandHands = {
    windows,
    showPod,
    askTerminate: (podId) => confirmation.ask(podId, 'terminate'),
    openTerminal: (podId) => openTerminal(podId),
    pauseAlerts: () => alertPause.start(),
    resumeAlerts,
    quit: () => app.quit(),
    order: (order) => obeyOrder(session, store, order),
    tell,
  }

  const tray = createLastingTray(trayModel(session.snapshot(), store.settings().trayTitle), (model) =>
    createTray(model, {
      onCommand: (command) => obeyCommand(command, hands),
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
  store.onSettings(() => session.redraw())
  const settings = followSettings(store, desktop, (view) => windows.send('settings', view))
  const settingsHandlers = createSettingsHandlers(store, settings, systemFileDialogs)
  const { terminals, terminalHandlers, openTerminal } = openTerminals({
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
  serve(
    createHandlers(
      session,
      settingsHandlers,
      (page, about) => windows.showMain(page, about),
      browserOpener(shell),
      {
        hidePopover: () => ok(windows.hidePopover()),
        pauseAlerts: () => ok(alertPause.start()),
        resumeAlerts: () => ok(resumeAlerts()),
        activity: (before, podId, kind) => ok(activity.page(before, { kind, podId })),
        sendTestNotification: async () => ok(await notifier.show(testAlert(clock.now().wallMs))),
        copyDiagnostics: async () => ok(await copyDiagnostics()),
        ...terminalHandlers,
        ...createCostsExport((month) => session.costs(month), chooseCostsFile),
        askTerminate: async (podId) => inWords(await confirmation.ask(podId, 'terminate')),
        askTerminateAtMaxHours: async (podId) =>
          inWords(await confirmation.ask(podId, 'terminate-at-max-hours')),
      },
    ),
    {
      isOurs: (contents) => windows.areShowing(contents),
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
      terminals.wake()
    },
    onUnlock: () => session.wake(),
    onShutdown: () => quit.force('the session ends'),
  })
  watchForMishaps(app, log, { onError: () => session.look(), onSignal: (signal) => quit.force(signal) })
  app.on('before-quit', (event) => quit.onBeforeQuit(event))
  setInterval(() => session.look(), WATCH_EVERY_MS)

  if (!process.argv.includes('--hidden')) windows.showPopover()
  oneWriter.start().catch((cause: unknown) => {
    dialog.showErrorBox('Podkeeper cannot start', cause instanceof Error ? cause.message : String(cause))
    app.exit(1)
  })
}
