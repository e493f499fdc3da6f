import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { app, dialog, Menu } from 'electron'
import { keepBuild } from '../node/installed-build'
import { menuBar } from './desktop/menu-bar'
import { hardenApp, isStartedSecurely } from './hardening/harden-app'
import { findLaunchCommand, followLaunches } from './lifecycle/launches'
import { lifecycleText } from './lifecycle/lifecycle-text'
import { startApp } from './start-app'
import { createEarlyTray } from './tray/early-tray'
import { registerScheme } from './windows/app-protocol'

// New objects get 1 MB instead of up to 16: a start fills it once, and V8 would keep it. See docs/performance.md#memory.
setFlagsFromString('--semi-space-growth-factor=1')
// The reader of HTTP, which is WebAssembly, is fast enough as it is first compiled. See docs/performance.md#command-line.
setFlagsFromString('--wasm-tiering-budget=1000000000')

// Checked first, because a second instance must have no side effects.
if (!isStartedSecurely(app)) app.exit(1)
else if (isFirst() && findLaunchCommand(process.argv) !== 'quit') start()
else app.exit(0)

/** Another instance gets the arguments of this one and is asked to do what they say. */
function isFirst(): boolean {
  return app.requestSingleInstanceLock() || !canWrite(app.getPath('userData'))
}

/** Where nothing can be written, Electron gets no lock either. Then this instance only shows. */
function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function start(): void {
  registerScheme()
  hardenApp(app)
  // A package has one build; who updates it replaces the whole.
  if (!app.isPackaged) keepBuild(join(__dirname, '..'))
  const items = menuBar(process.platform)
  Menu.setApplicationMenu(items && Menu.buildFromTemplate(items))
  app.on('window-all-closed', () => {
    // Podkeeper keeps running in the tray.
  })
  const launches = followLaunches(app)
  const isStartedHidden = process.argv.includes('--hidden')
  const tray = createEarlyTray(app.whenReady(), isStartedHidden)
  void tray.shown.then(() => startApp({ launches, tray, isStartedHidden })).catch(exitUnstarted)
}

function exitUnstarted(cause: unknown): void {
  dialog.showErrorBox(lifecycleText.cannotStart, cause instanceof Error ? cause.message : String(cause))
  app.exit(1)
}
