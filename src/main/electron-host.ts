import { setTimeout as wait } from 'node:timers/promises'
import { app, clipboard, dialog, Notification, powerMonitor, safeStorage, shell } from 'electron'
import { createKeyring } from './account/key/keyring'
import { probeSecretService } from './account/key/probe-secret-service'
import { createFileDialogs } from './ipc/file-dialogs'
import { startTerminalProcess } from './terminals/process/start-terminal-process'
import type { ElectronHost } from './app-parts'
import { createDesktop } from './desktop/desktop-integration'

/** The app's host: Electron itself. */
export function createElectronHost(): ElectronHost {
  return {
    version: app.getVersion(),
    env: process.env,
    // Older versions of Electron return the value, newer ones a promise.
    readClipboard: async () => clipboard.readText(),
    writeClipboard: async (text) => clipboard.writeText(text),
    openExternal: (address) => shell.openExternal(address),
    fileDialogs: createFileDialogs(dialog),
    createKeyring: () =>
      createKeyring({
        safeStorage,
        platform: process.platform,
        probe: () => probeSecretService(process.env['DBUS_SESSION_BUS_ADDRESS']),
        wait,
      }),
    isScreenLocked() {
      const state = powerMonitor.getSystemIdleState(1)
      return state === 'unknown' ? null : state === 'locked'
    },
    areNotificationsSupported: () => Notification.isSupported(),
    createDesktop,
    startTerminalProcess,
  }
}
