import { join } from 'node:path'
import { app, clipboard, dialog, Menu, powerMonitor, safeStorage, shell } from 'electron'
import type { Result } from '../core/result'
import { WATCH_EVERY_MS } from '../core/turn-loop'
import { trayModel } from '../core/tray-model'
import type { TrayCommand } from '../core/tray-model'
import { registerScheme, servePages } from './app-protocol'
import { createSystemClock } from './clock'
import { createHandlers } from './handlers'
import { browserOpener, hardenApp, isStartedShut } from './hardening/harden-app'
import { serve } from './ipc'
import { openJournal } from './journal'
import { openLog } from './log'
import { watchForMishaps } from './mishaps'
import { createNotifier } from './notifier'
import { watchPower } from './power'
import { createQuit } from './quit'
import { askInDialog } from './quit-dialog'
import { allowedHosts } from './runtime'
import { createSecrets } from './secrets'
import { createSession } from './session'
import { openStore } from './store'
import type { AppTray } from './tray'
import { createTray } from './tray'
import { createWindows } from './windows'

// Before anything else: a second instance must leave no trace.
if (!isStartedShut(app)) app.exit(1)
else if (app.requestSingleInstanceLock()) run()
else app.exit(0)

function run(): void {
  registerScheme()
  hardenApp(app)
  Menu.setApplicationMenu(null)
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
  const store = openStore(userData, clock.now().wallMs, log)
  const journal = openJournal(join(userData, 'intents.jsonl'), clock.now().wallMs)
  const windows = createWindows(() => store.settings().hiddenWindowKeepS * 1_000, log.warn)
  let tray: AppTray | null = null

  function showPod(podId: string): void {
    windows.showPopover()
    windows.send('showPod', podId)
  }

  const notifier = createNotifier(showPod, log)
  const session = createSession({
    clock,
    store,
    journal,
    secrets: createSecrets(safeStorage, process.platform),
    notifier,
    log,
    version: app.getVersion(),
    hosts: allowedHosts(process.versions.electron),
    baseUrl: process.env['RUNPOD_API_BASE_URL'],
    // Older Electrons answer at once, newer ones with a promise.
    readClipboard: async () => clipboard.readText(),
    onSnapshot(snapshot) {
      windows.publish(snapshot)
      tray?.show(trayModel(snapshot))
      quit.onChange()
    },
  })

  const quit = createQuit({
    snapshot: () => session.snapshot(),
    ask: askInDialog,
    end: () => session.end(),
    close() {
      windows.prepareToQuit()
      session.dispose()
      journal.close()
      log.close()
    },
    exit: () => app.exit(0),
    report: log.warn,
  })

  /** A menu has no place for an error. */
  function tell(result: Result<void, string>, podId: string): void {
    if (!result.ok) notifier.show({ podId, title: 'Nothing was done', body: result.error })
  }

  function obey(command: TrayCommand): void {
    switch (command.kind) {
      case 'act':
        tell(session.act(command.podId, command.action), command.podId)
        break
      case 'undo':
        tell(session.undo(command.intentId), '')
        break
      case 'show-pod':
        showPod(command.podId)
        break
      case 'open':
        windows.showPopover()
        break
      case 'open-window':
        windows.showMain(command.page)
        break
      case 'quit':
        app.quit()
    }
  }

  servePages(join(__dirname, '../renderer'))
  serve(
    createHandlers(session, (page) => windows.showMain(page), browserOpener(shell)),
    {
      isOurs: (contents) => windows.areShowing(contents),
      nowMs: () => clock.now().monotonicMs,
      report: log.warn,
    },
  )
  tray = createTray(trayModel(session.snapshot()), {
    onCommand: obey,
    onClick: (bounds) => windows.showPopover(bounds),
  })

  app.on('second-instance', () => windows.showPopover())
  app.on('activate', () => windows.showPopover())
  watchPower(powerMonitor, {
    onSuspend: () => session.suspend(),
    onResume: () => session.resume(),
    onUnlock: () => session.wake(),
    onShutdown: () => quit.force('the session ends'),
  })
  watchForMishaps(app, log, { onError: () => session.look(), onSignal: (signal) => quit.force(signal) })
  app.on('before-quit', (event) => quit.onBeforeQuit(event))
  setInterval(() => session.look(), WATCH_EVERY_MS)

  if (!process.argv.includes('--hidden')) windows.showPopover()
  void session.restore()
}
