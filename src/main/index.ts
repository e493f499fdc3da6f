import { app, dialog, Menu } from 'electron'
import { menuBar } from './desktop/menu-bar'
import { hardenApp, isStartedSecurely } from './hardening/harden-app'
import { startApp } from './start-app'
import { registerScheme } from './windows/app-protocol'

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
  void app.whenReady().then(startApp).catch(exitUnstarted)
}

function exitUnstarted(cause: unknown): void {
  dialog.showErrorBox('Podkeeper cannot start', cause instanceof Error ? cause.message : String(cause))
  app.exit(1)
}
