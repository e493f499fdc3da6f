import { join } from 'node:path'
import { app, clipboard, dialog, Menu, powerMonitor, safeStorage, shell } from 'electron'
import type { Result } from '../core/result'
import { trayModel } from '../core/tray-model'
import type { TrayCommand } from '../core/tray-model'
import { registerScheme, servePages } from './app-protocol'
import { createSystemClock } from './clock'
import { createHandlers } from './handlers'
import { serve } from './ipc'
import { openJournal } from './journal'
import { menuBar } from './menu-bar'
import { createNotifier } from './notifier'
import { allowedHosts } from './runtime'
import { createSecrets } from './secrets'
import { createSession } from './session'
import { openStore } from './store'
import type { AppTray } from './tray'
import { createTray } from './tray'
import { createWindows } from './windows'

// Before anything else: a second instance must leave no trace.
if (app.requestSingleInstanceLock()) run()
else app.exit(0)

function run(): void {
  registerScheme()
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
  const store = openStore(userData, clock.now().wallMs)
  const journal = openJournal(join(userData, 'intents.jsonl'), clock.now().wallMs)
  const windows = createWindows(() => store.settings().hiddenWindowKeepS * 1_000)
  let tray: AppTray | null = null

  function showPod(podId: string): void {
    windows.showPopover()
    windows.send('showPod', podId)
  }

  const notifier = createNotifier(showPod)
  const session = createSession({
    clock,
    store,
    journal,
    secrets: createSecrets(safeStorage, process.platform),
    notifier,
    version: app.getVersion(),
    hosts: allowedHosts(process.versions.electron),
    baseUrl: process.env['RUNPOD_API_BASE_URL'],
    // Older Electrons answer at once, newer ones with a promise.
    readClipboard: async () => clipboard.readText(),
    onSnapshot(snapshot) {
      windows.publish(snapshot)
      tray?.show(trayModel(snapshot))
    },
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
    createHandlers(
      session,
      (page) => windows.showMain(page),
      (url) => shell.openExternal(url),
    ),
  )
  tray = createTray(trayModel(session.snapshot()), {
    onCommand: obey,
    onClick: (bounds) => windows.showPopover(bounds),
  })

  app.on('second-instance', () => windows.showPopover())
  app.on('activate', () => windows.showPopover())
  powerMonitor.on('suspend', () => session.suspend())
  powerMonitor.on('resume', () => session.resume())
  app.on('before-quit', () => {
    windows.prepareToQuit()
    session.dispose()
    journal.close()
  })

  if (!process.argv.includes('--hidden')) windows.showPopover()
  void session.restore()
}
